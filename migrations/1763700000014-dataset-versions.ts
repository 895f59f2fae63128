import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A data set's rows may be refreshed: each version names the table of its rows, and the last ones can still be read. */
export class DatasetVersions1763700000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['datasets', 'shared_datasets']) {
      await runner.query(`ALTER TABLE ${table} ADD COLUMN rows_id uuid`);
      await runner.query(`UPDATE ${table} SET rows_id = id`);
      await runner.query(`ALTER TABLE ${table} ALTER COLUMN rows_id SET NOT NULL`);
    }
    // Without rows and columns: it was, and can be read no more. Bytes are those that came with it; an edit brings none.
    const content = `
      version integer NOT NULL,
      how text NOT NULL CHECK (how IN ('upload', 'replace', 'append', 'upsert', 'edit')),
      rows_id uuid,
      row_count integer NOT NULL,
      column_count integer NOT NULL,
      columns jsonb,
      report jsonb,
      bytes bigint NOT NULL DEFAULT 0,
      created_at timestamptz(3) NOT NULL DEFAULT now()`;
    await runner.query(`
      CREATE TABLE dataset_versions (
        user_id uuid NOT NULL,
        dataset_id uuid NOT NULL,${content},
        PRIMARY KEY (user_id, dataset_id, version),
        FOREIGN KEY (user_id, dataset_id) REFERENCES datasets (user_id, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE shared_dataset_versions (
        dataset_id uuid NOT NULL REFERENCES shared_datasets ON DELETE CASCADE,${content},
        PRIMARY KEY (dataset_id, version)
      )`);
    const copied = `version, 'upload', rows_id, row_count, column_count, columns, report, updated_at`;
    const into = `dataset_id, version, how, rows_id, row_count, column_count, columns, report, created_at`;
    await runner.query(`INSERT INTO dataset_versions (user_id, ${into}) SELECT user_id, id, ${copied} FROM datasets`);
    await runner.query(`INSERT INTO shared_dataset_versions (${into}) SELECT id, ${copied} FROM shared_datasets`);
    // However a data set goes, the rows of all of its versions go in the same transaction.
    await runner.query(`
      CREATE FUNCTION drop_version_rows() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('DROP TABLE IF EXISTS dataset_rows.%I', 'd_' || replace(OLD.rows_id::text, '-', ''));
        RETURN NULL;
      END $$`);
    for (const table of ['dataset_versions', 'shared_dataset_versions']) {
      await runner.query(`
        CREATE TRIGGER ${table}_rows AFTER DELETE ON ${table} FOR EACH ROW WHEN (OLD.rows_id IS NOT NULL)
        EXECUTE FUNCTION drop_version_rows()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    // A data set has one table of rows again, named after it: that of its last version.
    for (const table of ['datasets', 'shared_datasets']) {
      await runner.query(`
        DO $$ DECLARE one record; BEGIN
          FOR one IN SELECT id, rows_id FROM ${table} WHERE rows_id <> id LOOP
            EXECUTE format('DROP TABLE IF EXISTS dataset_rows.%I', 'd_' || replace(one.id::text, '-', ''));
            EXECUTE format('ALTER TABLE dataset_rows.%I RENAME TO %I',
              'd_' || replace(one.rows_id::text, '-', ''), 'd_' || replace(one.id::text, '-', ''));
          END LOOP;
        END $$`);
      const versions = table === 'datasets' ? 'dataset_versions' : 'shared_dataset_versions';
      await runner.query(`
        DO $$ DECLARE one record; BEGIN
          FOR one IN SELECT DISTINCT rows_id FROM ${versions} v
            WHERE rows_id IS NOT NULL AND NOT EXISTS (SELECT FROM ${table} d WHERE d.id = v.rows_id) LOOP
            EXECUTE format('DROP TABLE IF EXISTS dataset_rows.%I', 'd_' || replace(one.rows_id::text, '-', ''));
          END LOOP;
        END $$`);
    }
    await runner.query('DROP TABLE shared_dataset_versions');
    await runner.query('DROP TABLE dataset_versions');
    await runner.query('DROP FUNCTION drop_version_rows()');
    for (const table of ['datasets', 'shared_datasets']) await runner.query(`ALTER TABLE ${table} DROP COLUMN rows_id`);
  }
}
