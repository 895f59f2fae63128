import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Bench, conversationsBench } from '../support/conversations.js';

let bench: Bench;
beforeAll(async () => {
  bench = await conversationsBench();
});
afterAll(async () => {
  await bench.close();
});

it('many at once read personas while another request is loading them: nobody waits for a connection that they hold', async () => {
  const { db, personas } = bench;
  const size = db.pool.options.max;
  let begun = 0;
  let goOn: () => void = () => undefined;
  const allBegun = new Promise<void>((resolve) => (goOn = resolve));
  const inTransactions = Array.from({ length: size }, () =>
    db.tx(async () => {
      if (++begun === size) goOn();
      await allBegun;
      await new Promise((resolve) => setImmediate(resolve)); // the load outside has begun, and waits for a connection
      return (await personas.active()).name;
    }),
  );
  await allBegun;
  const outside = personas.active();
  const names = new Set([...(await Promise.all(inTransactions)), (await outside).name]);
  expect(names.size).toBe(1);
});

it('what was begun within a transaction and goes on after its end is not part of whichever comes next on its connection', async () => {
  const { db } = bench;
  const name = `left-behind-${process.pid}`;
  let goOn: () => void = () => undefined;
  const isLater = new Promise<void>((resolve) => (goOn = resolve));
  let left: Promise<unknown> = Promise.resolve();
  // Every connection has one such leftover, so that the next transaction's has one for sure.
  await Promise.all(
    Array.from({ length: db.pool.options.max }, (_, n) =>
      db.tx(async () => {
        await db.one('SELECT pg_sleep(0.05)');
        const mine = isLater.then(() =>
          db.change('INSERT INTO installed_samples (name) VALUES ($1)', [`${name}-${n}`]),
        );
        left = Promise.all([left, mine]);
      }),
    ),
  );
  await expect(
    db.tx(async () => {
      goOn();
      await left;
      throw new Error('undone');
    }),
  ).rejects.toThrow('undone');
  const row = await db.one<{ kept: number }>(
    'SELECT count(*)::integer AS kept FROM installed_samples WHERE name LIKE $1',
    [`${name}-%`],
  );
  expect(row?.kept).toBe(db.pool.options.max);
});
