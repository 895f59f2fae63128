import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { EmbeddedCluster } from '../../src/database/embedded/cluster.js';
import { type Cost, costByLength } from './lengths.js';
import { Load, median, medians, type Sample } from './measure.js';
import { caller, type Operation, OPERATIONS } from './operations.js';
import { hasPgbench, pgbench, type Statements } from './pgbench.js';
import { CONVERSATIONS, SECRET, tokenOf, USERS } from './population.js';
import { type Figures, lengthTable, loadTable, verdicts } from './report.js';
import { seed } from './seed.js';
import { Server } from './server.js';

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    keep: { type: 'string' },
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout
    .write(`Measures turns over HTTP beside a bare server doing the same statements, on one database with 1,000,000 messages.

  npm run bench:turn -- [options]

  --quick            one short round of each
  --seconds N        length of one measurement (5)
  --rounds N         measurements of each, ours and bare taking turns (3)
  --only OPERATION   store, turn, list or last; may be repeated
  --keep DIR         keep the embedded database there, and use it again next time
  --database URL     an empty database of your own instead
`);
  process.exit(0);
}
const seconds = Number(values.seconds ?? (values.quick ? 2 : 5));
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const operations = OPERATIONS.filter((operation) => values.only === undefined || values.only.includes(operation));
/** As much as a small server would be given; checkpoints are kept out of the measurements, which are short. */
const DATABASE_SETTINGS = { shared_buffers: '512MB', max_wal_size: '4GB', checkpoint_timeout: '30min' };
const POOL = 16;
const WARM_REQUESTS = 6_000;

const { url, close } = await database();
try {
  await bench(url);
} finally {
  await close();
}

async function bench(databaseUrl: string): Promise<void> {
  const environment = {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(POOL),
    JWT_SECRET: SECRET,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '0',
    ADMIN_PASSWORD: 'nobody signs in here',
  };
  const ours = await Server.start('../../src/main.js', environment);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const load = new Load();
  let bare: Server | undefined;
  try {
    const started = Date.now();
    const messages = await seed(client);
    say(
      `${USERS} users, ${CONVERSATIONS} conversations, ${messages} messages (${Math.round((Date.now() - started) / 1000)} s)`,
    );
    const { rss: atRest } = await ours.read();
    const statements = await statementsOf(ours);
    bare = await Server.start('bare-server.js', {
      ...environment,
      STATEMENTS: JSON.stringify({ ...statements, append: statements.store }),
    });
    const figures = await underLoad({ ours, bare, load, databaseUrl, statements });
    const costs: Cost[] = values.only === undefined ? await costByLength(ours, client, values.quick ? 3 : 15) : [];
    process.stdout.write(
      `\n${os.cpus().length} cores, ${rounds} rounds of ${seconds} s, ${messages} messages; storing a turn, a page of the list and the last messages are one statement each\n\n${loadTable(figures)}\n`,
    );
    if (costs.length > 0) {
      process.stdout.write(`\n${lengthTable(costs)}\n\n${verdicts(figures, costs, atRest)}\n`);
    }
  } finally {
    load.stop();
    await bare?.stop();
    await ours.stop();
    await client.end();
  }
}

interface Under {
  readonly ours: Server;
  readonly bare: Server;
  readonly load: Load;
  readonly databaseUrl: string;
  readonly statements: Statements;
}

async function underLoad({ ours, bare, load, databaseUrl, statements }: Under): Promise<Figures[]> {
  const withPgbench = hasPgbench();
  for (const operation of operations) {
    await warm(load, ours, operation);
    if (operation !== 'turn') await warm(load, bare, operation);
  }
  const figures: Figures[] = [];
  for (const operation of operations) {
    for (const connections of [1, 8, 16]) {
      const [mine, theirs]: [Sample[], Sample[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        mine.push(await load.run(ours, operation, connections, seconds));
        if (operation !== 'turn') theirs.push(await load.run(bare, operation, connections, seconds));
      }
      const ratios = mine.flatMap((sample, round) => {
        const other = theirs[round];
        return other === undefined ? [] : [sample.perSecond / other.perSecond];
      });
      const alone = operation !== 'turn' && withPgbench;
      figures.push({
        operation,
        connections,
        ours: medians(mine),
        bare: theirs.length === 0 ? null : medians(theirs),
        ratio: ratios.length === 0 ? null : median(ratios),
        pgbench: alone ? pgbench(databaseUrl, operation, statements[operation], connections, seconds) : null,
      });
      say(`${operation} at ${connections}: ${Math.round(figures.at(-1)?.ours.perSecond ?? 0)}/s`);
    }
  }
  return figures;
}

/** Connected, cached, and above all compiled: the first thousands of requests cost several times as much. */
async function warm(load: Load, server: Server, operation: Operation): Promise<void> {
  const most = values.quick ? 1 : 6;
  for (let time = 0, requests = 0; time < most && requests < WARM_REQUESTS; time++) {
    requests += seconds * (await load.run(server, operation, 16, seconds)).perSecond;
  }
}

/** The statements behind the operations, as the product sends them: the bare server and pgbench run the very same. */
async function statementsOf(server: Server): Promise<Statements> {
  const tokens = Array.from({ length: USERS }, (_, index) => tokenOf(index + 1));
  const textOf = async (operation: Operation): Promise<string> => {
    // Twice the same user: the second time its credentials are known, and only the operation's own statement is sent.
    const same = () => 0.5;
    let texts: readonly string[] = [];
    for (let time = 0; time < 2; time++) {
      await server.read();
      const { method, path, token, body } = caller(operation, tokens, same)();
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      const response = await fetch(server.url + path, { method, headers, ...(body !== undefined && { body }) });
      if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
      await response.text();
      ({ texts } = await server.read());
    }
    const [text] = texts;
    if (text === undefined || texts.length > 1)
      throw new Error(`${operation} sends ${texts.length} statements instead of one:\n${texts.join('\n')}`);
    return text;
  };
  return { store: await textOf('store'), list: await textOf('list'), last: await textOf('last') };
}

async function database(): Promise<{ url: string; close: () => Promise<void> }> {
  if (values.database !== undefined) return { url: values.database, close: async () => undefined };
  const directory = values.keep ?? mkdtempSync(path.join(os.tmpdir(), 'engram-bench-'));
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755); // started by root, the server's user has to walk through it
  const cluster = await EmbeddedCluster.open({
    directory: path.resolve(directory),
    user: null,
    settings: DATABASE_SETTINGS,
  });
  return {
    url: cluster.url,
    close: async () => {
      await cluster.stop();
      if (values.keep === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
