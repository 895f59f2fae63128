import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which instances there are, and what each promises of its cache. */
export class CacheMembers1763700000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE cache_members (id uuid PRIMARY KEY, declares text NOT NULL, seen_at timestamptz(3) NOT NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cache_members');
  }
}
