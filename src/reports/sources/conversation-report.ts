import type { TurnRecord } from '../../chat/turn-record.js';
import { checkFaithfulness, type Faithfulness } from '../../chat/pipeline/faithfulness/check.js';
import type { CitedPassage } from '../../chat/pipeline/turn.js';
import { dayWords } from '../../chat/pipeline/words/dates.js';
import { sentence } from '../../chat/pipeline/words/language.js';
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
/** The end of a list that leaves some out. */
const MORE = /^(- and [\d,]+ more\b.*)$/m;
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

/** In which order all rows of a result come is no other question. */
function askedOf({ question, record: { query } }: Answered): string {
  if (query === null) return question.content.trim().toLowerCase();
  const { orderBy: _, ...rest } = query;
  return signatureOf(query.limit === undefined ? rest : query);
}

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
    else tally.add(without(record.grounded, earlierIn(turn)));
    const findings = record.findings.filter(({ earlier }) => earlier === undefined);
    told.push({ section: sections.length, heading: section.heading, findings });
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

/** What an answer says of an earlier one is said to whoever asked, and means nothing to other readers. */
const earlierIn = ({ answer, record }: Answered): string[] =>
  record.findings.flatMap(({ earlier, text }) => {
    const said = sentence(text);
    return earlier !== undefined && answer.content.includes(said) ? [said] : [];
  });

/** Without the numbers of what is left out, all of which were borne out. */
function without(grounded: Faithfulness, left: readonly string[]): Faithfulness {
  const { numbers } = checkFaithfulness(left.join('\n'), left);
  return grounded.supported < grounded.numbers
    ? grounded
    : { ...grounded, numbers: grounded.numbers - numbers, supported: grounded.supported - numbers };
}

function sectionOf(turn: Answered, profile: DatasetProfile | null, rows: number): ReportSection {
  const { question, answer, record } = turn;
  const { primary, passages = [] } = record.evidence;
  const { visualization } = record;
  const left = earlierIn(turn);
  const text = left
    .reduce((said, each) => said.replace(each, ''), answer.content)
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  const table = primary === null || profile === null ? null : notListed(tableOf(primary, profile, rows), text);
  return {
    heading: excerpt(question.content, LONGEST_QUESTION),
    text: withoutQuotes(withoutSource(table === null ? text : referring(text, table)), passages),
    chart:
      visualization === null
        ? null
        : { spec: visualization.spec, title: visualization.title, altText: visualization.altText },
    table,
    quotes: passages.map(quoteOf),
  };
}

/** Names with a number each, all of which the answer lists, are not told twice. */
function notListed(table: ReportTable | null, text: string): ReportTable | null {
  if (table === null || table.columns.length > 2 || MORE.test(text)) return table;
  return listedIn(text) >= table.rows.length ? null : table;
}

const listedIn = (text: string): number =>
  Math.max(0, ...blocksOf(text).map((block) => (block.kind === 'list' ? block.items.length : 0)));

/** What a list leaves out is looked for in the table, where that has more of it. */
const referring = (text: string, { rows }: ReportTable): string =>
  rows.length >= listedIn(text) ? text.replace(MORE, '$1, in the table') : text;

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
