import { Client } from 'pg';

export interface Held {
  /** Lets the questions go on. */
  release(): Promise<void>;
}

/** Holds back every analytical query at this database until released, by a lock on the tables that they read. */
export async function held(databaseUrl: string): Promise<Held> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ table: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables WHERE schemaname = 'dataset_rows'`,
  );
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${rows.map(({ table }) => table).join(', ')} IN ACCESS EXCLUSIVE MODE`);
  let open = true;
  return {
    async release() {
      if (!open) return;
      open = false;
      await client.query('COMMIT');
      await client.end();
    },
  };
}
