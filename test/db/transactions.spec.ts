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
