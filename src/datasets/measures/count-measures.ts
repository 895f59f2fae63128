import type { PoolClient } from 'pg';
import type { Scalar } from '../../common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../profile.js';
import { compile } from '../query/compile.js';
import { rowTable } from '../row-table.js';
import { countsQuery, usableColumns, withCounts } from './measures.js';

/** Counts the measures of rows that were loaded just now, in the client's transaction. One that fails there says so. */
export async function countMeasures(
  client: PoolClient,
  rowsId: string,
  columns: readonly ColumnProfile[],
  rowCount: number,
): Promise<ColumnProfile[]> {
  const about = { title: '', name: '', description: null, source: null, licence: null };
  const profile: DatasetProfile = { ...about, id: rowsId, version: 0, rowCount, columns: usableColumns(columns) };
  const made: ColumnProfile[] = [];
  for (const column of columns) {
    const { computed } = column;
    if (computed === undefined || computed.problem !== undefined) {
      made.push(column);
      continue;
    }
    const { text, values, decode } = compile(countsQuery(column.name), profile, rowTable(rowsId));
    await client.query('SAVEPOINT counting');
    try {
      const { rows } = await client.query<Scalar[]>({ text, values: [...values], rowMode: 'array' });
      made.push(withCounts(column, decode(rows).rows[0] ?? [], rowCount));
    } catch (error) {
      if (!String((error as { code?: unknown }).code).startsWith('22')) throw error;
      await client.query('ROLLBACK TO SAVEPOINT counting');
      made.push({ ...column, computed: { ...computed, problem: 'its values are outside the range of numbers.' } });
    }
    await client.query('RELEASE SAVEPOINT counting');
  }
  return made;
}
