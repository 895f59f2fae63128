import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../../../datasets/profile.js';
import { STOP_WORDS } from '../english.js';
import { fold, stemOf, tokenize } from '../tokens.js';

/** One row or one column of a table whose cells are addressed by the name of the row and the name of the column. */
export interface Line {
  /** Of a row: the value in the label column. Of a column: its name. */
  readonly key: Scalar;
  readonly column: ColumnProfile;
  /** Stem → weight; rare words weigh more. */
  readonly words: ReadonlyMap<string, number>;
  /** Calendar years that the name holds ("December 31, 2008", "12/31/08"). */
  readonly years: readonly number[];
  readonly at: number;
}

/** A record table: one column names the rows (line items, periods, entities), the others hold numbers. */
export interface Grid {
  readonly profile: DatasetProfile;
  readonly label: ColumnProfile;
  readonly rows: readonly Line[];
  readonly columns: readonly Line[];
  readonly years: ReadonlySet<number>;
  readonly vocabulary: ReadonlyMap<string, number>;
  /** First letters of a row's name → the stems of its words. */
  readonly initials: ReadonlyMap<string, readonly string[]>;
}

/** More rows than this are a data set of observations, not a record table. */
const MOST_ROWS = 600;

const grids = new WeakMap<DatasetProfile, Grid | null>();

export function gridOf(profile: DatasetProfile): Grid | null {
  let grid = grids.get(profile);
  if (grid === undefined) {
    grid = compile(profile);
    grids.set(profile, grid);
  }
  return grid;
}

const SHORT_DATE = /(?<!\d)\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(\d{4}|\d{2})(?!\d)/g;
const YEAR = /(?<![\d.,$])(?:19|20)\d\d(?![\d,]*\d)/g;

/** Years written in a text, dates like 12/31/04 included. */
export function yearsIn(text: string): number[] {
  const years: number[] = [];
  const rest = text.replace(SHORT_DATE, (_, year: string) => {
    const value = Number(year);
    years.push(year.length === 4 ? value : value < 70 ? 2000 + value : 1900 + value);
    return ' ';
  });
  for (const match of rest.matchAll(YEAR)) years.push(Number(match[0]));
  return years;
}

/** Words that say nothing about which line is meant, even in a label. */
const EMPTY = new Set([
  'of',
  'the',
  'a',
  'an',
  'and',
  'or',
  'in',
  'for',
  'to',
  'on',
  'at',
  'by',
  'per',
  'with',
  'as',
  'from',
  's',
]);

/** Stems of a label; what stands in brackets counts less. */
function wordsIn(text: string): Map<string, number> {
  const words = new Map<string, number>();
  const bracketed = /\(([^)]*)\)/g;
  const add = (part: string, factor: number): void => {
    for (const token of tokenize(part.replaceAll('_', ' '))) {
      if (EMPTY.has(token.lower) || /^(19|20)\d\d$/.test(token.lower)) continue;
      words.set(token.stem, Math.max(words.get(token.stem) ?? 0, factor));
    }
  };
  add(text.replace(bracketed, ' '), 1);
  // "U.S." is also said "US".
  for (const match of text.matchAll(/(?<!\p{L})(\p{L})\.\s?(\p{L})(?!\p{L})/gu))
    add(`${match[1] ?? ''}${match[2] ?? ''}`, 1);
  for (const match of text.matchAll(bracketed)) add(match[1] ?? '', 0.3);
  return words;
}

export const isNumeric = (column: ColumnProfile): boolean => column.type === 'integer' || column.type === 'number';

/** Text cells that mostly hold a number ("1,269 (c)", "28%", "+2.739"). */
export function holdsNumbers(column: ColumnProfile): boolean {
  if (column.type !== 'text' || column.values === null || column.values.length === 0) return false;
  const read = column.values.filter((value) => /^[^\p{L}\d]{0,3}\d/u.test(value) || value.length <= 2).length;
  return read >= 0.7 * column.values.length;
}

function labelColumn(profile: DatasetProfile): ColumnProfile | null {
  const telling = (column: ColumnProfile): boolean =>
    column.distinct >= 0.7 * (profile.rowCount - column.nulls) && column.nulls <= profile.rowCount / 3;
  const first = profile.columns[0];
  if (!first) return null;
  const named = profile.columns.find(
    (column) =>
      column.type === 'text' &&
      column.values !== null &&
      telling(column) &&
      !holdsNumbers(column) &&
      column.role !== 'identifier',
  );
  // Years down the first column come before a text column further right.
  if (first.role === 'temporal' && telling(first)) return first;
  return named ?? (telling(first) && first.type === 'text' && first.values !== null ? first : null);
}

function compile(profile: DatasetProfile): Grid | null {
  if (profile.rowCount > MOST_ROWS || profile.rowCount === 0) return null;
  const label = labelColumn(profile);
  if (!label) return null;
  const numbers = profile.columns.filter((column) => column !== label && (isNumeric(column) || holdsNumbers(column)));
  if (numbers.length === 0) return null;
  const rowNames = rowKeys(label);
  if (rowNames.length === 0) return null;
  const rowWords = rowNames.map((key) => wordsIn(typeof key === 'string' ? key : ''));
  const columnWords = numbers.map((column) => wordsIn(column.name));
  const frequency = new Map<string, number>();
  for (const words of [...rowWords, ...columnWords])
    for (const stem of words.keys()) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
  const lines = rowNames.length + numbers.length;
  const vocabulary = new Map<string, number>();
  for (const [stem, count] of frequency) {
    const common = STOP_WORDS.has(stem) || GENERIC.has(stem) ? 0.25 : 1;
    vocabulary.set(stem, common * Math.log(1 + lines / count));
  }
  const weigh = (words: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
    new Map([...words].map(([stem, factor]) => [stem, factor * (vocabulary.get(stem) ?? 0)]));
  const rows = rowNames.map((key, at) => ({
    key,
    column: label,
    words: weigh(rowWords[at] ?? new Map<string, number>()),
    years: typeof key === 'number' ? [key] : yearsIn(key),
    at,
  }));
  const columns = numbers.map((column, at) => ({
    key: column.name,
    column,
    words: weigh(columnWords[at] ?? new Map<string, number>()),
    years: yearsIn(column.name),
    at,
  }));
  return {
    profile,
    label,
    rows,
    columns,
    years: new Set([...rows, ...columns].flatMap((line) => line.years)),
    vocabulary,
    initials: initialsOf(rowNames),
  };
}

/** "International Business Machines Corp" → ibm, ibmc. */
function initialsOf(names: readonly (string | number)[]): ReadonlyMap<string, readonly string[]> {
  const initials = new Map<string, readonly string[]>();
  for (const name of names) {
    if (typeof name !== 'string') continue;
    const words = tokenize(name).filter((token) => /^\p{L}/u.test(token.lower) && !EMPTY.has(token.lower));
    for (let size = 3; size <= Math.min(6, words.length); size += 1) {
      const part = words.slice(0, size);
      const key = part.map((token) => token.lower[0]).join('');
      if (!initials.has(key))
        initials.set(
          key,
          part.map((token) => token.stem),
        );
    }
  }
  return initials;
}

/** Words that stand in questions about anything; they tell lines apart only a little. */
const GENERIC = new Set(
  ['total', 'number', 'amount', 'value', 'averag', 'net', 'other', 'million', 'thousand', 'year', 'end'].map(stemOf),
);

/** What the rows are called; years between the smallest and largest for a column of years or dates. */
function rowKeys(label: ColumnProfile): readonly (string | number)[] {
  if (label.values !== null) return label.values;
  if (label.role !== 'temporal') return [];
  const first = yearOf(label.min);
  const last = yearOf(label.max);
  if (first === null || last === null || last - first > 300) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function yearOf(value: Scalar): number | null {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? /^(\d{4})/.exec(fold(value)) : null;
  return match ? Number(match[1]) : null;
}
