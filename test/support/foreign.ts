import { randomBytes } from 'node:crypto';
import { databaseOn, onServer } from './server.js';

/** A second database on the test server, with a role of its own that may read a part of it. */
export interface ForeignDatabase {
  readonly role: string;
  readonly password: string;
  /** As the role, to be registered. */
  readonly url: string;
  /** As the server's owner. */
  query<T extends object = Record<string, unknown>>(sql: string): Promise<T[]>;
  /** While it is down nobody signs in, and who is there is thrown out. */
  setDown(down: boolean): Promise<void>;
  drop(): Promise<void>;
}

export async function foreignDatabase(): Promise<ForeignDatabase> {
  const server = process.env['ENGRAM_TEST_SERVER'] ?? '';
  const name = `${process.env['ENGRAM_TEST_TEMPLATE'] ?? ''}_f${randomBytes(4).toString('hex')}`;
  const [role, password] = [`reader_${randomBytes(4).toString('hex')}`, `p@ss/${randomBytes(8).toString('hex')}`];
  await onServer(server, `CREATE DATABASE ${name}`);
  await onServer(server, `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  const owner = databaseOn(server, name);
  const query = <T extends object>(sql: string): Promise<T[]> => onServer<T>(owner, sql);
  await query(SCHEMA.replaceAll('READER', role));
  const url = new URL(owner);
  url.username = role;
  url.password = encodeURIComponent(password);
  url.searchParams.set('sslmode', 'disable');
  return {
    role,
    password,
    url: url.href,
    query,
    async setDown(down) {
      await onServer(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${String(!down)}`);
      if (down)
        await onServer(server, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    },
    async drop() {
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await onServer(server, `DROP ROLE IF EXISTS ${role}`);
    },
  };
}

const SCHEMA = `
  CREATE SCHEMA sales;
  CREATE SCHEMA hidden;
  CREATE TYPE sales.mood AS ENUM ('good', 'fair');
  CREATE DOMAIN sales.amount AS numeric(12, 2);
  CREATE TABLE sales."Orders" (
    "Order Id" int PRIMARY KEY,
    region text,
    "say ""hi""" varchar(40),
    revenue sales.amount,
    cost numeric,
    weight real,
    paid boolean,
    ordered date,
    seen timestamptz,
    noted timestamp,
    mood sales.mood,
    token uuid,
    extra jsonb,
    tags text[]
  );
  COMMENT ON TABLE sales."Orders" IS 'Every order, one row each';
  COMMENT ON COLUMN sales."Orders".revenue IS 'What was billed';
  INSERT INTO sales."Orders"
    SELECT i, (ARRAY['North', 'South', 'Öst', NULL])[i % 4 + 1], 'v' || i % 5, 100 + i, 60.5 + i % 7, i / 10.0, i % 2 = 0,
      date '2023-01-01' + i * 11, timestamptz '2024-02-28 22:00+00' + i * interval '7 hours',
      CASE WHEN i % 3 > 0 THEN timestamp '2024-01-01' + i * interval '90 minutes' END,
      (ARRAY['good', 'fair'])[i % 2 + 1]::sales.mood, ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid, '{}', '{a}'
    FROM generate_series(1, 60) AS i;
  INSERT INTO sales."Orders" ("Order Id", cost) VALUES (61, 'NaN');
  CREATE VIEW sales.by_region AS SELECT region, sum(revenue) AS revenue FROM sales."Orders" GROUP BY region;
  CREATE VIEW sales.slow AS SELECT i AS n, pg_sleep(0.2)::text AS waited FROM generate_series(1, 100) AS i;
  CREATE TABLE sales.empty (name text, n int);
  CREATE TABLE sales.only_json (doc jsonb);
  CREATE TABLE sales.big AS
    SELECT i AS n, 'place ' || i % 30 AS place, 'code-' || i AS code, i % 100 AS amount FROM generate_series(1, 30000) AS i;
  CREATE TABLE sales.loose (a int, b text);
  CREATE TABLE sales.secret (a int);
  CREATE TABLE hidden.things (a int);
  GRANT USAGE ON SCHEMA sales, hidden TO READER;
  GRANT SELECT ON ALL TABLES IN SCHEMA sales, hidden TO READER;
  REVOKE ALL ON sales.secret FROM READER;
  GRANT INSERT ON sales.loose TO READER;
  ANALYZE`;
