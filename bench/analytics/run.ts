import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../../eval/score.js';
import { EmbeddedCluster } from '../../src/database/embedded/cluster.js';
import { Server } from '../turn/server.js';
import { csvOf } from './orders.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    questions: { type: 'string', default: '40' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`Uploads a large CSV over HTTP and asks it grouped questions.

  npm run bench:analytics -- [options]

  --rows N        of the CSV, 8 columns each (1000000)
  --questions N   of each kind, one after the other, no two the same (40)
`);
  process.exit(0);
}
const rowCount = Number(values.rows);
const rounds = Number(values.questions);
/** Bounds for a million rows. */
const INGEST_SECONDS = 60;
const P95_MS = 300;

const TOTAL = { aggregate: 'sum', of: { column: 'amount' } };
const AVERAGE = { aggregate: 'avg', of: { column: 'amount' } };
/** Each with something of its own, so that no answer is one that was kept. */
const QUESTIONS: Readonly<Record<string, (i: number) => object>> = {
  'total by region': (i) => ({
    select: [{ value: { column: 'region' } }, { value: TOTAL }],
    where: { compare: '>', left: { column: 'quantity' }, right: { literal: -i } },
    groupBy: [{ column: 'region' }],
  }),
  'average by region and year of one product': (i) => ({
    select: [{ value: { column: 'region' } }, { value: { column: 'day', grain: 'year' } }, { value: AVERAGE }],
    where: { compare: '=', left: { column: 'product' }, right: { literal: `Product ${i % 200}` } },
    groupBy: [{ column: 'region' }, { column: 'day', grain: 'year' }],
  }),
  'total by month in one region': (i) => ({
    select: [{ value: { column: 'day', grain: 'month' } }, { value: TOTAL }],
    where: {
      and: [
        { compare: '=', left: { column: 'region' }, right: { literal: 'North' } },
        { compare: '>', left: { column: 'amount' }, right: { literal: i } },
      ],
    },
    groupBy: [{ column: 'day', grain: 'month' }],
  }),
  'the ten best products of a year': (i) => ({
    select: [{ value: { column: 'product' } }, { value: TOTAL, as: 'total' }],
    where: { compare: '=', left: { column: 'day' }, right: { literal: String(2020 + (i % 5)) } },
    groupBy: [{ column: 'product' }],
    orderBy: [{ by: TOTAL, direction: 'desc' }],
    limit: 10 + i,
  }),
};

const directory = mkdtempSync(path.join(os.tmpdir(), 'engram-bench-'));
chmodSync(directory, 0o755); // started by root, the database's user has to walk through it
const cluster = await EmbeddedCluster.open({ directory, user: null });
const server = await Server.start('../../src/main.js', {
  DATABASE_URL: cluster.url,
  JWT_SECRET: 'the secret of a server that only this benchmark talks to',
  PORT: '0',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  UPLOAD_LIMIT_MB: '1024',
  RATE_LIMIT_PER_MINUTE: '0',
  SIGN_IN_LIMIT_PER_MINUTE: '0',
});
try {
  await bench();
} finally {
  await server.stop();
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const account = { email: 'bench@example.com', password: 'only for this benchmark' };
  const { accessToken } = await call<{ accessToken: string }>('POST', 'auth/register', account);
  const atRest = peakMemory();
  await server.read(); // counts the loop's delays from here
  const started = performance.now();
  const { id, bytes } = await upload(accessToken);
  const seconds = (performance.now() - started) / 1000;
  const { loopDelay } = await server.read();
  process.stdout.write(
    `\n${os.cpus().length} cores, load ${os.loadavg()[0]?.toFixed(1)}; ${rowCount.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(0)} MB\n\n` +
      `Ingested in ${seconds.toFixed(1)} s (bound ${INGEST_SECONDS}); memory of the server at most ${peakMemory()} MB, ${atRest} MB before; ` +
      `its event loop's p99 ${loopDelay.toFixed(1)} ms.\n\n`,
  );
  const rows: string[][] = [];
  for (const [name, query] of Object.entries(QUESTIONS)) {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const asked = performance.now();
      await call('POST', `datasets/${id}/query`, query(i), accessToken);
      times.push(performance.now() - asked);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.ceil(share * times.length) - 1] ?? 0).toFixed(0);
    rows.push([name, at(0.5), at(0.95), at(1), Number(at(0.95)) < P95_MS ? 'yes' : 'no']);
    process.stderr.write(`${name}\n`);
  }
  process.stdout.write(`${markdownTable(['question', 'p50 ms', 'p95 ms', 'most ms', `p95 < ${P95_MS}`], rows)}\n`);
}

async function call<T>(method: string, route: string, body: object, token?: string): Promise<T> {
  const response = await fetch(`${server.url}/api/v1/${route}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${answer}`);
  return JSON.parse(answer) as T;
}

/** The file is made as it is sent. */
async function upload(token: string): Promise<{ id: string; bytes: number }> {
  let bytes = 0;
  const boundary = 'the-end-of-a-part';
  function* body(): Generator<Uint8Array> {
    yield Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="orders.csv"\r\ncontent-type: text/csv\r\n\r\n`,
    );
    for (const piece of csvOf(rowCount)) {
      bytes += piece.length;
      yield Buffer.from(piece);
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  const response = await fetch(`${server.url}/api/v1/datasets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: ReadableStream.from(body()),
    duplex: 'half',
  } as RequestInit);
  const answer = (await response.json()) as { id: string };
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return { id: answer.id, bytes };
}

/** Megabytes of the server's process, its threads included, at most so far. */
function peakMemory(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
