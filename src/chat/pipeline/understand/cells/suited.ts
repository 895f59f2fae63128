import type { ColumnProfile, DatasetProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery } from '../../../../datasets/query/analytical-query.js';
import { windowPhrase } from '../build/window-phrases.js';
import type { Candidate, Context } from '../reader.js';
import { gridOf, holdsNumbers, isNumeric } from './grid.js';

/**
 * What kind of table it is decides which reader knows it best.
 * crossed: rows and columns both have names, the cells are numbers · published: made by hand for people to read, rows have names,
 * cells hold all kinds of text · data: typed records of a system or observations, for aggregating and charts.
 */
export type ReaderName = 'table' | 'records' | 'facts';
export type TableKind = 'crossed' | 'published' | 'data';

const kinds = new WeakMap<DatasetProfile, TableKind>();

export function kindOf(profile: DatasetProfile): TableKind {
  let kind = kinds.get(profile);
  if (kind === undefined) {
    kind = classify(profile);
    kinds.set(profile, kind);
  }
  return kind;
}

/** More rows than this nobody typed. */
const MOST_ROWS = 1_500;

function classify(profile: DatasetProfile): TableKind {
  const { columns, rowCount } = profile;
  if (rowCount > MOST_ROWS || columns.length < 2) return 'data';
  const label = gridOf(profile)?.label;
  const others = columns.filter((column) => column !== label);
  const inside = others.every((column) => isNumeric(column) || holdsNumbers(column));
  const machine = columns.filter(isMachineNamed).length / columns.length;
  // Names that come again and again are no rows' names.
  const unique = label !== undefined && label.distinct >= 0.8 * (rowCount - label.nulls);
  const crossed = label !== undefined && unique && label === columns[0] && inside && rowCount <= 100;
  const written = others.filter(isMachineNamed).length < 0.5 * others.length;
  const dated = label?.type === 'text' && gridOf(profile)?.rows.some((row) => row.years.length > 0) === true;
  if (crossed && (written || periods(others) || dated)) return 'crossed';
  const named = columns.some((column) => column.distinct >= 0.7 * (rowCount - column.nulls));
  const coded = columns.some((column) => column.role === 'identifier' && isMachineNamed(column));
  return machine < 0.34 && named && !coded && !isTyped(profile, label) ? 'published' : 'data';
}

/** `pet_age`, `SurfaceArea`, `price`: names that programs give. People write "Surface area". */
const isMachineNamed = (column: ColumnProfile): boolean => /_|\p{Ll}\p{Lu}|^\p{Ll}+$/u.test(column.name);

/** Rows of a category on average, from which it groups rather than describes. */
const REPEATS = 3;

/** Every column but the one that names the rows is a plain number, a date, a yes or no, or one of few values that repeat: records, whatever their headers look like. */
function isTyped({ columns, rowCount }: DatasetProfile, label: ColumnProfile | undefined): boolean {
  const free = columns.filter(({ type, distinct, nulls }) => type === 'text' && distinct * REPEATS > rowCount - nulls);
  const categories = columns.filter((column) => column.type === 'text' && !free.includes(column));
  const numbers = columns.filter((column) => column.role === 'measure');
  return free.every((column) => column === label || free.length === 1) && categories.length > 0 && numbers.length > 0;
}

const periods = (columns: readonly ColumnProfile[]): boolean =>
  columns.filter((column) => /(?:19|20)\d\d/.test(column.name)).length >= 0.5 * columns.length;

/** One number is asked for, over all that is said, not one for each group. */
const ONE_NUMBER =
  /^(?!.*\b(each|per|by|every)\b)\W*(how (many|much)|(what (is|was|are|were)|what[’']?s|list) (the )?(total|average|number|combined|sum))\b/i;

/** How far a reader's candidate is to be believed on this kind of table. */
export function believed(reader: ReaderName, context: Context, candidate: Candidate): number {
  const kind = kindOf(context.profile);
  // "Than in the same quarter last year" speaks of steps of time, which only tables of observations have.
  if (reader !== 'table' && windowPhrase(context.asked.question) !== null) return 0.2;
  switch (reader) {
    case 'records':
      return kind === 'crossed' ? 1 : kind === 'published' ? 0.35 : 0.5;
    case 'facts':
      // Facts are read for themselves; in a conversation the reader that knows what came before goes first.
      if (context.previous !== null && kind !== 'crossed') return 0.6;
      if (kind === 'crossed') return /^(count|rank)$/.test(candidate.understanding.intent.kind) ? 1 : 0.75;
      // A little more than the table reader can have: of two full readings the narrower one is meant.
      return kind === 'published' ? 1.05 : 0.5;
    case 'table': {
      const { chart, query, expects } = candidate.understanding;
      // "The chart" is also said for the table itself: a picture is meant where a mark is named or groups are shown.
      const groups = expects === 'table' && query?.groupBy !== undefined;
      if (kind === 'published' && groups && chart?.mark === undefined && ONE_NUMBER.test(context.asked.question))
        return 0.5;
      const picture = chart?.mark !== undefined || groups;
      if (
        kind === 'published' &&
        candidate.understanding.intent.confidence >= EVERY_WORD &&
        query !== null &&
        aggregates(query)
      )
        return 1.06;
      if (
        kind !== 'data' &&
        candidate.understanding.intent.confidence >= EVERY_WORD &&
        query !== null &&
        overall(query)
      )
        return 0.52;
      if (kind === 'data' || picture) return 1;
      if (kind === 'published' && context.previous !== null) return 0.9;
      return kind === 'published' && expects === 'table' ? 0.5 : 0.34;
    }
  }
}

/** A reading that leaves next to nothing of the question out. */
const EVERY_WORD = 0.95;

/** Numbers of many rows put into one: no single cell holds them. */
const aggregates = (query: AnalyticalQuery): boolean =>
  query.select.some(({ value }) => 'aggregate' in value && /^(sum|avg|median|stddev)$/.test(value.aggregate));

/** A number over the table, or a part of it: how many rows, what share. */
const overall = (query: AnalyticalQuery): boolean =>
  query.groupBy === undefined &&
  query.select.some(
    ({ value }) =>
      ('aggregate' in value && value.aggregate === 'count' && query.where === undefined) ||
      ('op' in value && value.op === '*'),
  );
