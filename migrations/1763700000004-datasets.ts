import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables that users may ask about: their own, the shared ones, and a schema for the rows themselves. */
export class Datasets1763700000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const content = `
      name text NOT NULL,
      title text NOT NULL,
      description text,
      source text,
      licence text,
      version integer NOT NULL DEFAULT 1,
      row_count integer NOT NULL,
      column_count integer NOT NULL,
      columns jsonb NOT NULL,
      report jsonb NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      updated_at timestamptz(3) NOT NULL DEFAULT now()`;
    await runner.query(`
      CREATE TABLE datasets (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        id uuid NOT NULL,${content},
        PRIMARY KEY (user_id, id),
        UNIQUE (user_id, name)
      )`);
    // Seen by everybody and looked after by administrators: nobody's, so that it outlives the account that brought it.
    await runner.query(`
      CREATE TABLE shared_datasets (
        id uuid PRIMARY KEY,${content},
        created_by uuid REFERENCES users ON DELETE SET NULL,
        UNIQUE (name)
      )`);
    await runner.query(`
      CREATE TABLE installed_samples (
        name text PRIMARY KEY,
        installed_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE SCHEMA dataset_rows');
    // However a data set goes (its owner's account with it), its rows go in the same transaction.
    await runner.query(`
      CREATE FUNCTION drop_dataset_rows() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('DROP TABLE IF EXISTS dataset_rows.%I', 'd_' || replace(OLD.id::text, '-', ''));
        RETURN NULL;
      END $$`);
    for (const table of ['datasets', 'shared_datasets']) {
      await runner.query(
        `CREATE TRIGGER ${table}_rows AFTER DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION drop_dataset_rows()`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE installed_samples');
    await runner.query('DROP TABLE shared_datasets');
    await runner.query('DROP TABLE datasets');
    await runner.query('DROP FUNCTION drop_dataset_rows()');
    await runner.query('DROP SCHEMA dataset_rows CASCADE');
  }
}
