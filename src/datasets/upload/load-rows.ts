import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import type { CsvTable } from '../csv/read-csv.js';
import { copyLine, createTableSql, indexSql, rowTable } from '../row-table.js';

/** Lines are sent in pieces of about this many characters. */
const PIECE = 1 << 16;

/**
 * Makes the table of a data set's rows and fills it, inside the client's transaction. Gives the first `preview` rows.
 * @throws {422} rows_too_wide
 */
export async function loadRows(
  client: PoolClient,
  datasetId: string,
  table: CsvTable,
  preview: number,
): Promise<Scalar[][]> {
  const first: Scalar[][] = [];
  try {
    // A file of 100 MB takes longer than a statement may usually take.
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query(createTableSql(datasetId, table.columns));
    await pipeline(
      Readable.from(lines(table, first, preview)),
      client.query(copyFrom(`COPY ${rowTable(datasetId)} FROM STDIN`)),
    );
    for (const index of indexSql(datasetId, table.columns, table.rowCount)) await client.query(index);
    await client.query(`ANALYZE ${rowTable(datasetId)}`);
    return first;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== '54000' && code !== '54011') throw error;
    throw new Problem(
      422,
      'rows_too_wide',
      'The rows have more columns than a table can hold; split the file by columns.',
    );
  }
}

async function* lines(table: CsvTable, first: Scalar[][], preview: number): AsyncGenerator<string> {
  let piece = '';
  let rowNumber = 0;
  for await (const row of table.rows()) {
    rowNumber++;
    if (first.length < preview) first.push(row);
    piece += copyLine(rowNumber, row);
    if (piece.length >= PIECE) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}
