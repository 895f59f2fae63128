import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Databases of others that are read, never written; a data set may be a table there instead of rows here. */
export class ExternalSources1763700000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE external_sources (
        id uuid PRIMARY KEY,
        name text NOT NULL UNIQUE,
        host text NOT NULL,
        port integer NOT NULL,
        database text NOT NULL,
        username text NOT NULL,
        secret text NOT NULL,
        ssl text NOT NULL CHECK (ssl IN ('disable', 'require', 'verify')),
        schemas jsonb NOT NULL,
        statement_timeout_ms integer NOT NULL,
        row_limit integer NOT NULL,
        max_connections integer NOT NULL,
        server_version text NOT NULL,
        warnings jsonb NOT NULL,
        created_by uuid REFERENCES users ON DELETE SET NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    // Lets an account go without a look at each source.
    await runner.query('CREATE INDEX external_sources_created_by ON external_sources (created_by)');
    for (const table of ['datasets', 'shared_datasets']) {
      await runner.query(`
        ALTER TABLE ${table}
          ADD COLUMN source_id uuid REFERENCES external_sources ON DELETE CASCADE,
          ADD COLUMN external jsonb`);
      await runner.query(`CREATE INDEX ${table}_source_id ON ${table} (source_id)`);
    }
    for (const table of ['dataset_versions', 'shared_dataset_versions'])
      await this.allow(runner, table, `'upload', 'replace', 'append', 'upsert', 'edit', 'source'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['datasets', 'shared_datasets'])
      await runner.query(`DELETE FROM ${table} WHERE source_id IS NOT NULL`);
    for (const table of ['dataset_versions', 'shared_dataset_versions'])
      await this.allow(runner, table, `'upload', 'replace', 'append', 'upsert', 'edit'`);
    for (const table of ['datasets', 'shared_datasets'])
      await runner.query(`ALTER TABLE ${table} DROP COLUMN external, DROP COLUMN source_id`);
    await runner.query('DROP TABLE external_sources');
  }

  private async allow(runner: QueryRunner, table: string, how: string): Promise<void> {
    await runner.query(`
      ALTER TABLE ${table}
        DROP CONSTRAINT ${table}_how_check,
        ADD CONSTRAINT ${table}_how_check CHECK (how IN (${how}))`);
  }
}
