import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a client keeps with a conversation. */
export class ConversationMetadata1763700000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE conversations ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE conversations DROP COLUMN metadata');
  }
}
