import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports of conversations, data sets and collections; when they are made by themselves; and how a persona's look. */
export class Reports1763700000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE personas ADD COLUMN report_template jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`
      CREATE TABLE report_schedules (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        id uuid NOT NULL,
        source_id uuid NOT NULL,
        conversation_id uuid,
        persona_id uuid REFERENCES personas ON DELETE SET NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        next_at timestamptz(3),
        last_at timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        keep integer NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        source_kind text NOT NULL CHECK (source_kind IN ('conversation', 'dataset', 'collection')),
        title text,
        cron text NOT NULL,
        time_zone text NOT NULL,
        options jsonb NOT NULL,
        PRIMARY KEY (user_id, id),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
      )`);
    await runner.query(`CREATE INDEX report_schedules_due ON report_schedules (next_at) WHERE enabled`);
    await runner.query(
      `CREATE INDEX report_schedules_conversation ON report_schedules (user_id, conversation_id) WHERE conversation_id IS NOT NULL`,
    );
    // The report of a conversation goes with it, and with the message that tells of it: erasing what it was made of erases that.
    await runner.query(`
      CREATE TABLE reports (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        id uuid NOT NULL,
        source_id uuid NOT NULL,
        conversation_id uuid,
        message_id uuid,
        schedule_id uuid,
        persona_id uuid REFERENCES personas ON DELETE SET NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        queued_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        busy_until timestamptz(3),
        attempts integer NOT NULL DEFAULT 0,
        tries integer NOT NULL DEFAULT 0,
        progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
        source_kind text NOT NULL CHECK (source_kind IN ('conversation', 'dataset', 'collection')),
        status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        step text,
        title text,
        error_code text,
        error_message text,
        idempotency_key text,
        digest text,
        options jsonb NOT NULL,
        content jsonb,
        PRIMARY KEY (user_id, id),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE,
        FOREIGN KEY (user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE,
        FOREIGN KEY (user_id, schedule_id) REFERENCES report_schedules (user_id, id) ON DELETE SET NULL (schedule_id)
      )`);
    await runner.query(`CREATE INDEX reports_queue ON reports (queued_at) WHERE status IN ('queued', 'running')`);
    await runner.query(
      `CREATE UNIQUE INDEX reports_key ON reports (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL`,
    );
    for (const column of ['message_id', 'conversation_id', 'schedule_id']) {
      await runner.query(
        `CREATE INDEX reports_${column.replace('_id', '')} ON reports (user_id, ${column}) WHERE ${column} IS NOT NULL`,
      );
    }
    await runner.query(`
      CREATE TABLE report_files (
        user_id uuid NOT NULL,
        report_id uuid NOT NULL,
        format text NOT NULL CHECK (format IN ('html', 'md', 'pdf')),
        digest text NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (user_id, report_id, format),
        FOREIGN KEY (user_id, report_id) REFERENCES reports (user_id, id) ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE report_files');
    await runner.query('DROP TABLE reports');
    await runner.query('DROP TABLE report_schedules');
    await runner.query('ALTER TABLE personas DROP COLUMN report_template');
  }
}
