import type { PoolClient } from 'pg';
import type { Scalar } from '../../common/scalar.js';
import type { ColumnProfile } from '../profile.js';
import { rowTable } from '../row-table.js';

/** As many as a file's reading lists. */
const MAX_VALUES = 5_000;
const MAX_CHARACTERS = 16_000_000;

/**
 * The columns with what rows that were put together from two sources say of them: counted anew in the database, since a distinct
 * value of the one may be one of the other. What a column means stays.
 */
export async function reprofiled(
  client: PoolClient,
  rowsId: string,
  columns: readonly ColumnProfile[],
  file: readonly ColumnProfile[],
): Promise<ColumnProfile[]> {
  const made: ColumnProfile[] = [];
  for (const [i, column] of columns.entries()) {
    const decimals = Math.max(column.decimals, file.find(({ name }) => name === column.name)?.decimals ?? 0);
    const sql = `c${i + 1}`;
    const counted = await counts(client, rowTable(rowsId), sql, column);
    const values =
      column.type === 'text' || column.type === 'boolean'
        ? await valuesOf(client, rowTable(rowsId), sql, counted.distinct, columns.length)
        : null;
    made.push({ ...column, ...counted, decimals, values });
  }
  return made;
}

type Counted = Pick<ColumnProfile, 'distinct' | 'nulls' | 'min' | 'max'>;

async function counts(client: PoolClient, table: string, sql: string, { type }: ColumnProfile): Promise<Counted> {
  const shown = type === 'date' ? `'YYYY-MM-DD'` : type === 'datetime' ? `'YYYY-MM-DD"T"HH24:MI:SS'` : null;
  const edge = (name: 'min' | 'max'): string =>
    type === 'text' || type === 'boolean'
      ? 'NULL::float8'
      : shown === null
        ? `${name}(${sql})::float8`
        : `to_char(${name}(${sql}), ${shown})`;
  const { rows } = await client.query<{ distinct: string; nulls: string; min: Scalar; max: Scalar }>(
    `SELECT count(DISTINCT ${sql}) AS "distinct", count(*) - count(${sql}) AS nulls, ${edge('min')} AS min, ${edge('max')} AS max
     FROM ${table}`,
  );
  const [row] = rows;
  return {
    distinct: Number(row?.distinct ?? 0),
    nulls: Number(row?.nulls ?? 0),
    min: row?.min ?? null,
    max: row?.max ?? null,
  };
}

async function valuesOf(
  client: PoolClient,
  table: string,
  sql: string,
  distinct: number,
  columns: number,
): Promise<string[] | null> {
  if (distinct > MAX_VALUES) return null;
  const { rows } = await client.query<{ value: string }>(
    `SELECT ${sql}::text AS value FROM ${table} WHERE ${sql} IS NOT NULL GROUP BY ${sql} ORDER BY count(*) DESC, min(row_number)`,
  );
  const characters = rows.reduce((sum, { value }) => sum + value.length, 0);
  return characters * columns > MAX_CHARACTERS ? null : rows.map(({ value }) => value);
}
