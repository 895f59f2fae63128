import { randomBytes } from 'node:crypto';
import { databaseOn, onServer } from './server.js';

export interface TestDatabase {
  readonly url: string;
  /** What no client may do: a look behind, or a fault. */
  query(text: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** A database of one's own with every migration: a copy of the template, made in some 50 ms. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = needed('ENGRAM_TEST_SERVER');
  const template = needed('ENGRAM_TEST_TEMPLATE');
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  for (let attempt = 1; ; attempt++) {
    try {
      await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
      break;
    } catch (error) {
      // Two workers copying at the same moment: "source database is being accessed by other users".
      if (attempt === 20 || (error as { code?: string }).code !== '55006') throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
    }
  }
  return {
    url: databaseOn(server, name),
    query: (text) => onServer(databaseOn(server, name), text),
    drop: async () => {
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests through jest`);
  return value;
}
