import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Analyzed, Visualization } from '../turn.js';
import { dayWords, periodWords } from '../words/dates.js';
import { cellWords, shapeOf } from '../words/shape.js';
import { workOut } from '../studies/work-out.js';
import type { Known } from './check.js';

/** As many as a text lists before it says how many more there are. */
const LISTED = [3, 5, 8, 10, 20];

/**
 * Everything that a number of an answer may be taken from, likeliest first: the answer, what the findings worked out (of a
 * study: what it comes to when it is worked out again from its rows), the
 * question and the query (filters, years, limits), the picture's number of values, cited passages, then for each result its counts and its
 * cells, and last what is known of the tables.
 */
export function* evidenceOf(turn: Analyzed, picture: Visualization | null = null): Generator<Known> {
  const { answer, findings, question, understanding, evidence, datasets, persona } = turn;
  yield* knownOf(answer);
  const profile = datasets.find(({ id }) => id === evidence.primary?.datasetId);
  // A study is worked out again rather than believed.
  if (understanding.study !== undefined && profile !== undefined)
    yield* knownOf(workOut(understanding.study, turn, profile));
  else for (const { values } of findings) yield* Object.values(values);
  yield question;
  yield* queryOf(understanding.query);
  if (picture !== null) {
    const drawn = drawnValues(picture.spec);
    // Where the rest is taken together, it is one of those that are drawn.
    yield* [drawn, drawn - 1];
  }
  for (const { title, heading, page, quote } of evidence.passages ?? []) yield* knownOf([title, heading, page, quote]);
  for (const { quote, at } of evidence.messages ?? []) yield* [quote, dayWords(new Date(at))];
  const period = understanding.said?.period;
  if (period) yield periodWords({ from: new Date(period.from), to: new Date(period.to) });
  const results = [evidence.primary, ...evidence.context.map(({ result }) => result)].filter((each) => each !== null);
  for (const result of results) yield* queryOf(result.query);
  for (const result of results) yield* resultOf(result, datasets);
  for (const each of datasets) yield* profileOf(each);
  yield* persona.starterQuestions;
  yield persona.displayName;
}

/** Every number and text within a value, whatever its form. */
function* knownOf(value: unknown): Generator<Known> {
  if (typeof value === 'number' || typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* knownOf(part);
}

/** A query's own numbers; the id of its data set has digits that mean nothing. */
const queryOf = (query: AnalyticalQuery | null): Iterable<Known> => knownOf({ ...query, datasetId: null });

const drawnValues = (spec: Visualization['spec']): number => {
  const { values } = spec['data'] as { readonly values?: readonly unknown[] };
  return values?.length ?? 0;
};

function* resultOf(result: ResultSet, datasets: readonly DatasetProfile[]): Generator<Known> {
  const { rows, matchedRows } = result;
  yield* counted(rows.length);
  if (matchedRows !== null) yield matchedRows;
  const profile = datasets.find(({ id }) => id === result.datasetId);
  const fields = profile === undefined ? [] : shapeOf(result, profile).fields;
  for (const field of fields) {
    yield field.label;
    const times = new Map<Scalar, number>();
    for (const row of rows) {
      const value = row[field.index] ?? null;
      const before = times.get(value) ?? 0;
      times.set(value, before + 1);
      if (before > 0) continue;
      if (typeof value === 'number') yield value;
      if (field.scale !== 'quantity') yield cellWords(value, field);
      if (typeof value === 'string') yield value;
    }
    yield* counted(times.size);
    for (const count of new Set(times.values())) yield* counted(count);
  }
}

function* counted(count: number): Generator<number> {
  yield count;
  for (const listed of LISTED) if (count > listed) yield count - listed;
}

function* profileOf({
  title,
  description,
  source,
  rowCount,
  columns,
  related,
  joined,
}: DatasetProfile): Generator<Known> {
  yield* [title, description ?? '', source ?? '', rowCount];
  for (const { profile } of joined ?? []) yield* [profile.title, profile.source ?? ''];
  for (const { label, unit, min, max, synonyms, values, description, computed } of [...columns, ...(related ?? [])])
    yield* knownOf([label, unit, min, max, synonyms, values, description, computed?.formula]);
}
