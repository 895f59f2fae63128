import type { TurnRecord } from '../../chat/turn-record.js';
import type { CitedPassage } from '../../chat/pipeline/turn.js';
import { dayWords } from '../../chat/pipeline/words/dates.js';
import { formatNumber, WHOLE } from '../../chat/pipeline/words/numbers.js';
import { cellWords, numberAt, shapeOf } from '../../chat/pipeline/words/shape.js';
import { excerpt } from '../../common/excerpt.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import type { DatasetProfile } from '../../datasets/profile.js';
import { signatureOf } from '../../memory/results/result-keys.js';
import type { KeyFigure, ReportOptions, ReportQuote, ReportSection, ReportSource, ReportTable } from '../report.js';
import { sourceOf, statisticsNamed, withoutSource, wordsOf } from './dataset-report.js';
import { blocksOf } from '../writing/rich-text.js';
import type { Material } from './material.js';
import { mostInteresting, type Told } from './summary.js';
import { tableOf } from './tables.js';
import { Tally } from './tally.js';

const MOST_FIGURES = 6;
const LONGEST_QUESTION = 300;

/** A question that was answered from evidence, with its answer as it was stored. */
export interface Answered {
  readonly question: MessageRow;
  readonly answer: MessageRow;
  readonly record: TurnRecord;
}

/**
 * The answered questions of a path, in their order. Of those that ask the same, the last one, whose answer is the newest.
 * @param messages the active path
 */
export function answeredTurns(messages: readonly MessageRow[]): Answered[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const turns = messages.flatMap((answer) => {
    const question = answer.parentId === null ? undefined : byId.get(answer.parentId);
    if (answer.type !== 'analysis' || answer.status !== 'complete' || question?.role !== 'user') return [];
    const record = answer.metadata as unknown as TurnRecord;
    const { primary, passages = [] } = record.evidence;
    const isFound = (primary !== null && primary.rows.length > 0) || passages.length > 0;
    return isFound && record.refusal === null ? [{ question, answer, record }] : [];
  });
  const last = new Map(turns.map((turn, at) => [askedOf(turn), at]));
  return turns.filter((turn, at) => last.get(askedOf(turn)) === at);
}

const askedOf = ({ question, record }: Answered): string =>
  record.query === null ? question.content.trim().toLowerCase() : signatureOf(record.query);

/** The data sets that a report of these turns has to know. */
export const datasetsOf = (turns: readonly Answered[]): string[] => [
  ...new Set(turns.flatMap(({ record }) => record.evidence.primary?.datasetId ?? [])),
];

/** What a conversation found out, as it was stored: nothing is worked out anew. */
export function conversationReport(
  title: string,
  all: readonly Answered[],
  profiles: readonly DatasetProfile[],
  { rows, sections: most }: ReportOptions,
): Material {
  const turns = all.slice(-most);
  const tally = new Tally();
  const sections: ReportSection[] = [];
  const told: Told[] = [];
  const figures: KeyFigure[] = [];
  for (const turn of turns) {
    const { record } = turn;
    const profile = profiles.find(({ id }) => id === record.evidence.primary?.datasetId) ?? null;
    const section = sectionOf(turn, profile, rows);
    if (record.grounded === null) tally.check(wordsOf(section), [wordsOf(section)]);
    else tally.add(record.grounded);
    told.push({ section: sections.length, heading: section.heading, findings: record.findings });
    sections.push(section);
    const figure = profile === null || figures.length >= MOST_FIGURES ? null : figureOf(turn, profile);
    if (figure === null) continue;
    tally.check(figure.value, [record.answer as number]);
    figures.push(figure);
  }
  const scope = scopeOf(turns);
  tally.check(scope, [turns.length, scope.replace(/^\d+/, '')]);
  return {
    title,
    scope,
    summary: mostInteresting(told, tally),
    figures,
    sections,
    sources: sourcesOf(turns, profiles),
    method: methodOf(sections, all.length, turns.length),
    grounded: tally.grounded,
  };
}

function sectionOf(
  { question, answer, record }: Answered,
  profile: DatasetProfile | null,
  rows: number,
): ReportSection {
  const { primary, passages = [] } = record.evidence;
  const { visualization } = record;
  return {
    heading: excerpt(question.content, LONGEST_QUESTION),
    text: withoutQuotes(withoutSource(answer.content), passages),
    chart:
      visualization === null
        ? null
        : { spec: visualization.spec, title: visualization.title, altText: visualization.altText },
    table: primary === null || profile === null ? null : notListed(tableOf(primary, profile, rows), answer.content),
    quotes: passages.map(quoteOf),
  };
}

/** Names with a number each, all of which the answer lists, are not told twice. */
function notListed(table: ReportTable | null, text: string): ReportTable | null {
  if (table === null || table.columns.length > 2) return table;
  const lists = blocksOf(text).flatMap((block) => (block.kind === 'list' ? [block.items.length] : []));
  return Math.max(0, ...lists) >= table.rows.length ? null : table;
}

/** Where the answer is nothing but quotes, they stand as such, and not twice. */
const withoutQuotes = (text: string, passages: readonly CitedPassage[]): string => {
  if (passages.length === 0) return text;
  const said = text.split(/\n\s*\n/).filter((part) => part !== 'The documents say:');
  return said
    .filter((part) => !passages.some(({ sentences }) => sentences.every((each) => part.includes(each))))
    .join('\n\n');
};

const quoteOf = ({ documentId, title, heading, page, n, sentences }: CitedPassage): ReportQuote => ({
  text: sentences.join(' '),
  documentId,
  title,
  heading: heading.at(-1) ?? null,
  page,
  n,
});

/** The one number that an answer is, as it was written. */
function figureOf({ record, question }: Answered, profile: DatasetProfile): KeyFigure | null {
  const { primary } = record.evidence;
  if (primary === null || typeof record.answer !== 'number' || primary.rows.length !== 1) return null;
  const shape = shapeOf(primary, profile);
  if (shape.kind !== 'scalar' || shape.y === null) return null;
  const value = numberAt(primary.rows[0], shape.y);
  if (value === null || value !== record.answer) return null;
  return { label: shape.y.label, value: cellWords(value, shape.y), note: excerpt(question.content, 90) };
}

function scopeOf(turns: readonly Answered[]): string {
  const [first] = turns;
  const last = turns.at(-1);
  if (first === undefined || last === undefined) return 'No question was answered from data yet';
  const [from, to] = [dayWords(first.question.createdAt), dayWords(last.answer.createdAt)];
  const when = from === to ? from : `${from} to ${to}`;
  return `${formatNumber(turns.length, WHOLE)} question${turns.length === 1 ? '' : 's'} answered, ${when}`;
}

function sourcesOf(turns: readonly Answered[], profiles: readonly DatasetProfile[]): ReportSource[] {
  const versions = new Map<string, Set<number>>();
  const documents = new Map<string, { title: string; passages: Set<number> }>();
  for (const { record } of turns) {
    const { primary, passages = [] } = record.evidence;
    if (primary !== null) {
      const known = versions.get(primary.datasetId) ?? new Set();
      versions.set(primary.datasetId, known.add(primary.datasetVersion));
    }
    for (const { documentId, title, n } of passages) {
      const known = documents.get(documentId) ?? { title, passages: new Set() };
      known.passages.add(n);
      documents.set(documentId, known);
    }
  }
  const tables = [...versions].map(([id, used]): ReportSource => {
    const profile = profiles.find((each) => each.id === id);
    if (profile === undefined) return { title: 'A data set that is no longer there', details: [] };
    const { title, details } = sourceOf(profile);
    const named = [...used].sort((a, b) => a - b).join(', ');
    return { title, details: [`version ${named}`, ...details.slice(1)] };
  });
  const texts = [...documents.values()].map(({ title, passages }) => ({
    title,
    details: [`passages cited: ${[...passages].sort((a, b) => a - b).join(', ')}`],
  }));
  return [...tables, ...texts];
}

function methodOf(sections: readonly ReportSection[], all: number, shown: number): string[] {
  return [
    'Questions and answers stand as they were stored in the conversation, in their order; nothing was worked out anew. Where the same was asked twice, the later answer is shown.',
    ...(shown < all ? [`The last ${shown} of ${all} answered questions are shown.`] : []),
    ...statisticsNamed(sections.map(({ text }) => text).join(' ')),
    'Each number was compared with the rows and passages that its answer kept as evidence.',
  ];
}
