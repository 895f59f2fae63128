import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { markdownTable } from '../../eval/score.js';
import { EmbeddedCluster } from '../../src/database/embedded/cluster.js';
import { Server } from '../turn/server.js';
import type { Order, Read } from './readers.js';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', multiple: true, default: ['200'] },
    deltas: { type: 'string', default: '500' },
    every: { type: 'string', default: '20' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout
    .write(`Measures answers of a language model that are streamed to many readers at once, and stored as they go.

  npm run bench:streaming -- [options]

  --streams N        readers at once (200); may be repeated
  --deltas N         pieces that the model says (500)
  --every MS         one so often (20)
  --profile DIR      a CPU profile of the server goes there
`);
  process.exit(0);
}
const deltas = Number(values.deltas);
const every = Number(values.every);
/** Questions come spread over this long. */
const WITHIN_MS = 2_000;
const ASKERS = 20;
/** Bounds for one event, and for the server's event loop. */
const EVENT_MICROSECONDS = 60;
const LOOP_MS = 25;

const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-bench-'));
chmodSync(directory, 0o755); // started by root, the database's user has to walk through it
const cluster = await EmbeddedCluster.open({ directory, user: null });
const children: ChildProcess[] = [];
try {
  await bench();
} finally {
  for (const child of children) child.kill();
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const model = helper('model.js', { DELTAS: String(deltas), EVERY_MS: String(every) });
  const [modelUrl] = (await once(model, 'message')) as [string];
  const server = await Server.start(
    '../../src/main.js',
    {
      DATABASE_URL: cluster.url,
      LLM_BASE_URL: modelUrl,
      LLM_MODEL: 'steady',
      LLM_TIMEOUT_MS: '600000',
      JWT_SECRET: 'the secret of a server that only this benchmark talks to',
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '0',
      SIGN_IN_LIMIT_PER_MINUTE: '0',
    },
    values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(values.profile)}`],
  );
  const client = new Client({ connectionString: cluster.url });
  await client.connect();
  try {
    const readers = helper('readers.js', {});
    const tokens = await askers(server.url);
    const read = async (streams: number): Promise<Read> => {
      const order: Order = { url: server.url, tokens, streams, within: WITHIN_MS };
      readers.send(order);
      const [done] = (await once(readers, 'message')) as [Read];
      if (done.completed !== streams) throw new Error(`${streams - done.completed} streams did not end as they should`);
      return done;
    };
    await read(20); // compiled, connected, cached
    const rows: string[][] = [];
    for (const streams of values.streams.map(Number)) {
      await sleep(1_000);
      rows.push(await measured({ streams, server, client, read }));
      process.stderr.write(`${streams} streams\n`);
    }
    process.stdout.write(
      `\n${os.cpus().length} cores, load ${os.loadavg()[0]?.toFixed(1)}; ${deltas} deltas, one every ${every} ms\n\n${table(rows)}\n`,
    );
  } finally {
    await client.end();
    await server.stop();
  }
}

interface Run {
  readonly streams: number;
  readonly server: Server;
  readonly client: Client;
  readonly read: (streams: number) => Promise<Read>;
}

async function measured({ streams, server, client, read }: Run): Promise<string[]> {
  const count = async (): Promise<{ rows: number; wal: number }> => {
    const { rows } = await client.query<{ rows: number; wal: number }>(
      `SELECT (SELECT count(*)::integer FROM run_events) AS rows, (pg_current_wal_lsn() - '0/0')::float8 AS wal`,
    );
    return rows[0] ?? { rows: 0, wal: 0 };
  };
  const stored = await count();
  const before = await server.read();
  let peak = before.rss;
  const watch = setInterval(() => (peak = Math.max(peak, residentBytes(server.pid))), 200);
  const started = Date.now();
  const done = await read(streams);
  const seconds = (Date.now() - started) / 1_000;
  clearInterval(watch);
  const after = await server.read();
  const now = await count();
  const cpu = after.cpu - before.cpu;
  const perAnswer = (total: number): string => (total / streams).toFixed(1);
  const perEvent = cpu / done.events;
  return [
    String(streams),
    (cpu / done.deltas).toFixed(1),
    `${perEvent.toFixed(1)}${perEvent <= EVENT_MICROSECONDS ? '' : ' NO'}`,
    `${Math.round((100 * cpu) / 1e6 / seconds)} %`,
    `${after.loopDelay.toFixed(1)}${after.loopDelay < LOOP_MS ? '' : ' NO'}`,
    `${Math.round((peak - before.rss) / 1024 / streams)}`,
    `${Math.round(peak / 1024 / 1024)}`,
    perAnswer(done.events),
    perAnswer(now.rows - stored.rows),
    perAnswer(after.statements - before.statements),
    `${Math.round((now.wal - stored.wal) / streams / 1024)}`,
    `${done.first[0].toFixed(0)} / ${done.first[1].toFixed(0)}`,
    `${done.way[0].toFixed(0)} / ${done.way[1].toFixed(0)}`,
  ];
}

function table(rows: readonly string[][]): string {
  return markdownTable(
    [
      'streams',
      'CPU µs a delta',
      `CPU µs an event (≤ ${EVENT_MICROSECONDS})`,
      'of a core',
      `loop p99 ms (< ${LOOP_MS})`,
      'kB a stream',
      'peak MB',
      'events an answer',
      'rows an answer',
      'statements an answer',
      'WAL kB an answer',
      'first words ms p50 / p99',
      'delta on its way ms p50 / p99',
    ],
    rows,
  );
}

async function askers(url: string): Promise<string[]> {
  const tokens: string[] = [];
  for (let nth = 1; nth <= ASKERS; nth++) {
    const response = await fetch(`${url}/api/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `asker${nth}@bench.example.com`, password: 'nobody else signs in here' }),
    });
    tokens.push(((await response.json()) as { accessToken: string }).accessToken);
  }
  return tokens;
}

function helper(file: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { env: { ...process.env, ...environment } });
  children.push(child);
  return child;
}

/** As Linux counts it; elsewhere 0, and only the readings before and after count. */
function residentBytes(pid: number): number {
  try {
    return 1_024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
