import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of a data set's rows may be in another one: a column of the first names a row of the second. */
export class DatasetRelations1763700000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const content = `
      id uuid NOT NULL,
      name text NOT NULL,
      from_id uuid NOT NULL,
      from_column text NOT NULL,
      to_id uuid NOT NULL,
      to_column text NOT NULL,
      status text NOT NULL CHECK (status IN ('suggested', 'confirmed', 'rejected')),
      origin text NOT NULL CHECK (origin IN ('found', 'given')),
      measures jsonb NOT NULL,
      reason text,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      updated_at timestamptz(3) NOT NULL DEFAULT now()`;
    await runner.query(`
      CREATE TABLE dataset_relations (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,${content},
        PRIMARY KEY (user_id, id),
        CONSTRAINT dataset_relations_ends UNIQUE (user_id, from_id, from_column, to_id, to_column),
        UNIQUE (user_id, from_id, name)
      )`);
    await runner.query('CREATE INDEX dataset_relations_to ON dataset_relations (user_id, to_id)');
    await runner.query(`
      CREATE TABLE shared_dataset_relations (${content},
        PRIMARY KEY (id),
        CONSTRAINT shared_dataset_relations_ends UNIQUE (from_id, from_column, to_id, to_column),
        UNIQUE (from_id, name)
      )`);
    // Either end may be a user's own data set or a shared one, which is more than a foreign key can say.
    await runner.query(`
      CREATE FUNCTION forget_dataset_relations() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM dataset_relations WHERE user_id = OLD.user_id AND (from_id = OLD.id OR to_id = OLD.id);
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE FUNCTION forget_shared_dataset_relations() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM shared_dataset_relations WHERE from_id = OLD.id OR to_id = OLD.id;
        DELETE FROM dataset_relations WHERE from_id = OLD.id OR to_id = OLD.id;
        RETURN NULL;
      END $$`);
    for (const table of ['datasets', 'shared_datasets']) {
      const forget = table === 'datasets' ? 'forget_dataset_relations' : 'forget_shared_dataset_relations';
      await runner.query(
        `CREATE TRIGGER ${table}_relations AFTER DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${forget}()`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['datasets', 'shared_datasets'])
      await runner.query(`DROP TRIGGER ${table}_relations ON ${table}`);
    await runner.query('DROP FUNCTION forget_dataset_relations()');
    await runner.query('DROP FUNCTION forget_shared_dataset_relations()');
    await runner.query('DROP TABLE shared_dataset_relations');
    await runner.query('DROP TABLE dataset_relations');
  }
}
