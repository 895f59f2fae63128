import type { Scalar } from '../../common/scalar.js';
import type { Compiled } from './context.js';

/** Outputs are text, numbers and booleans, so that no driver's idea of dates and time zones comes between. */
export function outputSql({ sql, type }: Compiled): string {
  if (type === 'date') return `to_char(${sql}, 'YYYY-MM-DD')`;
  if (type === 'timestamp') return `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS')`;
  return type === 'null' ? 'NULL::text' : sql;
}

/** The statement's rows as the result's: at most `cap`, with what the row after them shows. */
export function decode(
  rows: readonly (readonly Scalar[])[],
  outputs: readonly Compiled[],
  hasMatched: boolean,
  cap: number,
  complete: boolean,
): { rows: Scalar[][]; truncated: boolean; matchedRows: number | null } {
  const matched = hasMatched ? Number(rows[0]?.[outputs.length] ?? 0) : null;
  return {
    rows: rows.slice(0, cap).map((row) => outputs.map((output, i) => scalarOf(row[i], output))),
    truncated: !complete && rows.length > cap,
    matchedRows: matched,
  };
}

function scalarOf(
  value: Scalar | undefined,
  { type, exact, column, hasAggregate: aggregates, hasWindow }: Compiled,
): Scalar {
  if (value === null || value === undefined) return null;
  if (type === 'timestamp') return String(value).replace(/\.000$/, '');
  if (type !== 'bigint' && type !== 'float8' && type !== 'numeric')
    return typeof value === 'boolean' ? value : String(value);
  const number = Number(value);
  if (!Number.isFinite(number)) return null;
  if (column !== undefined && !aggregates && !hasWindow) return number;
  // A double's sum of amounts with two decimals has two decimals; other results keep the 15 digits that doubles are good for.
  return exact !== null && Math.abs(number) < 1e15 / 10 ** exact
    ? Number(number.toFixed(exact))
    : Number(number.toPrecision(15));
}
