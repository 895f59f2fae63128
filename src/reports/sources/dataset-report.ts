import { analyze } from '../../chat/pipeline/analyze/analyze.js';
import { compose } from '../../chat/pipeline/compose/compose.js';
import { evidenceOf } from '../../chat/pipeline/faithfulness/evidence.js';
import { retrieve, type RetrievalPort } from '../../chat/pipeline/retrieve/retrieve.js';
import type { Composed, IntentKind, Understood } from '../../chat/pipeline/turn.js';
import { visualize } from '../../chat/pipeline/visualize/visualize.js';
import { expressionWords } from '../../chat/pipeline/words/expressions.js';
import { upperFirst } from '../../chat/pipeline/words/language.js';
import { formatNumber, WHOLE } from '../../chat/pipeline/words/numbers.js';
import { queryWords } from '../../chat/pipeline/words/queries.js';
import type { Scalar } from '../../common/scalar.js';
import type { AnalyticalQuery, Condition } from '../../datasets/query/analytical-query.js';
import type { DatasetProfile } from '../../datasets/profile.js';
import type { ReportOptions, ReportSection, ReportSource } from '../report.js';
import { figuresOf } from './dataset-figures.js';
import { type Exploration, explorationsOf } from './explorations.js';
import type { Material, OnProgress } from './material.js';
import { isThinEnd, mostInteresting, type Told } from './summary.js';
import { tableOf } from './tables.js';
import { Tally } from './tally.js';

/** Pearson's r from which on a correlation is called strong. */
const STRONG = 0.5;

const NO_FIGURES = { figures: [], period: null, missing: null };

/** Who the report is made for: the colours of its charts, and what a number may be taken from. */
export type ReportPersona = Understood['persona'];

/**
 * A table as it tells itself: what is worth asking of it is asked through the ordinary pipeline, from retrieval to words, and
 * what that finds is the report. A question that cannot be answered in time is passed over, and named.
 */
export async function datasetReport(
  profile: DatasetProfile,
  persona: ReportPersona,
  port: RetrievalPort,
  { rows, sections: most }: ReportOptions,
  onProgress: OnProgress,
): Promise<Material> {
  const tally = new Tally();
  const explorations = explorationsOf(profile).slice(0, most);
  const sections: ReportSection[] = [];
  const told: Told[] = [];
  const passedOver: string[] = [];
  await onProgress(0, 'Working out the key figures');
  const known = await figuresOf(profile, port, tally, rows).catch(() => null);
  if (known === null) passedOver.push('the key figures');
  const { figures, period, missing } = known ?? NO_FIGURES;
  let thin: Scalar = null;
  for (const [at, exploration] of explorations.entries()) {
    const { intent, query } = whole(exploration, thin);
    const heading = headingOf(intent, query, profile);
    await onProgress((at + 1) / (explorations.length + 1), heading);
    const turn = understood(profile, persona, heading, intent, query);
    const done = await answered(turn, port).catch(() => null);
    if (done === null) passedOver.push(heading);
    if (done === null || done.evidence.primary === null || done.evidence.primary.rows.length === 0) continue;
    const section = sectionOf(done, profile, heading, rows);
    tally.check(wordsOf(section), evidenceOf(done, done.visualization));
    if (isWorthTelling(done)) told.push({ section: sections.length, heading, findings: done.findings });
    if (done.findings.some(isThinEnd)) thin = done.evidence.primary.rows.at(-1)?.[0] ?? null;
    sections.push(section);
  }
  if (missing !== null) sections.push(missing);
  const scope = [`${formatNumber(profile.rowCount, WHOLE)} rows`, ...(period === null ? [] : [period])].join(', ');
  tally.check(scope, [profile.rowCount, period ?? '']);
  return {
    title: profile.title,
    scope,
    summary: mostInteresting(told, tally),
    figures,
    sections,
    sources: [sourceOf(profile)],
    method: methodOf(profile, sections, passedOver),
    grounded: tally.grounded,
  };
}

/** That two columns have nothing to do with each other is found out by the way, and is no news. */
const isWorthTelling = ({ understanding, answer }: Composed): boolean =>
  understanding.intent.kind !== 'correlation' || (typeof answer === 'number' && Math.abs(answer) >= STRONG);

const answered = async (turn: Understood, port: RetrievalPort): Promise<Composed> =>
  compose(visualize(analyze(await retrieve(turn, port))));

const understood = (
  profile: DatasetProfile,
  persona: ReportPersona,
  question: string,
  kind: IntentKind,
  query: AnalyticalQuery,
): Understood => ({
  question,
  askedAt: new Date(),
  persona,
  datasets: [profile],
  history: [],
  understanding: {
    intent: { kind, confidence: 1 },
    language: 'en',
    entities: [],
    references: [],
    query,
    chart: null,
    expects: (query.groupBy ?? []).length > 0 ? 'table' : 'value',
    reading: null,
    edits: [],
    refusal: null,
  },
});

/** Parts of a period that has hardly begun are not compared with those of whole ones. */
function whole(exploration: Exploration, thin: Scalar): Exploration {
  const { intent, query } = exploration;
  const [time, part] = query.groupBy ?? [];
  if (thin === null || intent !== 'trend' || time === undefined || part === undefined) return exploration;
  const without: Condition = { compare: '!=', left: time, right: { literal: thin } };
  return { intent, query: { ...query, where: query.where === undefined ? without : { and: [query.where, without] } } };
}

/** `Average score by country: the highest` */
function headingOf(intent: IntentKind, query: AnalyticalQuery, profile: DatasetProfile): string {
  const [group] = query.groupBy ?? [];
  if (intent === 'distribution' && group !== undefined) return `Distribution of ${expressionWords(group, profile)}`;
  const words = upperFirst(queryWords(query, profile));
  if (query.limit === undefined) return words;
  return `${words}: the ${query.orderBy?.[0]?.direction === 'asc' ? 'lowest' : 'highest'}`;
}

/** Where a table and a picture give the numbers, the text says what is worth knowing of them. */
function sectionOf(turn: Composed, profile: DatasetProfile, heading: string, rows: number): ReportSection {
  const { primary } = turn.evidence;
  const table = primary === null ? null : tableOf(primary, profile, rows);
  const findings = turn.findings.filter(({ kind }) => kind !== 'value').map(({ text }) => text);
  const { visualization } = turn;
  return {
    heading,
    text: table !== null && findings.length > 0 ? findings.join(' ') : withoutSource(turn.text),
    chart:
      visualization === null
        ? null
        : { spec: visualization.spec, title: visualization.title, altText: visualization.altText },
    table,
    quotes: [],
  };
}

/** The report names its source once, for all of its sections. */
export function withoutSource(text: string): string {
  const at = text.lastIndexOf('\n\nSource: ');
  return at === -1 ? text : text.slice(0, at);
}

export const wordsOf = ({ heading, text, chart }: ReportSection): string =>
  [heading, text, chart?.title ?? '', chart?.altText ?? ''].join('\n');

export function sourceOf({ title, version, rowCount, source, licence }: DatasetProfile): ReportSource {
  const details = [`version ${version}`, `${formatNumber(rowCount, WHOLE)} rows`];
  if (source !== null) details.push(source);
  if (licence !== null) details.push(`licence: ${licence}`);
  return { title, details };
}

function methodOf(
  { title, version }: DatasetProfile,
  sections: readonly ReportSection[],
  passedOver: readonly string[],
): string[] {
  const asked = sections.map(({ heading }) => `“${heading}”`).join('; ');
  return [
    `All figures were worked out by queries over all rows of ${title}, version ${version}: ${asked}.`,
    'Averages are arithmetic means of the values that are there; rows without a value are left out of them.',
    ...statisticsNamed(sections.map(({ text }) => text).join(' ')),
    'Every sentence comes from rows that were read for it; nothing was estimated, and no number was written by a language model.',
    ...(passedOver.length === 0 ? [] : [`Not answered, because it took too long or failed: ${passedOver.join('; ')}.`]),
  ];
}

/** What a reader may want to look up, where it was used. */
const STATISTICS: readonly (readonly [RegExp, string])[] = [
  [/Mann–Kendall/, 'Whether there is a trend at all: the test of Mann and Kendall.'],
  [/Theil–Sen/, 'The size of a trend that a few values would turn: the median slope of Theil and Sen.'],
  [/least squares/, 'The size of a trend: ordinary least squares.'],
  [/Pearson|correlation/, 'Correlation: Pearson’s r, over the rows that have both values.'],
  [/Spearman/, 'Correlation of ranks: Spearman’s ρ.'],
  [/outlier|unusual/i, 'What is unusual: outside Tukey’s fences, and far in modified z-scores.'],
];

export const statisticsNamed = (text: string): string[] =>
  STATISTICS.flatMap(([named, method]) => (named.test(text) ? [method] : []));
