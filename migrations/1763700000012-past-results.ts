import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What analytical answers can be found by. */
export class PastResults1763700000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Keys and numbers only: what was asked and answered is in the message, and goes with it.
    await runner.query(`
      CREATE TABLE memory_results (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        dataset_id uuid NOT NULL,
        signature uuid NOT NULL,
        answered_at timestamptz(3) NOT NULL,
        seq integer NOT NULL,
        active boolean NOT NULL,
        keyed boolean NOT NULL DEFAULT false,
        marks bytea NOT NULL,
        keys bigint[] NOT NULL,
        PRIMARY KEY (user_id, conversation_id, seq),
        FOREIGN KEY (user_id, conversation_id, seq) REFERENCES messages (user_id, conversation_id, seq) ON DELETE CASCADE
      )`);
    // The keys are only for the index; the marks are read with every candidate.
    await runner.query(`ALTER TABLE memory_results ALTER COLUMN marks SET STORAGE MAIN`);
    await runner.query(`CREATE INDEX memory_results_time ON memory_results (user_id, answered_at)`);
    await runner.query(`CREATE INDEX memory_results_signature ON memory_results (user_id, signature, answered_at)`);
    // Not of the newest, which are read anyway: an answer would write more for it than for all else. Without fastupdate:
    // every search would read the list of what all users were answered last.
    await runner.query(
      `CREATE INDEX memory_results_keys ON memory_results USING gin (keys) WITH (fastupdate = off) WHERE keyed`,
    );
    await runner.query(`
      CREATE FUNCTION memory_result_switched() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE memory_results SET active = NEW.active
        WHERE user_id = NEW.user_id AND conversation_id = NEW.conversation_id AND seq = NEW.seq;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER memory_result_switched AFTER UPDATE OF active ON messages
      FOR EACH ROW WHEN (OLD.active <> NEW.active AND NEW.type = 'analysis') EXECUTE FUNCTION memory_result_switched()`);
    // Whose answers from before this table are not in it yet: they are read when results are first looked for.
    await runner.query(`
      CREATE TABLE memory_results_unread (
        user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query(`INSERT INTO memory_results_unread SELECT DISTINCT user_id FROM conversations`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE memory_results_unread');
    await runner.query('DROP TRIGGER memory_result_switched ON messages');
    await runner.query('DROP FUNCTION memory_result_switched');
    await runner.query('DROP TABLE memory_results');
  }
}
