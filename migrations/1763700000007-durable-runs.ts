import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that outlive their process: who works on each, what it told so far, and what makes a repeated send the same one. */
export class DurableRuns1763700000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Runs without an answer are what a dead process left; there is nothing in them to go on from.
    await runner.query('DELETE FROM runs WHERE message_id IS NULL');
    await runner.query('DROP INDEX runs_running');
    await runner.query(`
      ALTER TABLE runs
        ALTER COLUMN message_id SET NOT NULL,
        ADD COLUMN instance_id uuid,
        ADD COLUMN stop_requested boolean NOT NULL DEFAULT false,
        ADD COLUMN logged boolean NOT NULL DEFAULT false,
        ADD COLUMN last_seq integer NOT NULL DEFAULT 0,
        ADD COLUMN request jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN digest text,
        ADD COLUMN idempotency_key text`);
    // Small at all times, all three: what is at work, what waits, and what has events that can go.
    await runner.query(`CREATE UNIQUE INDEX runs_active ON runs (user_id, conversation_id) WHERE status = 'running'`);
    await runner.query(
      `CREATE INDEX runs_queued ON runs (user_id, conversation_id, started_at) WHERE status = 'queued'`,
    );
    await runner.query('CREATE INDEX runs_logged ON runs (finished_at) WHERE logged');
    await runner.query(
      `CREATE UNIQUE INDEX runs_idempotency ON runs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE run_events (
        user_id uuid NOT NULL,
        run_id uuid NOT NULL,
        seq integer NOT NULL,
        event text NOT NULL,
        data json NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, run_id, seq),
        FOREIGN KEY (user_id, run_id) REFERENCES runs (user_id, id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE instances (
        id uuid PRIMARY KEY,
        started_at timestamptz(3) NOT NULL DEFAULT now(),
        seen_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      ALTER TABLE conversations ADD COLUMN forked_from_id uuid, ADD COLUMN forked_from_message_id uuid`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE conversations DROP COLUMN forked_from_id, DROP COLUMN forked_from_message_id');
    await runner.query('DROP TABLE instances');
    await runner.query('DROP TABLE run_events');
    await runner.query('DROP INDEX runs_idempotency, runs_logged, runs_queued, runs_active');
    await runner.query(`
      ALTER TABLE runs
        ALTER COLUMN message_id DROP NOT NULL,
        DROP COLUMN instance_id,
        DROP COLUMN stop_requested,
        DROP COLUMN logged,
        DROP COLUMN last_seq,
        DROP COLUMN request,
        DROP COLUMN digest,
        DROP COLUMN idempotency_key`);
    await runner.query(`CREATE INDEX runs_running ON runs (started_at) WHERE status = 'running'`);
  }
}
