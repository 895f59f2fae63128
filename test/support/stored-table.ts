import pg from 'pg';
import type { Scalar } from '../../src/common/scalar.js';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { compile } from '../../src/datasets/query/compile.js';
import type { AnalyticalQuery } from '../../src/datasets/query/analytical-query.js';
import type { ResultSet } from '../../src/datasets/query/result-set.js';
import { type TestDatabase, testDatabase } from './database.js';
import type { Table } from './turn.js';

const TYPES = {
  integer: 'bigint',
  number: 'numeric',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp',
};

/** Tables of a test, as rows of a real database. */
export class StoredTables {
  private constructor(
    private readonly database: TestDatabase,
    readonly pool: pg.Pool,
  ) {}

  static async open(): Promise<StoredTables> {
    const database = await testDatabase();
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    // A connection that is on its way out when the database is dropped is told so.
    pool.on('error', () => undefined);
    return new StoredTables(database, pool);
  }

  /** Stores the rows under this name (`c1`, `c2`… in the order of the columns), and runs queries over them. */
  async store(name: string, { profile, rows }: Table, rowLimit = 1000): Promise<RetrievalPort> {
    const columns = profile.columns.map(({ type }, index) => `c${index + 1} ${TYPES[type]}`);
    await this.pool.query(`CREATE TABLE ${name} (row_number bigint PRIMARY KEY, ${columns.join(', ')})`);
    const cells = profile.columns.map((column) => rows.map((row) => row[column.name] ?? null));
    const arrays = profile.columns.map(({ type }, index) => `$${index + 2}::${TYPES[type]}[]`);
    await this.pool.query(`INSERT INTO ${name} SELECT * FROM unnest($1::bigint[], ${arrays.join(', ')})`, [
      rows.map((_, index) => index + 1),
      ...cells,
    ]);
    const run = async (query: AnalyticalQuery): Promise<ResultSet> => {
      const { text, values, columns: results, decode } = compile(query, profile, name, { rowLimit });
      const { rows: raw } = await this.pool.query<Scalar[]>({ text, values: [...values], rowMode: 'array' });
      const about = { datasetId: profile.id, datasetVersion: 1, query, sql: text, parameters: values, ms: 0 };
      return { ...about, columns: results, ...decode(raw) };
    };
    return { run };
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }
}
