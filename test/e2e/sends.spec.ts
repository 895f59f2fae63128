import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Client, registered } from '../support/client.js';
import { randomFrom } from '../support/random.js';

/* Many sends at once, most of them repeated while the first is at work, over two instances on one database. */

const SENDS = 1_000;
const AT_ONCE = 50;

interface Turn {
  readonly conversationId: string;
  readonly runId: string;
  readonly userMessage: { readonly id: string };
  readonly message: { readonly id: string; readonly content: string };
}

let app: TestApp;
let second: TestApp;
beforeAll(async () => {
  app = await startApp();
  second = await startApp({}, app.database);
});
afterAll(async () => {
  await second.close();
  await app.close();
});

it(`makes ${SENDS} turns of ${SENDS} sends, however often each is repeated`, async () => {
  const random = randomFrom(Date.now());
  const user = await registered(app);
  const clients = [user, new Client(second.url, user.token)];
  const sends = Array.from({ length: SENDS }, (_, n) => {
    const how = ['key', 'client id', 'both', 'nothing'][n % 4];
    const headers: Record<string, string> = how === 'key' || how === 'both' ? { 'idempotency-key': `key-${n}` } : {};
    return {
      times: how === 'nothing' ? 1 : 1 + Math.floor(random() * 3),
      body: { query: 'Hello', ...((how === 'client id' || how === 'both') && { clientId: `client-${n}` }) },
      headers,
    };
  });
  // Repeats stand apart by up to the width of the crowd: some find the first at work, some done, some arrive together.
  const queue = sends
    .flatMap((send, place) => Array.from({ length: send.times }, () => ({ place, at: place + random() * AT_ONCE })))
    .sort((left, right) => left.at - right.at);
  const answers = new Map<number, Turn[]>();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { place } = next;
        const { body, headers } = sends[place] ?? {};
        const client = clients[random() < 0.5 ? 0 : 1] ?? user;
        const turn = await client.ok<Turn>('POST', '/api/v1/chat/messages', body, headers);
        answers.set(place, [...(answers.get(place) ?? []), turn]);
      }
    }),
  );
  const idsOf = ({ conversationId, runId, userMessage, message }: Turn): string =>
    [conversationId, runId, userMessage.id, message.id, message.content].join(' ');
  const distinct = [...answers.values()].map((turns) => new Set(turns.map(idsOf)));
  expect(distinct.filter(({ size }) => size !== 1)).toEqual([]);
  expect(new Set(distinct.flatMap((ids) => [...ids])).size).toBe(SENDS);
  const [counted] = await app.database.query(
    `SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM runs WHERE status = 'completed') AS completed,
       (SELECT count(*) FROM conversations) AS conversations,
       (SELECT count(*) FROM messages WHERE role = 'user') AS questions,
       (SELECT count(*) FROM messages WHERE role = 'assistant' AND status = 'complete') AS answers,
       (SELECT sum(message_count) FROM conversations) AS counted`,
  );
  expect(Object.values(counted ?? {}).map(Number)).toEqual([SENDS, SENDS, SENDS, SENDS, SENDS, 2 * SENDS]);
}, 120_000);
