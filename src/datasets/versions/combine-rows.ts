import type { PoolClient } from 'pg';
import { Problem } from '../../common/problem.js';
import type { ColumnProfile } from '../profile.js';
import type { ReadTable } from '../read/read-apart.js';
import { createTableSql, rowTable } from '../row-table.js';
import { copyRows } from '../upload/load-rows.js';

/** What a file's rows did to those that were there. */
export interface Combined {
  readonly added: number;
  readonly updated: number;
}

/**
 * That the file has the data set's columns, in whatever order.
 * @throws {422} columns_differ, naming the missing and the unknown ones
 */
export function requireSameColumns(columns: readonly ColumnProfile[], file: readonly ColumnProfile[]): void {
  const [here, there] = [new Set(columns.map(({ name }) => name)), new Set(file.map(({ name }) => name))];
  const missing = columns.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  const unknown = file.filter(({ name }) => !here.has(name)).map(({ name }) => name);
  if (missing.length + unknown.length === 0) return;
  const listed = (names: readonly string[]): string =>
    names
      .slice(0, 10)
      .map((name) => `"${name}"`)
      .join(', ') + (names.length > 10 ? '…' : '');
  const parts = [
    ...(missing.length > 0 ? [`it lacks ${listed(missing)}`] : []),
    ...(unknown.length > 0 ? [`it has ${listed(unknown)}, which the data set has not`] : []),
  ];
  throw new Problem(422, 'columns_differ', `The file's columns are not the data set's: ${parts.join('; ')}.`, {
    errors: [
      ...missing.map((name) => ({ path: `columns.${name}`, message: 'is missing in the file' })),
      ...unknown.map((name) => ({ path: `columns.${name}`, message: 'is not in the data set' })),
    ].slice(0, 100),
  });
}

/** Its rows in the data set's columns: the file may have them in another order. */
const targetColumns = (columns: readonly ColumnProfile[], file: readonly ColumnProfile[]): string =>
  ['row_number', ...file.map(({ name }) => `c${columns.findIndex((column) => column.name === name) + 1}`)].join(', ');

/** A table `to` of the rows of `from`, and after them the file's. In the client's transaction. */
export async function appended(
  client: PoolClient,
  from: string,
  to: string,
  columns: readonly ColumnProfile[],
  file: ReadTable,
): Promise<Combined> {
  const [old, target] = [rowTable(from), rowTable(to)];
  await client.query(createTableSql(to, columns));
  await client.query(`INSERT INTO ${target} SELECT * FROM ${old}`);
  const last = await lastRow(client, old);
  await copyRows(client, `${target} (${targetColumns(columns, file.columns)})`, file, last + 1);
  return { added: file.rowCount, updated: 0 };
}

/**
 * A table `to` of the rows of `from`, those with the key of one of the file's in its stead, and after them the file's others. A
 * row that is updated keeps its place. In the client's transaction.
 * @throws {422} key_not_unique · key_missing
 */
export async function upserted(
  client: PoolClient,
  from: string,
  to: string,
  columns: readonly ColumnProfile[],
  file: ReadTable,
  key: readonly string[],
): Promise<Combined> {
  const [old, target] = [rowTable(from), rowTable(to)];
  const keys = key.map((name) => `c${columns.findIndex((column) => column.name === name) + 1}`);
  await client.query(`CREATE TEMP TABLE incoming (LIKE ${old}) ON COMMIT DROP`);
  await copyRows(client, `incoming (${targetColumns(columns, file.columns)})`, file, 1);
  await requireKey(client, 'incoming', keys, key, 'the file');
  await requireKey(client, old, keys, key, 'the data set');
  await client.query(`CREATE INDEX ON incoming (${keys.join(', ')})`);
  await client.query('ANALYZE incoming');
  await client.query(createTableSql(to, columns));
  const same = keys.map((name) => `o.${name} = i.${name}`).join(' AND ');
  const all = columns.map((_, i) => `i.c${i + 1}`).join(', ');
  const { rowCount: updated } = await client.query(
    `INSERT INTO ${target} SELECT o.row_number, ${all} FROM ${old} o JOIN incoming i ON ${same}`,
  );
  await client.query(
    `INSERT INTO ${target} SELECT o.* FROM ${old} o WHERE NOT EXISTS (SELECT FROM incoming i WHERE ${same})`,
  );
  const last = await lastRow(client, old);
  const { rowCount: added } = await client.query(
    `INSERT INTO ${target} SELECT $1::bigint + row_number() OVER (ORDER BY i.row_number), ${all} FROM incoming i
     WHERE NOT EXISTS (SELECT FROM ${old} o WHERE ${same})`,
    [last],
  );
  return { added: added ?? 0, updated: updated ?? 0 };
}

async function lastRow(client: PoolClient, table: string): Promise<number> {
  const { rows } = await client.query<{ last: string }>(`SELECT coalesce(max(row_number), 0) AS last FROM ${table}`);
  return Number(rows[0]?.last ?? 0);
}

async function requireKey(
  client: PoolClient,
  table: string,
  keys: readonly string[],
  names: readonly string[],
  where: string,
): Promise<void> {
  const named = names.map((name) => `"${name}"`).join(', ');
  const fail = (code: string, detail: string): Problem =>
    new Problem(422, code, detail, { errors: [{ path: 'key', message: detail }] });
  const missing = await client.query<{ row: string }>(
    `SELECT row_number AS row FROM ${table} WHERE ${keys.map((name) => `${name} IS NULL`).join(' OR ')} ORDER BY 1 LIMIT 1`,
  );
  if (missing.rows[0] !== undefined) {
    throw fail('key_missing', `Row ${missing.rows[0].row} of ${where} has no value in the key ${named}.`);
  }
  const twice = await client.query<{ rows: string[] }>(
    `SELECT (array_agg(row_number ORDER BY row_number))[1:5] AS rows FROM ${table}
     GROUP BY ${keys.join(', ')} HAVING count(*) > 1 ORDER BY min(row_number) LIMIT 1`,
  );
  if (twice.rows[0] !== undefined) {
    throw fail(
      'key_not_unique',
      `The key ${named} is not unique in ${where}: rows ${twice.rows[0].rows.join(', ')} have the same.`,
    );
  }
}
