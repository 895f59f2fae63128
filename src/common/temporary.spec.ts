import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sweepTemporary } from './temporary.js';

let within: string;
beforeEach(() => {
  within = mkdtempSync(path.join(os.tmpdir(), 'engram-sweep-'));
});
afterEach(() => rmSync(within, { recursive: true }));

const HOUR_MS = 3_600_000;
/** The number of a process that is gone. */
const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid;

function left(name: string, hoursAgo: number): void {
  const directory = path.join(within, name);
  mkdirSync(directory);
  const file = path.join(directory, 'file');
  writeFileSync(file, 'half of a table');
  const at = new Date(Date.now() - hoursAgo * HOUR_MS);
  for (const each of [file, directory]) utimesSync(each, at, at);
}

it('removes what killed processes left, and nothing else', async () => {
  const pid = gone();
  left(`engram-upload-${pid}-old`, 2);
  left(`engram-upload-${process.pid}-before`, 2);
  const kept = [
    `engram-upload-${pid}-written`,
    `engram-upload-${process.ppid}-alive`,
    'other-thing',
    'engram-upload-x',
  ];
  for (const [at, name] of kept.entries()) left(name, at === 0 ? 0 : 2);
  expect(await sweepTemporary(within)).toBe(2);
  expect(readdirSync(within).sort()).toEqual(kept.toSorted());
  expect(await sweepTemporary(within, Date.now() + HOUR_MS)).toBe(1);
});
