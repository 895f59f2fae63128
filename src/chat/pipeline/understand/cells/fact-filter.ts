import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition } from '../../../../datasets/query/analytical-query.js';
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

/** The column a value is meant in: the one named right before or after it, else the most telling. */
export function holderFor(ask: FactAsk, part: Part): Part['holders'][number] | null {
  const near = ask.columns.filter(
    (column) =>
      (column.to <= part.from && part.from - column.to <= 2) || (column.from >= part.to && column.from - part.to <= 1),
  );
  const named = part.holders.find((holder) => near.some((column) => column.column === holder.column));
  return named ?? part.holders[0] ?? null;
}
