import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known about each user, and from which of their messages. */
export class Facts1763700000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Until when a fact held is not stored: it follows from the next one of its key, also after that one was erased.
    await runner.query(`
      CREATE TABLE memory_facts (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        id uuid NOT NULL,
        valid_from timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        rule_version integer,
        confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        ended boolean NOT NULL DEFAULT false,
        enabled boolean NOT NULL DEFAULT true,
        sourced boolean NOT NULL,
        origin text NOT NULL CHECK (origin IN ('learned', 'stated', 'edited')),
        kind text NOT NULL CHECK (kind IN ('identity', 'work', 'place', 'preference', 'remembered', 'other')),
        key text NOT NULL,
        value text NOT NULL,
        statement text NOT NULL,
        rule text,
        model text,
        PRIMARY KEY (user_id, id)
      )`);
    await runner.query(`CREATE INDEX memory_facts_versions ON memory_facts (user_id, key, valid_from, id)`);
    await runner.query(`
      CREATE TABLE memory_fact_sources (
        user_id uuid NOT NULL,
        fact_id uuid NOT NULL,
        message_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        said_at timestamptz(3) NOT NULL,
        quote text NOT NULL,
        PRIMARY KEY (user_id, fact_id, message_id),
        FOREIGN KEY (user_id, fact_id) REFERENCES memory_facts (user_id, id) ON DELETE CASCADE,
        FOREIGN KEY (user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE
      )`);
    // Every deleted message looks here for what came from it.
    await runner.query(`CREATE INDEX memory_fact_sources_message ON memory_fact_sources (user_id, message_id)`);
    // However the last message that said it goes, the fact goes in the same transaction.
    await runner.query(`
      CREATE FUNCTION drop_fact_without_source() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM memory_facts f
        WHERE f.user_id = OLD.user_id AND f.id = OLD.fact_id AND f.sourced
          AND NOT EXISTS (SELECT FROM memory_fact_sources s WHERE s.user_id = f.user_id AND s.fact_id = f.id);
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER memory_fact_sources_gone AFTER DELETE ON memory_fact_sources
      FOR EACH ROW EXECUTE FUNCTION drop_fact_without_source()`);
    await runner.query(`
      CREATE TABLE memory_settings (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        learning boolean NOT NULL DEFAULT true,
        learn_since timestamptz(3),
        short_term_since timestamptz(3),
        looked_at timestamptz(3),
        busy_until timestamptz(3)
      )`);
    await runner.query(`
      CREATE TABLE memory_cursors (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq integer NOT NULL,
        PRIMARY KEY (user_id, conversation_id),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE memory_cursors');
    await runner.query('DROP TABLE memory_settings');
    await runner.query('DROP TABLE memory_fact_sources');
    await runner.query('DROP FUNCTION drop_fact_without_source()');
    await runner.query('DROP TABLE memory_facts');
  }
}
