import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Operation } from './operations.js';
import { CONVERSATIONS, USERS } from './population.js';

export type Statements = Readonly<Record<Exclude<Operation, 'turn'>, string>>;

const PICK = `\\set u random(1, ${USERS})\n\\set c :u + ${USERS} * random(0, ${CONVERSATIONS / USERS - 1})\n`;
const USER = `('00000000-0000-7000-8000-' || lpad(to_hex(:u::int), 12, '0'))::uuid`;
const CONVERSATION = `('00000000-0001-7000-8000-' || lpad(to_hex(:c::int), 12, '0'))::uuid`;
const NEW = 'gen_random_uuid()';
const QUESTION = `'How did this region do in 2020, and is that usual for it?'`;
const ANSWER = `repeat('One region stands out, and most of the change comes from it. ', 7)`;

const message = (role: string, content: string): string[] => [
  NEW,
  `'${role}'`,
  `'text'`,
  `'complete'`,
  content,
  `'{}'`,
  'NULL',
];

/** What stands in the place of each parameter of the product's statements, in order. */
const VALUES: Readonly<Record<keyof Statements, readonly string[]>> = {
  store: [
    USER,
    CONVERSATION,
    QUESTION,
    QUESTION,
    NEW,
    `'{}'`,
    ...message('user', QUESTION),
    ...message('assistant', ANSWER),
  ],
  list: [USER, `'infinity'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`, '21'],
  last: [USER, CONVERSATION, '2147483647', '11'],
};

export const hasPgbench = (): boolean => spawnSync('pgbench', ['--version']).status === 0;

/** Transactions a second of a statement alone, by `pgbench` with prepared statements. */
export function pgbench(
  url: string,
  operation: keyof Statements,
  text: string,
  clients: number,
  seconds: number,
): number {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-pgbench-'));
  try {
    const script = path.join(directory, 'script.sql');
    writeFileSync(
      script,
      `${PICK}${text.replace(/\$(\d+)/g, (_, n: string) => VALUES[operation][Number(n) - 1] ?? 'NULL')};\n`,
    );
    const { stdout, stderr } = spawnSync(
      'pgbench',
      ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(seconds), '-f', script, url],
      { encoding: 'utf8' },
    );
    const [, rate] = /tps = ([\d.]+)/.exec(stdout) ?? [];
    if (rate === undefined) throw new Error(`pgbench: ${stderr.slice(0, 500)}`);
    return Number(rate);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
