import { chmodSync, rmSync } from 'node:fs';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { loadConfig } from '../../src/config/config.js';
import { EmbeddedCluster } from '../../src/database/embedded/cluster.js';
import { migrate } from '../../src/database/migrate.js';
import { connectionOptions } from '../../src/database/options.js';

export interface TestServer {
  /** Of a database on the server from which others can be made. */
  readonly url: string;
  /** Name of a database with every migration and nobody connected. */
  readonly template: string;
  close(): Promise<void>;
}

/** Durability is not what most tests are about; those that kill servers start their own. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export async function openTestServer(directory: string): Promise<TestServer> {
  const given = process.env['DATABASE_URL'];
  chmodSync(directory, 0o755);
  const cluster = given ? null : await EmbeddedCluster.open({ directory, user: null, settings: FAST });
  const url = given || (cluster?.url ?? '');
  const template = `engram_test_${Date.now().toString(36)}_${process.pid}`;
  await onServer(url, `CREATE DATABASE ${template}`);
  const source = new DataSource(connectionOptions(databaseOn(url, template), loadConfig({}).database));
  await source.initialize();
  await migrate(source);
  await source.destroy();
  return {
    url,
    template,
    async close() {
      if (cluster !== null) await cluster.stop();
      else await dropAll(url, template);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The same server, another database. */
export function databaseOn(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

export async function onServer<T extends object>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function dropAll(url: string, template: string): Promise<void> {
  const left = await onServer<{ datname: string }>(
    url,
    `SELECT datname FROM pg_database WHERE datname = $1 OR datname LIKE $1 || '\\_%'`,
    [template],
  );
  for (const { datname } of left) await onServer(url, `DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
}
