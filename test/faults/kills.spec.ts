import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { Instance, type InstanceOptions } from '../support/instance.js';
import { ModelEndpoint } from '../support/model-endpoint.js';
import { randomFrom } from '../support/random.js';
import { count, Drill } from './drill.js';
import { model } from './questions.js';

/*
 * SIGKILL at random moments, while clients ask and stream. FAULTS_SERVER_KILLS, FAULTS_EVERYTHING_KILLS,
 * FAULTS_DATABASE_KILLS and FAULTS_INSTANCE_KILLS set how many; FAULTS_SEED repeats a run's moments and questions.
 */

const SEED = count('FAULTS_SEED', Date.now() % 1_000_000);

let directory: string;
let endpoint: ModelEndpoint;
let database: TestDatabase | null = null;
const running = new Set<Instance>();

async function started(databaseUrl: string | null, settings: InstanceOptions['settings'] = {}): Promise<Instance> {
  const model = { LLM_BASE_URL: endpoint.url, LLM_MODEL: 'slow', LLM_RETRIES: '0', LOG_LEVEL: 'warn' };
  const instance = await Instance.start({ directory, databaseUrl, settings: { ...model, ...settings } });
  running.add(instance);
  return instance;
}

beforeEach(async () => {
  directory = path.join(mkdtempSync(path.join(os.tmpdir(), 'engram-faults-')), 'data');
  chmodSync(path.dirname(directory), 0o755);
  mkdirSync(directory);
  endpoint = await ModelEndpoint.start(model);
});
afterEach(async () => {
  for (const instance of running) await instance.killWithDatabase();
  running.clear();
  await endpoint.close();
  await database?.drop();
  database = null;
  rmSync(path.dirname(directory), { recursive: true, force: true });
});

type Fault = 'server' | 'everything' | 'database’s first process' | 'database';

/** In an order of their own, the same for the same seed. */
function faults(random: () => number): Fault[] {
  const database = count('FAULTS_DATABASE_KILLS', 12);
  const numbers: [Fault, number][] = [
    ['server', count('FAULTS_SERVER_KILLS', 40)],
    ['everything', count('FAULTS_EVERYTHING_KILLS', 12)],
    ['database’s first process', Math.ceil(database / 2)],
    ['database', Math.floor(database / 2)],
  ];
  return numbers
    .flatMap(([fault, number]) => Array.from({ length: number }, () => ({ fault, at: random() })))
    .sort((left, right) => left.at - right.at)
    .map(({ fault }) => fault);
}

it('loses, doubles and blocks nothing when the server, the embedded database or both are killed', async () => {
  const random = randomFrom(SEED);
  let instance = await started(null);
  const drill = await Drill.begin(() => instance.url, random);
  const all = faults(random);
  const times = new Map<Fault, number>();
  for (const fault of all) {
    times.set(fault, (times.get(fault) ?? 0) + 1);
    const where = `seed ${SEED}, kill ${[...times.values()].reduce((a, b) => a + b)} (${fault})`;
    await drill
      .round(async () => {
        if (fault === 'database’s first process') return instance.killDatabase('first');
        if (fault === 'database') return instance.killDatabase('all');
        await (fault === 'server' ? instance.kill() : instance.killWithDatabase());
        running.delete(instance);
        instance = await started(null);
      })
      .catch((error: unknown) => {
        throw new Error(`${where}\n${instance.log().slice(-2_000)}`, { cause: error });
      });
  }
  await drill.expectAll();
  process.stdout.write(
    `embedded, seed ${SEED}: ${[...times].map(([fault, n]) => `${fault} ${n}`).join(', ')}; ${drill.report}\n`,
  );
  expect(await instance.stop()).toBe(0);
});

it('goes on with one instance when the other is killed', async () => {
  const random = randomFrom(SEED + 1);
  database = await testDatabase();
  const { url } = database;
  const settings = { RUN_LEASE_SECONDS: '2' };
  const both = [await started(url, settings), await started(url, settings)];
  const some = (): Instance => {
    const one = both[Math.floor(random() * both.length)];
    if (one === undefined) throw new Error('no instance');
    return one;
  };
  const drill = await Drill.begin(() => some().url, random);
  const kills = count('FAULTS_INSTANCE_KILLS', 20);
  for (let kill = 0; kill < kills; kill++) {
    await drill
      .round(async () => {
        const place = kill % 2;
        const [victim] = both.splice(place, 1);
        await victim?.kill();
        if (victim !== undefined) running.delete(victim);
        await new Promise((resolve) => setTimeout(resolve, random() * 3_000)); // the other is alone for a while
        both.splice(place, 0, await started(url, settings));
      })
      .catch((error: unknown) => {
        throw new Error(`seed ${SEED}, kill ${kill + 1} of an instance`, { cause: error });
      });
  }
  await drill.expectAll();
  process.stdout.write(`two instances, seed ${SEED}: ${kills} killed; ${drill.report}\n`);
  for (const instance of both) expect(await instance.stop()).toBe(0);
});
