import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { loadConfig } from '../../src/config/config.js';
import { migrate } from '../../src/database/migrate.js';
import { connectionOptions } from '../../src/database/options.js';
import { migrations } from '../../migrations/list.js';
import { databaseOn, onServer } from '../support/server.js';

const server = process.env['ENGRAM_TEST_SERVER'] ?? '';
const name = `${process.env['ENGRAM_TEST_TEMPLATE'] ?? ''}_${randomBytes(4).toString('hex')}`;
const source = new DataSource(connectionOptions(databaseOn(server, name), loadConfig({}).database));

beforeAll(async () => {
  await onServer(server, `CREATE DATABASE ${name}`);
  await source.initialize();
});
afterAll(async () => {
  await source.destroy();
  await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
});

const relations = (): Promise<{ name: string }[]> =>
  source.query(`
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relname !~ '^migrations'
    ORDER BY 1`);

it('goes up, all the way back, and up again to the same schema', async () => {
  expect(await migrate(source)).toHaveLength(migrations.length);
  const first = await relations();
  expect(first.length).toBeGreaterThan(0);
  for (let i = 0; i < migrations.length; i++) await source.undoLastMigration({ transaction: 'each' });
  expect(await relations()).toEqual([]);
  expect(await migrate(source)).toHaveLength(migrations.length);
  expect(await relations()).toEqual(first);
});

it('runs what is pending once, however many start at the same moment', async () => {
  for (let i = 0; i < migrations.length; i++) await source.undoLastMigration({ transaction: 'each' });
  const others = Array.from({ length: 3 }, () => new DataSource(source.options));
  await Promise.all(others.map((other) => other.initialize()));
  const ran = await Promise.all(others.map((other) => migrate(other)));
  expect(ran.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([0, 0, migrations.length]);
  await Promise.all(others.map((other) => other.destroy()));
});
