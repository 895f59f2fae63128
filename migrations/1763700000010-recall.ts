import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What messages can be found by, filled in after they are stored. */
export class Recall1763700000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // How far each conversation is indexed, and what a ranking needs to know of it as a whole.
    await runner.query(`
      CREATE TABLE memory_conversations (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        last_at timestamptz(3),
        terms bigint NOT NULL DEFAULT 0,
        indexed_seq integer NOT NULL DEFAULT 0,
        messages integer NOT NULL DEFAULT 0,
        sittings integer NOT NULL DEFAULT 0,
        authors text[] NOT NULL DEFAULT '{}',
        PRIMARY KEY (user_id, conversation_id),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE memory_messages (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        seq integer NOT NULL,
        sitting integer NOT NULL,
        length integer NOT NULL,
        active boolean NOT NULL,
        tells_when boolean NOT NULL,
        sampled boolean NOT NULL,
        author text,
        terms bytea NOT NULL,
        keys bigint[] NOT NULL,
        PRIMARY KEY (user_id, conversation_id, seq),
        FOREIGN KEY (user_id, conversation_id, seq) REFERENCES messages (user_id, conversation_id, seq) ON DELETE CASCADE
      )`);
    // The keys are only for the index, and are noise to a compressor; the terms are read with every candidate.
    await runner.query(`ALTER TABLE memory_messages ALTER COLUMN keys SET STORAGE EXTERNAL`);
    await runner.query(`ALTER TABLE memory_messages ALTER COLUMN terms SET STORAGE MAIN`);
    // Without fastupdate: every search would read the list of what all users said last.
    await runner.query(`CREATE INDEX memory_messages_keys ON memory_messages USING gin (keys) WITH (fastupdate = off)`);
    await runner.query(
      `CREATE INDEX memory_messages_sample ON memory_messages USING gin (keys) WITH (fastupdate = off) WHERE sampled`,
    );
    await runner.query(`CREATE INDEX memory_messages_time ON memory_messages (user_id, created_at)`);
    // Apart, because they are read for the few messages only that words speak for.
    await runner.query(`
      CREATE TABLE memory_vectors (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq integer NOT NULL,
        grams bytea NOT NULL,
        embedded_by text,
        signs bit varying,
        embedding bytea,
        PRIMARY KEY (user_id, conversation_id, seq),
        FOREIGN KEY (user_id, conversation_id, seq)
          REFERENCES memory_messages (user_id, conversation_id, seq) ON DELETE CASCADE
      )`);
    await runner.query(`ALTER TABLE memory_vectors ALTER COLUMN embedding SET STORAGE EXTERNAL`);
    await runner.query(`CREATE INDEX memory_vectors_embedded ON memory_vectors (user_id, embedded_by)`);
    // What was indexed is indexed anew when it changes. Answers being written change all the time, and are not indexed yet.
    await runner.query(`
      CREATE FUNCTION memory_message_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- First, so that whoever indexes this conversation at the moment is waited for.
        PERFORM FROM memory_conversations
        WHERE user_id = NEW.user_id AND conversation_id = NEW.conversation_id AND indexed_seq >= NEW.seq FOR UPDATE;
        IF NOT FOUND THEN RETURN NULL; END IF;
        WITH gone AS (
          DELETE FROM memory_messages
          WHERE user_id = NEW.user_id AND conversation_id = NEW.conversation_id AND seq >= NEW.seq
          RETURNING length
        ), before AS (
          SELECT sitting, created_at FROM memory_messages
          WHERE user_id = NEW.user_id AND conversation_id = NEW.conversation_id AND seq < NEW.seq ORDER BY seq DESC LIMIT 1
        )
        UPDATE memory_conversations SET indexed_seq = NEW.seq - 1,
          messages = messages - (SELECT count(*) FROM gone), terms = terms - (SELECT coalesce(sum(length), 0) FROM gone),
          sittings = coalesce((SELECT sitting FROM before), 0), last_at = (SELECT created_at FROM before)
        WHERE user_id = NEW.user_id AND conversation_id = NEW.conversation_id;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER memory_message_changed AFTER UPDATE OF content, status, metadata ON messages
      FOR EACH ROW WHEN (OLD.status <> 'streaming' AND (OLD.status <> NEW.status OR OLD.content <> NEW.content
        OR OLD.metadata -> 'author' IS DISTINCT FROM NEW.metadata -> 'author'))
      EXECUTE FUNCTION memory_message_changed()`);
    await runner.query(`
      CREATE FUNCTION memory_message_switched() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE memory_messages SET active = NEW.active
        WHERE user_id = NEW.user_id AND conversation_id = NEW.conversation_id AND seq = NEW.seq;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER memory_message_switched AFTER UPDATE OF active ON messages
      FOR EACH ROW WHEN (OLD.active <> NEW.active) EXECUTE FUNCTION memory_message_switched()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER memory_message_switched ON messages');
    await runner.query('DROP FUNCTION memory_message_switched');
    await runner.query('DROP TRIGGER memory_message_changed ON messages');
    await runner.query('DROP FUNCTION memory_message_changed');
    await runner.query('DROP TABLE memory_vectors');
    await runner.query('DROP TABLE memory_messages');
    await runner.query('DROP TABLE memory_conversations');
  }
}
