import { expect, it } from '@jest/globals';
import { randomFrom } from '../support/random.js';
import { count, Drill } from './drill.js';
import { Ground, SEED } from './ground.js';

/*
 * SIGKILL at random moments, while clients ask and stream. FAULTS_SERVER_KILLS, FAULTS_EVERYTHING_KILLS and
 * FAULTS_DATABASE_KILLS set how many; FAULTS_SEED repeats a run.
 */

const ground = new Ground();

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
  let instance = await ground.start(null);
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
        ground.gone(instance);
        instance = await ground.start(null);
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
