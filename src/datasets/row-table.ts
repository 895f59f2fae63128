import type { Scalar } from '../common/scalar.js';
import type { ColumnProfile } from './profile.js';
import { sqlTypeOf } from './query/context.js';

/*
 * The rows of one data set: a table of its own, `c1`, `c2`… in the profile's order and `row_number` as in the file. Nothing of a
 * user is ever part of a name. A trigger drops it with its data set.
 */

/** Name of the table, schema and quotes included. */
export const rowTable = (datasetId: string): string =>
  `dataset_rows."d_${datasetId.replaceAll('-', '').toLowerCase()}"`;

export const createTableSql = (datasetId: string, columns: readonly ColumnProfile[]): string =>
  `CREATE TABLE ${rowTable(datasetId)} (row_number bigint PRIMARY KEY, ${columns
    .map(({ type }, i) => `c${i + 1} ${sqlTypeOf(type)}`)
    .join(', ')})`;

/** Columns that hold more distinct texts than a profile lists are searched without regard to case: a hash takes any length. */
const MAX_HASHED = 4;

/** Statements that make the usual filters fast. */
export function indexSql(datasetId: string, columns: readonly ColumnProfile[]): string[] {
  const table = rowTable(datasetId);
  return columns
    .flatMap(({ type, values }, i) =>
      type === 'text' && values === null ? [`CREATE INDEX ON ${table} USING hash (lower(c${i + 1}))`] : [],
    )
    .slice(0, MAX_HASHED);
}

/** One line of COPY's text format. */
export function copyLine(rowNumber: number, row: readonly Scalar[]): string {
  let line = String(rowNumber);
  for (const value of row)
    line += `\t${value === null ? '\\N' : typeof value === 'string' ? escaped(value) : String(value)}`;
  return `${line}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string): string => text.replace(/[\\\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign);
