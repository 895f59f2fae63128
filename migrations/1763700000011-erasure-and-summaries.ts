import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What follows from the erasure of one message. */
export class ErasureAndSummaries1763700000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What a process keeps at hand of a conversation holds as long as this number is the same.
    await runner.query(`ALTER TABLE conversations ADD COLUMN erasures integer NOT NULL DEFAULT 0`);
    // Before its row goes, and with it what is known of it. Where a whole conversation goes nothing is left to put right:
    // then messages are deleted by the trigger of a foreign key, and this one is not called.
    await runner.query(`
      CREATE FUNCTION memory_message_erased() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        erased memory_messages;
      BEGIN
        DELETE FROM memory_messages
        WHERE user_id = OLD.user_id AND conversation_id = OLD.conversation_id AND seq = OLD.seq RETURNING * INTO erased;
        IF NOT FOUND THEN RETURN OLD; END IF;
        WITH last AS (
          SELECT sitting, created_at FROM memory_messages
          WHERE user_id = OLD.user_id AND conversation_id = OLD.conversation_id ORDER BY seq DESC LIMIT 1
        )
        UPDATE memory_conversations SET messages = messages - 1, terms = terms - erased.length,
          sittings = coalesce((SELECT sitting FROM last), 0), last_at = (SELECT created_at FROM last),
          authors = CASE WHEN erased.author IS NULL THEN authors ELSE ARRAY(
            SELECT DISTINCT author FROM memory_messages
            WHERE user_id = OLD.user_id AND conversation_id = OLD.conversation_id AND author IS NOT NULL
            ORDER BY author LIMIT 100) END
        WHERE user_id = OLD.user_id AND conversation_id = OLD.conversation_id;
        RETURN OLD;
      END $$`);
    await runner.query(`
      CREATE TRIGGER memory_message_erased BEFORE DELETE ON messages
      FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION memory_message_erased()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER memory_message_erased ON messages');
    await runner.query('DROP FUNCTION memory_message_erased');
    await runner.query('ALTER TABLE conversations DROP COLUMN erasures');
  }
}
