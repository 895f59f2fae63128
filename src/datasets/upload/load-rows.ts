import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Problem } from '../../common/problem.js';
import type { ReadTable } from '../read/read-apart.js';
import { createTableSql, indexSql, rowTable } from '../row-table.js';

/**
 * Makes the table `rowsId` of a file's rows and fills it, inside the client's transaction.
 * @throws {422} rows_too_wide
 */
export async function loadRows(client: PoolClient, rowsId: string, table: ReadTable): Promise<void> {
  try {
    // A file of 100 MB takes longer than a statement may usually take.
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query(createTableSql(rowsId, table.columns));
    await copyRows(client, rowTable(rowsId), table, 1);
    for (const index of indexSql(rowsId, table.columns, table.rowCount)) await client.query(index);
    await client.query(`ANALYZE ${rowTable(rowsId)}`);
  } catch (error) {
    throw asTooWide(error);
  }
}

/** The rows of a file into a table that has its columns, numbered from `firstNumber`. */
export async function copyRows(
  client: PoolClient,
  target: string,
  table: ReadTable,
  firstNumber: number,
): Promise<void> {
  await pipeline(
    Readable.from(table.copyLines(firstNumber), { objectMode: true, highWaterMark: 2 }),
    client.query(copyFrom(`COPY ${target} FROM STDIN`)),
  );
}

export function asTooWide(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (code !== '54000' && code !== '54011') return error;
  return new Problem(
    422,
    'rows_too_wide',
    'The rows have more columns than a table can hold; split the file by columns.',
  );
}
