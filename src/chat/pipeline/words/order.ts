import type { Scalar } from '../../../common/scalar.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Mark } from '../turn.js';
import { calendarOf } from './calendar.js';
import { type Field } from './shape.js';

type Row = readonly Scalar[];

/** What the rows are ordered for; no mark means a list. */
export interface Arrangement {
  readonly mark?: Mark | undefined;
  readonly x: Field;
  readonly y: Field;
  readonly color: Field | null;
}

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const YEAR = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Where a value stands in the order of its own that a field has; null when it has none. */
function natural(field: Field): ((value: Scalar) => number) | null {
  if (field.scale === 'time') {
    const { at } = calendarOf(field);
    return (value) => at(value) ?? Number.POSITIVE_INFINITY;
  }
  if (field.scale !== 'ordinal') return null;
  const names = field.grain === 'weekday' ? WEEK : field.grain === 'month_of_year' ? YEAR : null;
  if (names === null) return (value) => (typeof value === 'number' ? value : Number.POSITIVE_INFINITY);
  return (value) => {
    const index = names.indexOf(String(value).slice(0, 3).toLowerCase());
    return index < 0 ? names.length : index;
  };
}

/**
 * The rows in the order they are shown: as the query orders them; else along time and other natural orders; else the
 * largest first (by the total of a group when it has several parts). Lines always run along x.
 */
export function orderedRows({ rows, query }: ResultSet, { mark, x, y, color }: Arrangement): Row[] {
  const order = natural(x);
  const runs = mark === 'line' || mark === 'area';
  if (mark === 'point' || mark === 'boxplot') return [...rows];
  if (runs && order !== null) return sortedBy(rows, (row) => order(row[x.index] ?? null));
  if ((query.orderBy ?? []).length > 0) return [...rows];
  if (order !== null) return sortedBy(rows, (row) => order(row[x.index] ?? null));
  if (runs || mark === 'rect') return [...rows];
  if (color === null) return sortedBy(rows, (row) => -Number(row[y.index] ?? 0));
  const totals = new Map<Scalar, number>();
  for (const row of rows) {
    const key = row[x.index] ?? null;
    totals.set(key, (totals.get(key) ?? 0) + Number(row[y.index] ?? 0));
  }
  const series = new Map([...new Set(rows.map((row) => row[color.index]))].map((key, index) => [key, index]));
  const bySeries = sortedBy(rows, (row) => series.get(row[color.index]) ?? 0);
  return sortedBy(bySeries, (row) => -(totals.get(row[x.index] ?? null) ?? 0));
}

/** Ascending by a number that is worked out once a row; equal rows keep their order. */
function sortedBy(rows: readonly Row[], key: (row: Row) => number): Row[] {
  return rows
    .map((row) => ({ row, at: key(row) }))
    .toSorted((a, b) => a.at - b.at || 0)
    .map(({ row }) => row);
}
