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

/** Indexes of one table at most; each costs about a second for a million rows when it is loaded. */
const MAX_INDEXES = 4;
/** A smaller table is read whole as fast as an index is. */
const INDEXED_FROM = 1_000;

/**
 * Statements that make the usual filters fast: "sector X in year Y" reads the rows it is about (a tenth of the time of reading all
 * on some thousand rows). Columns with more distinct texts than a profile lists are compared without regard to case; a hash takes
 * any length.
 */
export function indexSql(datasetId: string, columns: readonly ColumnProfile[], rowCount: number): string[] {
  if (rowCount < INDEXED_FROM) return [];
  const table = rowTable(datasetId);
  const placed = columns.map((column, i) => ({ ...column, sql: `c${i + 1}` }));
  const time = placed.find(({ role }) => role === 'temporal');
  const groups = placed
    .filter(
      ({ type, role, values, distinct }) =>
        type === 'text' && role === 'dimension' && values !== null && distinct > 1 && distinct <= rowCount / 2,
    )
    .sort((a, b) => a.distinct - b.distinct)
    .map(({ sql }) => `CREATE INDEX ON ${table} (${time === undefined ? sql : `${sql}, ${time.sql}`})`);
  const long = placed
    .filter(({ type, values }) => type === 'text' && values === null)
    .map(({ sql }) => `CREATE INDEX ON ${table} USING hash (lower(${sql}))`);
  return [...groups, ...long].slice(0, MAX_INDEXES);
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
