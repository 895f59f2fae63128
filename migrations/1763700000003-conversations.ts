import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Conversations1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // persona_id has no index on purpose: every append would pay for it, and only deleting a persona would read it.
    await runner.query(`
      CREATE TABLE conversations (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        id uuid NOT NULL,
        persona_id uuid NOT NULL REFERENCES personas,
        tail_id uuid,
        tail_before_id uuid,
        last_activity_at timestamptz(3) NOT NULL DEFAULT now(),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        message_count integer NOT NULL DEFAULT 0,
        last_seq integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        title_by text NOT NULL DEFAULT 'auto' CHECK (title_by IN ('auto', 'user')),
        title text,
        given_title text,
        last_message_preview text,
        client_id text,
        PRIMARY KEY (user_id, id)
      ) WITH (fillfactor = 70)`);
    await runner.query(`CREATE INDEX conversations_recent ON conversations (user_id, last_activity_at DESC, id DESC)`);
    await runner.query(
      `CREATE UNIQUE INDEX conversations_client ON conversations (user_id, client_id) WHERE client_id IS NOT NULL`,
    );
    // The key is the order of reading: "the last ten" is one backward range of it.
    await runner.query(`
      CREATE TABLE messages (
        user_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        id uuid NOT NULL,
        parent_id uuid,
        created_at timestamptz(3) NOT NULL,
        seq integer NOT NULL,
        active boolean NOT NULL DEFAULT true,
        role text NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
        type text NOT NULL DEFAULT 'text',
        status text NOT NULL DEFAULT 'complete'
          CHECK (status IN ('complete', 'streaming', 'failed', 'stopped', 'interrupted')),
        content text NOT NULL,
        metadata jsonb NOT NULL DEFAULT '{}',
        client_id text,
        PRIMARY KEY (user_id, conversation_id, seq),
        UNIQUE (user_id, id),
        FOREIGN KEY (user_id, conversation_id) REFERENCES conversations ON DELETE CASCADE
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX messages_client ON messages (user_id, client_id) WHERE client_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE messages`);
    await runner.query(`DROP TABLE conversations`);
  }
}
