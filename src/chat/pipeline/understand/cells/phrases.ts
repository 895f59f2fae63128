import type { ColumnProfile, DatasetProfile } from '../../../../datasets/profile.js';
import { isGrammar } from '../grammar-words.js';
import { stemOf, wordsOf, type Token } from '../tokens.js';

/** A column's values that hold a phrase of the question. */
export interface Holder {
  readonly column: ColumnProfile;
  readonly values: readonly string[];
  /** The phrase is the whole value (a part in brackets aside). */
  readonly exact: boolean;
}

/** A stretch of the question that stands in cells of the table. */
export interface Phrase {
  /** Token indexes, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Most telling first. */
  readonly holders: readonly Holder[];
}

interface Cell {
  readonly value: string;
  readonly words: readonly string[];
  /** Words without what stands in brackets and after footnote marks. */
  readonly bare: readonly string[];
}

interface Index {
  readonly byWord: ReadonlyMap<string, readonly { readonly column: ColumnProfile; readonly cell: Cell }[]>;
}

/** Larger tables are searched by whole values only. */
const MOST_ROWS = 5_000;
/** Longest phrase looked for, in words. */
const LONGEST = 10;

const indexes = new WeakMap<DatasetProfile, Index>();

function indexOf(profile: DatasetProfile): Index {
  let index = indexes.get(profile);
  if (!index) {
    index = compile(profile);
    indexes.set(profile, index);
  }
  return index;
}

function compile(profile: DatasetProfile): Index {
  const byWord = new Map<string, { column: ColumnProfile; cell: Cell }[]>();
  if (profile.rowCount > MOST_ROWS) return { byWord };
  for (const column of profile.columns) {
    if (column.type !== 'text') continue;
    const header = wordsOf(column.name).join(' ');
    for (const value of column.values ?? []) {
      const words = wordsOf(value);
      // A header that is repeated inside the table is no value.
      if (words.join(' ') === header) continue;
      const bare = wordsOf(value.replace(/\([^)]*\)|\[[^\]]*\]/g, ' '));
      const cell = { value, words, bare };
      for (const word of new Set(words.map(stemOf))) {
        const cells = byWord.get(word);
        if (cells) cells.push({ column, cell });
        else byWord.set(word, [{ column, cell }]);
      }
    }
  }
  return { byWord };
}

function startsAt(words: readonly string[], at: number, phrase: readonly string[]): boolean {
  return phrase.every((word, index) => words[at + index] === word || stemOf(words[at + index] ?? '') === stemOf(word));
}

function contains(words: readonly string[], phrase: readonly string[]): boolean {
  for (let at = 0; at + phrase.length <= words.length; at += 1) if (startsAt(words, at, phrase)) return true;
  return false;
}

const sameWords = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && startsAt(left, 0, right);

/** Every stretch of words that stands together in some cell, longest first from each place. */
export function phrasesOf(profile: DatasetProfile, tokens: readonly Token[]): readonly Phrase[] {
  const { byWord } = indexOf(profile);
  const found: Phrase[] = [];
  for (let from = 0; from < tokens.length; from += 1) {
    const first = tokens[from];
    if (!first) continue;
    let cells = byWord.get(first.stem) ?? [];
    const phrase: string[] = [];
    for (let to = from + 1; to <= Math.min(tokens.length, from + LONGEST) && cells.length > 0; to += 1) {
      const token = tokens[to - 1];
      if (!token || (to > from + 1 && /[?!;]/.test(token.before))) break;
      phrase.push(token.lower);
      cells = cells.filter(({ cell }) => contains(cell.words, phrase));
      if (cells.length === 0) break;
      const grammar = tokens.slice(from, to).every((word) => isGrammar(word) || word.lower.length < 2);
      const holders = holdersOf(cells, phrase);
      if (grammar && !holders.some((holder) => holder.exact)) continue;
      const telling = holders.filter((holder) => holder.exact || to - from > 1 || isTelling(holder));
      if (telling.length > 0) found.push({ from, to, holders: telling });
    }
  }
  return found;
}

/** A word that stands in many of the column's cells ("feet", "Building") tells none of them apart. */
function isTelling(holder: Holder): boolean {
  const all = holder.column.values?.length ?? 0;
  return all < 4 || holder.values.length <= 0.55 * all;
}

function holdersOf(
  cells: readonly { readonly column: ColumnProfile; readonly cell: Cell }[],
  phrase: readonly string[],
): readonly Holder[] {
  const columns = new Map<ColumnProfile, { exact: string[]; part: string[] }>();
  for (const { column, cell } of cells) {
    const entry = columns.get(column) ?? { exact: [], part: [] };
    if (sameWords(cell.words, phrase) || sameWords(cell.bare, phrase)) entry.exact.push(cell.value);
    else entry.part.push(cell.value);
    columns.set(column, entry);
  }
  const holders = [...columns].map(([column, { exact, part }]) => ({
    column,
    values: exact.length > 0 && !(phrase.length === 1 && part.length > exact.length * 3) ? exact : [...exact, ...part],
    exact: exact.length > 0,
  }));
  // Whole values first; then the column with more of them: what repeats is what questions ask about.
  return holders.sort(
    (left, right) => Number(right.exact) - Number(left.exact) || right.values.length - left.values.length,
  );
}
