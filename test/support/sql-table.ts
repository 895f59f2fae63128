import type pg from 'pg';
import type { Scalar } from '../../src/common/scalar.js';
import { sqlTypeOf } from '../../src/datasets/query/context.js';
import { compile } from '../../src/datasets/query/compile.js';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import type { Table } from './turn.js';

/** The rows of a table stored in a database, and queries run over them as the data sets' own are. */
export async function sqlPort(pool: pg.Pool, name: string, { profile, rows }: Table): Promise<RetrievalPort> {
  const columns = profile.columns.map(({ type }, at) => `c${at + 1} ${sqlTypeOf(type)}`);
  await pool.query(`CREATE TABLE ${name} (row_number bigint PRIMARY KEY, ${columns.join(', ')})`);
  const places = profile.columns.map((_, at) => `$${at + 2}`).join(', ');
  for (const [at, row] of rows.entries())
    await pool.query(`INSERT INTO ${name} VALUES ($1, ${places})`, [
      at + 1,
      ...profile.columns.map((column) => row[column.name] ?? null),
    ]);
  return {
    run: async (query) => {
      const { datasetId, ...asked } = query;
      const { text, values, columns: shown, decode } = compile(asked, profile, name);
      const found = await pool.query<Scalar[]>({ text, values: [...values], rowMode: 'array' });
      const head = { datasetId, datasetVersion: 1, query, columns: shown };
      return { ...head, ...decode(found.rows), sql: text, parameters: values, ms: 0 };
    },
  };
}
