import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The execution of each turn: what was asked, what it became, and why it failed where it did. */
export class Runs1763700000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE runs (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        user_message_id uuid NOT NULL,
        message_id uuid,
        status text NOT NULL,
        error jsonb,
        started_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        PRIMARY KEY (user_id, id),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX runs_of_conversation ON runs (user_id, conversation_id)');
    // Small at all times: what is left in it after a crash is what has to be settled.
    await runner.query(`CREATE INDEX runs_running ON runs (started_at) WHERE status = 'running'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE runs');
  }
}
