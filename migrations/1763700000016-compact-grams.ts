import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Vectors of runs of characters are packed in another way: everything is indexed anew, by the next search or in the background. */
export class CompactGrams1763700000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('TRUNCATE memory_vectors, memory_messages');
    await runner.query(
      `UPDATE memory_conversations SET indexed_seq = 0, messages = 0, terms = 0, sittings = 0, last_at = NULL, authors = '{}'`,
    );
    // Smaller than that they are rarely; a compressor finds nothing in them.
    await runner.query('ALTER TABLE memory_vectors ALTER COLUMN grams SET STORAGE EXTERNAL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE memory_vectors ALTER COLUMN grams SET STORAGE EXTENDED');
  }
}
