import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Collections that a persona or a conversation answers from; one that is deleted is bound nowhere any more. */
export class BoundCollections1763700000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['personas', 'conversations'])
      await runner.query(`ALTER TABLE ${table} ADD COLUMN collection_ids uuid[] NOT NULL DEFAULT '{}'`);
    // A conversation's row changes with every message: the index is of those few that are bound.
    await runner.query(
      `CREATE INDEX conversations_bound ON conversations USING gin (collection_ids) WHERE collection_ids <> '{}'`,
    );
    await runner.query(`
      CREATE FUNCTION unbind_collection() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE conversations SET collection_ids = array_remove(collection_ids, OLD.id), version = version + 1,
          updated_at = now() WHERE collection_ids <> '{}' AND collection_ids @> ARRAY[OLD.id];
        UPDATE personas SET collection_ids = array_remove(collection_ids, OLD.id) WHERE OLD.id = ANY (collection_ids);
        UPDATE persona_versions SET content = jsonb_set(content, '{collectionIds}', (content -> 'collectionIds') - OLD.id::text)
          WHERE content -> 'collectionIds' ? OLD.id::text;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER unbind_collection AFTER DELETE ON collections FOR EACH ROW EXECUTE FUNCTION unbind_collection()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER unbind_collection ON collections');
    await runner.query('DROP FUNCTION unbind_collection()');
    await runner.query('DROP INDEX conversations_bound');
    for (const table of ['personas', 'conversations'])
      await runner.query(`ALTER TABLE ${table} DROP COLUMN collection_ids`);
  }
}
