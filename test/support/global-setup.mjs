import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tsImport } from 'tsx/esm/api';

/**
 * One server for all tests: the one at DATABASE_URL, else an embedded one that need not outlive the run. Migrations run
 * once, into a template; every test file copies it (see database.ts).
 */
export default async function setUp() {
  const { openTestServer } = await tsImport('./server.ts', import.meta.url);
  const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-test-'));
  const server = await openTestServer(directory);
  globalThis.engramTestServer = server;
  process.env.ENGRAM_TEST_SERVER = server.url;
  process.env.ENGRAM_TEST_TEMPLATE = server.template;
}
