import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition } from '../../../../datasets/query/analytical-query.js';
import { stemOf } from '../tokens.js';
import type { FactAsk, Part } from './fact-parts.js';

export interface Filter {
  readonly condition: Condition;
  readonly column: ColumnProfile;
  readonly part: { readonly from: number; readonly to: number };
  /** 0–1 */
  readonly score: number;
  /** Cells that hold the value. */
  readonly values?: readonly string[] | undefined;
  /** Joined by "and", "or" or a comma to the one before. */
  readonly joined?: boolean | undefined;
}

/** Words of a sentence in a cell, on average, from which a column holds sentences rather than names. */
const SENTENCE = 5;

const sentences = new WeakMap<ColumnProfile, boolean>();

function holdsSentences(column: ColumnProfile): boolean {
  let known = sentences.get(column);
  if (known === undefined) {
    const values = column.values ?? [];
    const words = values.reduce((sum, value) => sum + value.split(/\s+/).length, 0);
    known = values.length > 0 && words / values.length >= SENTENCE;
    sentences.set(column, known);
  }
  return known;
}

/** One word out of longer sentences, and no name there: it may be said without that cell being meant. */
export function isLoose(ask: FactAsk, part: Part): boolean {
  const [holder] = part.holders;
  const stem = ask.context.tokens[part.from]?.stem ?? '';
  if (!holder || holder.exact || part.to !== part.from + 1 || !holdsSentences(holder.column)) return false;
  return holder.values.some((value) =>
    value.split(/[^\p{L}\p{N}]+/u).some((word) => /^\p{Ll}/u.test(word) && stemOf(word) === stem),
  );
}

/** The column a value is meant in: the one named right before or after it, else the most telling. */
export function holderFor(ask: FactAsk, part: Part): Part['holders'][number] | null {
  const near = ask.columns.filter(
    (column) =>
      (column.to <= part.from && part.from - column.to <= 2) || (column.from >= part.to && column.from - part.to <= 1),
  );
  const named = part.holders.find((holder) => near.some((column) => column.column === holder.column));
  return named ?? part.holders[0] ?? null;
}
