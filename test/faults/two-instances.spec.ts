import { afterEach, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../support/database.js';
import type { Instance } from '../support/instance.js';
import { randomFrom } from '../support/random.js';
import { count, Drill } from './drill.js';
import { Ground, SEED } from './ground.js';

/*
 * Two instances on one database, which is not ours to kill: one of them dies, the other settles what it left and goes on.
 * FAULTS_INSTANCE_KILLS sets how often; FAULTS_SEED repeats a run.
 */

const ground = new Ground();
let database: TestDatabase | null = null;
afterEach(async () => {
  await database?.drop();
  database = null;
});

it('goes on with one instance when the other is killed', async () => {
  const random = randomFrom(SEED);
  database = await testDatabase();
  const { url } = database;
  const settings = { RUN_LEASE_SECONDS: '2' };
  const both = [await ground.start(url, settings), await ground.start(url, settings)];
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
        if (victim !== undefined) ground.gone(victim);
        await new Promise((resolve) => setTimeout(resolve, random() * 3_000)); // the other is alone for a while
        both.splice(place, 0, await ground.start(url, settings));
      })
      .catch((error: unknown) => {
        throw new Error(`seed ${SEED}, kill ${kill + 1} of an instance`, { cause: error });
      });
  }
  await drill.expectAll();
  process.stdout.write(`two instances, seed ${SEED}: ${kills} killed; ${drill.report}\n`);
  for (const instance of both) expect(await instance.stop()).toBe(0);
});
