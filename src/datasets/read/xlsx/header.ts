import { hasHeader } from '../../csv/dialect.js';
import type { TextRecord } from '../records.js';
import type { Merge } from './sheet-rows.js';

/** Where the table of a sheet starts and what its columns are called. */
export interface SheetHeader {
  /** null: its columns have no names. */
  readonly names: readonly string[] | null;
  /** Rows of the sheet's first ones that are above the table or part of its header. */
  readonly above: number;
  /** How many of them are no part of the header. */
  readonly skipped: number;
}

const filled = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;

/**
 * From a sheet's first rows. Rows above that have far fewer cells than the table (a title, a date) are left out. A header may have
 * two rows, the upper one with cells that span several columns: `2023 | 2023` over `Sales | Profit` gives `2023 Sales` and `2023 Profit`.
 */
export function headerOf(rows: readonly TextRecord[], merges: readonly Merge[], width: number): SheetHeader {
  const widths = rows.map(({ cells }) => filled(cells)).sort((a, b) => a - b);
  const usual = widths[widths.length >> 1] ?? 0;
  const start = Math.max(
    0,
    rows.findIndex(({ cells }) => filled(cells) >= Math.max(usual > 1 ? 2 : 1, usual / 2)),
  );
  const skipped = start;
  const upper = rows[start];
  if (upper === undefined) return { names: null, above: 0, skipped: 0 };
  const lower = rows[start + 1];
  const spans = merges.filter(({ top, left, right }) => top === upper.line && right > left);
  const isGrouped =
    spans.length > 0 && lower !== undefined && lower.line <= upper.line + 1 && isNames(lower, upper, merges);
  if (isGrouped) return { names: joined(upper, lower, merges, width), above: start + 2, skipped };
  const table = rows.slice(start).map(({ cells }) => padded(cells, width));
  const names = hasHeader(table) ? padded(upper.cells, width) : null;
  return { names, above: start + (names === null ? 0 : 1), skipped };
}

const padded = (cells: readonly string[], width: number): string[] => [
  ...cells,
  ...Array<string>(Math.max(0, width - cells.length)).fill(''),
];

/** Names below names: every cell is text, and each spanned column has one. */
function isNames(lower: TextRecord, upper: TextRecord, merges: readonly Merge[]): boolean {
  const isWord = (cell: string): boolean => cell.trim() === '' || !/^[-+(]?[\d.,\s%$€£]+\)?$/.test(cell);
  return (
    lower.cells.every(isWord) &&
    merges.every(
      ({ top, left, right }) =>
        top !== upper.line || right === left || lower.cells.slice(left, right + 1).every((cell) => cell.trim() !== ''),
    )
  );
}

function joined(upper: TextRecord, lower: TextRecord, merges: readonly Merge[], width: number): string[] {
  const spread = padded(upper.cells, width);
  for (const { top, left, right } of merges) {
    if (top === upper.line) for (let i = left; i <= right && i < width; i++) spread[i] = upper.cells[left] ?? '';
  }
  return spread.map((above, i) => {
    const below = lower.cells[i] ?? '';
    return above.trim() === '' || above === below ? below : `${above.trim()} ${below.trim()}`.trim();
  });
}
