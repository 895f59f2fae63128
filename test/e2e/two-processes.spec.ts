import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, registered } from '../support/client.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { Instance } from '../support/instance.js';
import { ModelEndpoint, slowly } from '../support/model-endpoint.js';
import { eventsUntil, type StreamedEvent } from '../support/sse.js';

/* Two built programs on one database: what one of them works on, a client of the other sees and steers. */

const WORDS = Array.from({ length: 400 }, (_, word) => `w${word} `);

let directory: string;
let database: TestDatabase;
let endpoint: ModelEndpoint;
let both: Instance[] = [];
let here: Client;
let there: Client;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-two-'));
  chmodSync(directory, 0o755);
  database = await testDatabase();
  endpoint = await ModelEndpoint.start({ ...slowly(1, 20), text: WORDS });
  const settings = { LLM_BASE_URL: endpoint.url, LLM_MODEL: 'slow' };
  both = await Promise.all([1, 2].map(() => Instance.start({ directory, databaseUrl: database.url, settings })));
  const [first, second] = both;
  if (first === undefined || second === undefined) throw new Error('no instances');
  here = await registered(first);
  there = new Client(second.url, here.token);
}, 60_000);
afterAll(async () => {
  for (const instance of both) expect(await instance.stop()).toBe(0);
  await endpoint.close();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

const streamed = (by: Client, method: string, where: string, body?: object): Promise<Response> =>
  fetch(by.url + where, {
    method,
    headers: {
      authorization: `Bearer ${by.token}`,
      accept: 'text/event-stream',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });

const isSaid = ({ event }: StreamedEvent): boolean => event === 'answer.delta';
const textOf = (events: readonly StreamedEvent[]): string =>
  events
    .filter(isSaid)
    .map(({ data }) => String(data['text']))
    .join('');

it('a run started on one is streamed, resumed and stopped from the other', async () => {
  const asked = await streamed(here, 'POST', '/api/v1/chat/messages', { query: 'Who was Ada Lovelace?' });
  const heard = await eventsUntil(asked, isSaid); // and leaves: the run goes on
  const runId = String(heard[0]?.data['runId']);

  // From its beginning, while it goes on.
  const path = `/api/v1/chat/runs/${runId}`;
  const elsewhere = await eventsUntil(await streamed(there, 'GET', `${path}/events`), isSaid);
  expect(elsewhere.slice(0, heard.length)).toEqual(heard);

  // From where the first one left.
  const last = heard.at(-1)?.id ?? 0;
  const resumed = streamed(there, 'GET', `${path}/events?after=${last}`).then((response) =>
    eventsUntil(response, () => false),
  );
  await eventsUntil(await streamed(here, 'GET', `${path}/events?after=${last + 3}`), isSaid);
  const stopped = await there.ok<{ status: string; conversationId: string; messageId: string }>('POST', `${path}/stop`);
  expect(stopped.status).toBe('stopped');
  const rest = await resumed;
  expect(rest.at(-1)?.event).toBe('run.stopped');
  expect(rest.map(({ id }) => id)).toEqual(rest.map((_, place) => last + 1 + place));

  // What was said is kept, word for word, on both.
  const said = textOf([...heard, ...rest]);
  expect(WORDS.join('').startsWith(said)).toBe(true);
  expect(said.length).toBeLessThan(WORDS.join('').length);
  for (const by of [here, there]) {
    const message = await by.ok('GET', `/api/v1/conversations/${stopped.conversationId}/messages/${stopped.messageId}`);
    expect(message).toMatchObject({ status: 'stopped', content: said });
  }
}, 60_000);
