import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cache } from '../../src/cache/cache.js';
import { loadConfig } from '../../src/config/config.js';
import { Db } from '../../src/database/db.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, Client, registered } from '../support/client.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { Instance } from '../support/instance.js';
import { randomFrom } from '../support/random.js';
import { ReaderWriter } from '../support/reader-writer.js';
import { Cable, redisForTests } from '../support/redis.js';

/* A read after an acknowledged write is never older than it, whatever instance each of the two went to. */

const redis = await redisForTests();
if (redis === null) console.warn('No Redis answers at 127.0.0.1:6379 (ENGRAM_TEST_REDIS): its tests are left out.');

/** The number behind a metric, labels included. */
async function metric(admin: Client, name: string): Promise<number> {
  const { text } = await admin.call('GET', '/metrics');
  const line = text.split('\n').find((line) => line.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

const hits = (admin: Client, cache: string): Promise<number> =>
  metric(admin, `engram_cache_reads_total{cache="${cache}",result="hit"}`);

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await delay(50);
}

const isAllowed = async (admin: Client): Promise<boolean> => (await metric(admin, 'engram_cache_allowed')) === 1;

it.each(['localhost:6379', 'http://localhost', 'redis://', 'redis://host/name'])('REDIS_URL=%s is refused', (url) => {
  expect(() => loadConfig({ REDIS_URL: url })).toThrow(/REDIS_URL: must be redis:/);
});

describe('one instance', () => {
  let app: TestApp;
  let user: Client;
  let admin: Client;
  beforeAll(async () => {
    app = await startApp();
    user = await registered(app);
    admin = await administrator(app);
    await until(() => isAllowed(admin));
  });
  afterAll(() => app.close());

  it('answers what was read before from memory, and tells how often', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const paths = ['/api/v1/conversations', `/api/v1/conversations/${id}/messages?limit=10`];
    for (const [place, cache] of ['conversations', 'messages'].entries()) {
      const before = await hits(admin, cache);
      const first = await user.call('GET', paths[place] ?? '');
      const second = await user.call('GET', paths[place] ?? '');
      expect([second.text, second.headers.get('content-type')]).toEqual([
        first.text,
        first.headers.get('content-type'),
      ]);
      expect(await hits(admin, cache)).toBe(before + 1);
    }
    expect(await metric(admin, 'engram_cache_bytes')).toBeGreaterThan(0);
    // Another user's is not there, whatever is kept.
    const other = await registered(app);
    expect((await other.call('GET', paths[1] ?? '')).status).toBe(404);
  });

  it('keeps nothing of a transaction that is rolled back, nor shows it to others', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', { title: 'as it is' });
    const titles = async (): Promise<unknown> => {
      const { data } = await user.ok<{ data: { id: string; title: string }[] }>('GET', '/api/v1/conversations');
      return data.find((one) => one.id === id)?.title;
    };
    const cache = app.app.get(Cache);
    const db = app.app.get(Db);
    const title = async (): Promise<string> =>
      (
        await db.one<{ title: string }>('SELECT title FROM conversations WHERE user_id = $1 AND id = $2', [
          user.user.id,
          id,
        ])
      )?.title ?? '';
    const kept = (): Promise<string> => cache.text('test', user.user.id, id, title);
    expect([await titles(), await kept()]).toEqual(['as it is', 'as it is']);
    await expect(
      db.tx(async () => {
        await db.change('UPDATE conversations SET title = $3 WHERE user_id = $1 AND id = $2', [
          user.user.id,
          id,
          'gone',
        ]);
        expect(await kept()).toBe('gone');
        expect(await titles()).toBe('as it is');
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect([await titles(), await kept()]).toEqual(['as it is', 'as it is']);
  });

  it('does not keep what was read before a write and made after it', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const cache = app.app.get(Cache);
    let goOn = (): void => undefined;
    const slow = cache.text(
      'test',
      user.user.id,
      'slow',
      () => new Promise((resolve) => (goOn = () => resolve('old'))),
    );
    await user.ok('PATCH', `/api/v1/conversations/${id}`, { title: 'new' });
    goOn();
    expect(await slow).toBe('old'); // it was asked for before
    expect(await cache.text('test', user.user.id, 'slow', async () => 'new')).toBe('new');
  });
});

(redis === null ? it.skip : it)(
  'an instance that dies before it told of a write leaves nothing old behind',
  async () => {
    const app = await startApp({ REDIS_URL: redis ?? '' });
    try {
      const user = await registered(app);
      const admin = await administrator(app);
      const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', { title: 'old' });
      // What the database knows of such an instance, and what it wrote last.
      await app.database.query(
        `INSERT INTO cache_members (id, declares, seen_at) SELECT '${id}', declares, clock_timestamp() FROM cache_members`,
      );
      await until(() => isAllowed(admin));
      const title = async (): Promise<unknown> =>
        (await user.ok<{ data: { title: string }[] }>('GET', '/api/v1/conversations')).data[0]?.title;
      const before = await hits(admin, 'conversations');
      while ((await hits(admin, 'conversations')) === before) expect(await title()).toBe('old');
      await app.database.query(`UPDATE conversations SET title = 'new' WHERE id = '${id}'`);
      await until(async () => (await title()) === 'new');
      expect(await isAllowed(admin)).toBe(true);
    } finally {
      await app.close();
    }
  },
);

describe.each([
  ['without Redis', false],
  ['with Redis', true],
])('two instances %s', (_, withRedis) => {
  if (withRedis && redis === null) {
    it.skip('no Redis answers', () => undefined);
    return;
  }
  let directory: string;
  let database: TestDatabase;
  const cables: Cable[] = [];
  const instances: Instance[] = [];
  /** The administrator's client of each instance. */
  const admins: Client[] = [];

  async function start(): Promise<void> {
    // Titles come by themselves otherwise, at no moment that a reader could know.
    let settings: Record<string, string> = { LOG_LEVEL: 'info', CONVERSATION_TITLES: 'false' };
    if (withRedis) {
      const { hostname, port, pathname } = new URL(redis ?? '');
      const cable = await Cable.to(hostname, Number(port));
      cables.push(cable);
      settings = { ...settings, REDIS_URL: `redis://127.0.0.1:${cable.port}${pathname}` };
    }
    const instance = await Instance.start({ directory, databaseUrl: database.url, settings });
    instances.push(instance);
    admins.push(new Client(instance.url, admins[0]?.token ?? (await administrator(instance)).token));
  }

  const clientsOf = async (users: number): Promise<Client[][]> => {
    const people = await Promise.all(Array.from({ length: users }, () => registered(one(instances, 0))));
    return people.map(({ token }) => instances.map(({ url }) => new Client(url, token)));
  };

  const peopleOf = async (users: number, seed: number): Promise<ReaderWriter[]> =>
    (await clientsOf(users)).map((clients, place) => new ReaderWriter(clients, randomFrom(place + seed)));

  const allAllowed = async (): Promise<void> => {
    for (const admin of admins) await until(() => isAllowed(admin));
  };

  beforeAll(async () => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'engram-cache-'));
    chmodSync(directory, 0o755);
    database = await testDatabase();
    await start();
  }, 60_000);
  afterAll(async () => {
    for (const instance of instances) expect(await instance.stop()).toBe(0);
    for (const cable of cables) cable.close();
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  it('never read back less than was acknowledged, when the second one comes', async () => {
    await until(() => isAllowed(one(admins, 0)));
    const warm = new ReaderWriter((await clientsOf(1))[0] ?? [], randomFrom(1));
    let rounds = 0;
    await warm.work(() => rounds++ > 20);
    expect(await hits(one(admins, 0), 'messages')).toBeGreaterThan(0);

    await start();
    // From the very first request on: the first one has not necessarily seen the second yet.
    const people = await peopleOf(4, 2);
    await whileAtWork(people, async (written) => {
      if (withRedis) await allAllowed();
      else for (const admin of admins) await until(async () => !(await isAllowed(admin)));
      const before = await Promise.all(admins.map((admin) => hits(admin, 'messages')));
      await written(4);
      const after = await Promise.all(admins.map((admin) => hits(admin, 'messages')));
      for (const [place, count] of after.entries()) {
        if (withRedis) expect(count).toBeGreaterThan(before[place] ?? 0);
        else expect(count).toBe(before[place]);
      }
    });
    expect(people.flatMap(({ stale }) => stale)).toEqual([]);
  }, 120_000);

  it("an administrator's change of a persona is seen at once by the other", async () => {
    const [here, there] = [one(admins, 0), one(admins, 1)];
    const { id } = await here.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    for (let n = 0; n < 10; n++) {
      const [writer, reader] = n % 2 === 0 ? [here, there] : [there, here];
      await writer.ok('PATCH', '/api/v1/personas/transformation_analyst', { displayName: `Analyst ${n}` });
      const listed = await reader.ok<{ data: { id: string; persona: { displayName: string } }[] }>(
        'GET',
        '/api/v1/conversations',
      );
      const persona = await reader.ok('GET', '/api/v1/personas/transformation_analyst');
      expect([listed.data.find((one) => one.id === id)?.persona.displayName, persona['displayName']]).toEqual([
        `Analyst ${n}`,
        `Analyst ${n}`,
      ]);
    }
  }, 60_000);

  if (!withRedis) {
    it('the one that is left alone answers from memory again', async () => {
      expect(await instances.pop()?.stop()).toBe(0);
      await until(() => isAllowed(one(admins, 0)));
    }, 60_000);
    return;
  }

  it.each(['cut', 'silence'] as const)(
    'go on without Redis where their way there is gone (%s), and find back',
    async (how) => {
      await allAllowed();
      const faults = (admin: Client): Promise<number> => metric(admin, 'engram_cache_redis_faults_total');
      const before = await Promise.all(admins.map(faults));
      const logged = instances.map((instance) => instance.log().length);
      const people = await peopleOf(3, 20);
      await whileAtWork(people, async (written) => {
        await written(2);
        // One of the two cannot tell of its writes any more, while the other one sees nothing amiss.
        one(cables, 0)[how]();
        await written(2);
        for (const cable of cables) cable[how]();
        await written(2);
        for (const cable of cables) cable.mend();
        await allAllowed();
        await written(2);
      });
      expect(people.flatMap(({ stale }) => stale)).toEqual([]);
      for (const [place, admin] of admins.entries()) {
        expect(await faults(admin)).toBeGreaterThan(before[place] ?? 0);
        // Once each time that it was lost, not for every read or write.
        const log = one(instances, place).log().slice(logged[place]);
        expect(log).toMatch(/Redis is away/);
        const times = (what: RegExp): number => log.match(what)?.length ?? 0;
        expect(times(/Redis is away/g) - times(/Redis is there again/g)).toBeLessThanOrEqual(1);
      }
    },
    120_000,
  );
});

function one<T>(all: readonly T[], place: number): T {
  const found = all[place];
  if (found === undefined) throw new Error(`there is no number ${place}`);
  return found;
}

/** All of them write and read while `meanwhile` does its part; `written` waits until each has written so many times more. */
async function whileAtWork(
  people: readonly ReaderWriter[],
  meanwhile: (written: (times: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  let ended = false;
  const work = Promise.all(people.map((person) => person.work(() => ended)));
  const written = async (times: number): Promise<void> => {
    const before = people.map(({ writes }) => writes);
    // The last one that is counted is over when the next begins.
    await until(async () => people.every(({ writes }, place) => writes > (before[place] ?? 0) + times));
  };
  try {
    await Promise.race([meanwhile(written), work]);
  } finally {
    ended = true;
    await work;
  }
}
