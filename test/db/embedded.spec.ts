import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { EmbeddedCluster } from '../../src/database/embedded/cluster.js';
import { onServer } from '../support/server.js';

let directory: string;
let opened: EmbeddedCluster[];
const open = async (): Promise<EmbeddedCluster> => {
  const cluster = await EmbeddedCluster.open({ directory, user: null });
  opened.push(cluster);
  return cluster;
};

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-embedded-'));
  chmodSync(directory, 0o755);
  opened = [];
});
afterEach(async () => {
  for (const cluster of opened) await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
});

const postmaster = (): number =>
  Number(readFileSync(path.join(directory, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);

/** What the server answers, as soon as it does. */
async function eventually(url: string, sql: string): Promise<object[]> {
  for (const until = Date.now() + 20_000; ;) {
    try {
      return await onServer(url, sql);
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

it('keeps what was stored over a stop and a start, and leaves no process behind', async () => {
  const first = await open();
  await onServer(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const pid = postmaster();
  await first.stop();
  expect(() => process.kill(pid, 0)).toThrow();
  const second = await open();
  expect(await onServer(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

it('has stopped only when the process is gone, which is a moment after its pid file', async () => {
  const cluster = await open();
  const pid = postmaster();
  const client = new Client({ connectionString: cluster.url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = rows[0]?.pid ?? 0;
  process.kill(backend, 'SIGSTOP'); // the server ends after all of its sessions, so it does not yet
  let isOver = false;
  const stopping = cluster.stop().then(() => (isOver = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  rmSync(path.join(directory, 'postgres/data/postmaster.pid'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isOver).toBe(false);
  process.kill(backend, 'SIGCONT');
  await stopping;
  expect(() => process.kill(pid, 0)).toThrow();
});

it('flushes to disk before it acknowledges, listens to this machine only, and keeps its password to itself', async () => {
  const { url } = await open();
  for (const [setting, value] of [
    ['fsync', 'on'],
    ['synchronous_commit', 'on'],
    ['full_page_writes', 'on'],
    ['listen_addresses', '127.0.0.1'],
  ]) {
    expect(await onServer(url, 'SELECT current_setting($1) AS value', [setting])).toEqual([{ value }]);
  }
  const stranger = new URL(url);
  stranger.password = 'guessed';
  await expect(onServer(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect(execFileSync('stat', ['-c', '%a', path.join(directory, 'postgres/password')], { encoding: 'utf8' })).toBe(
    '600\n',
  );
});

it('says so when another Engram uses the directory, and leaves that one alone', async () => {
  const first = await open();
  await expect(EmbeddedCluster.open({ directory, user: null })).rejects.toThrow('Another Engram is already running');
  expect(await onServer(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('brings the server back at the same place after it was killed', async () => {
  const { url } = await open();
  await onServer(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const before = postmaster();
  process.kill(before, 'SIGKILL');
  expect(await eventually(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  expect(postmaster()).not.toBe(before);
});

it('comes back at the same place also when that is taken for a while', async () => {
  const { url } = await open();
  process.kill(postmaster(), 'SIGKILL');
  const inTheWay = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    inTheWay.once('listening', resolve).on('error', () => setImmediate(listen));
    const listen = (): void => void inTheWay.listen(Number(new URL(url).port), '127.0.0.1');
    listen();
  });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  inTheWay.close();
  expect(await eventually(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('starts over when it was interrupted while it was being made', async () => {
  const first = await open();
  await first.stop();
  rmSync(path.join(directory, 'postgres/data'), { recursive: true });
  execFileSync('mkdir', ['-p', path.join(directory, 'postgres/data.new/base')]);
  const { url } = await open();
  expect(await onServer(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(existsSync(path.join(directory, 'postgres/data.new'))).toBe(false);
});
