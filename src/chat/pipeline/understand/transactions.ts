import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';

/** Rows of a value on average, from which it groups rows rather than naming them. */
const REPEATS = 3;

/** A key that names nothing a person would say: a number, or text of which nearly every value has a digit in it. */
function isKey(column: ColumnProfile): boolean {
  if (column.role === 'temporal') return false;
  if (column.type === 'integer') return column.role === 'identifier';
  if (column.type !== 'text') return false;
  if (column.values === null || column.values.length === 0) return column.role === 'identifier';
  const coded = column.values.filter((value) => /\d/.test(value) && !/\s/.test(value.trim()));
  return coded.length >= 0.9 * column.values.length;
}

const repeats = ({ distinct }: ColumnProfile, rowCount: number): boolean =>
  distinct > 0 && distinct * REPEATS <= rowCount;

/**
 * Orders, payments, visits: at most a number or code tells the rows apart (`labels`), they have a date, something that adds up,
 * and dimensions that come again. "The revenue of May" is that of all of them, as it is where the key was left out.
 */
export function isTransactional({ columns, rowCount }: DatasetProfile, labels: readonly ColumnProfile[]): boolean {
  const [label, ...more] = labels;
  if (label === undefined || more.length > 0) return false;
  if (!isKey(label) && !(label.role === 'dimension' && repeats(label, rowCount))) return false;
  const others = columns.filter((column) => column !== label);
  return (
    others.some(({ type, role }) => role === 'temporal' && (type === 'date' || type === 'datetime')) &&
    others.some(({ role, defaultAggregate }) => role === 'measure' && defaultAggregate === 'sum') &&
    columns.some((column) => column.role === 'dimension' && repeats(column, rowCount))
  );
}
