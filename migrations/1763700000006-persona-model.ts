import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which language model a persona speaks through, and how freely. */
export class PersonaModel1763700000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE personas
        ADD COLUMN model text,
        ADD COLUMN temperature real CONSTRAINT personas_temperature_check CHECK (temperature BETWEEN 0 AND 2)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE personas DROP COLUMN temperature, DROP COLUMN model');
  }
}
