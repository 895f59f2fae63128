import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What follows from the erasure of one message. */
export class ErasureAndSummaries1763700000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What a process keeps at hand of a conversation holds as long as this number is the same.
    await runner.query(
      `ALTER TABLE conversations ADD COLUMN erasures integer NOT NULL DEFAULT 0, ADD COLUMN title_seq integer`,
    );
    // Every version of every conversation's summary; each covers the path from its beginning to one message.
    await runner.query(`
      CREATE TABLE memory_summaries (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        upto_seq integer NOT NULL,
        covered integer NOT NULL,
        method text NOT NULL CHECK (method IN ('extractive', 'model')),
        model text,
        text text NOT NULL,
        sentences jsonb NOT NULL,
        words jsonb NOT NULL,
        PRIMARY KEY (user_id, conversation_id, upto_seq),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
      )`);
    // Who is at what, and until when at the latest. Small at all times.
    await runner.query(`
      CREATE TABLE memory_claims (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        work text NOT NULL,
        until timestamptz(3) NOT NULL,
        PRIMARY KEY (user_id, conversation_id, work),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
      )`);
    // A version that ends on the active path covers nothing that is off it; of the others it is not known what they cover.
    await runner.query(`
      CREATE FUNCTION memory_drop_summaries(message messages) RETURNS void LANGUAGE sql AS $$
        DELETE FROM memory_summaries s
        WHERE s.user_id = message.user_id AND s.conversation_id = message.conversation_id AND s.upto_seq >= message.seq
          AND (message.active OR NOT EXISTS (SELECT FROM messages m
            WHERE m.user_id = s.user_id AND m.conversation_id = s.conversation_id AND m.seq = s.upto_seq AND m.active))
      $$`);
    await runner.query(`
      CREATE FUNCTION memory_summarized_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM memory_drop_summaries(OLD);
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER memory_summarized_changed AFTER UPDATE OF content, status ON messages
      FOR EACH ROW WHEN (OLD.status <> 'streaming' AND (OLD.status <> NEW.status OR OLD.content <> NEW.content))
      EXECUTE FUNCTION memory_summarized_changed()`);
    // Before its row goes, and with it what is known of it. Where a whole conversation goes nothing is left to put right:
    // then messages are deleted by the trigger of a foreign key, and this one is not called.
    await runner.query(`
      CREATE FUNCTION memory_message_erased() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        erased memory_messages;
      BEGIN
        PERFORM memory_drop_summaries(OLD);
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
    await runner.query('DROP TRIGGER memory_summarized_changed ON messages');
    await runner.query('DROP FUNCTION memory_summarized_changed');
    await runner.query('DROP FUNCTION memory_drop_summaries');
    await runner.query('DROP TABLE memory_claims');
    await runner.query('DROP TABLE memory_summaries');
    await runner.query('ALTER TABLE conversations DROP COLUMN title_seq, DROP COLUMN erasures');
  }
}
