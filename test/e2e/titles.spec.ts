import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { UpkeepService } from '../../src/memory/upkeep/upkeep.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { Client, registered } from '../support/client.js';
import { failing, ModelEndpoint } from '../support/model-endpoint.js';
import { say } from '../support/told.js';

interface Conversation {
  id: string;
  title: string | null;
  version: number;
}

const LONG =
  "I've been trying to figure out why our monthly active users dropped in Germany after the pricing change in March";
const PHRASES = 'Monthly active users dropped, Germany, pricing change, March';

let endpoint: ModelEndpoint;
let app: TestApp;
let withModel: TestApp;
let user: Client;
beforeAll(async () => {
  endpoint = await ModelEndpoint.start();
  app = await startApp({ MEMORY_INDEX_SECONDS: '0', CONVERSATION_TITLES: 'true' });
  const model = { LLM_BASE_URL: endpoint.url, LLM_MODEL: 'small', LLM_RETRIES: '0', MEMORY_LEARNING: 'false' };
  withModel = await startApp({ ...model, MEMORY_INDEX_SECONDS: '0' }, app.database);
});
beforeEach(async () => {
  user = await registered(app);
});
afterAll(async () => {
  await withModel.close();
  await app.close();
  await endpoint.close();
});

const started = async (title?: string): Promise<string> =>
  (await user.ok<Conversation>('POST', '/api/v1/conversations', title === undefined ? {} : { title })).id;
const conversation = (id: string): Promise<Conversation> => user.ok('GET', `/api/v1/conversations/${id}`);
const make = (id: string, body?: object, headers = {}, by = user) =>
  by.call<Conversation & { code: string }>('POST', `/api/v1/conversations/${id}/title`, body, headers);

it('comes after the first answer, by itself, once, and moves the version', async () => {
  const id = await started();
  await say(user, id, LONG);
  expect(await conversation(id)).toMatchObject({ title: "I've been trying to figure out why our monthly", version: 2 });
  await app.app.get(UpkeepService).sweep();
  expect((await conversation(id)).version).toBe(2);
  await say(user, id, 'Because of the price.', 'assistant');
  while ((await conversation(id)).version === 2) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await conversation(id)).toMatchObject({ title: PHRASES, version: 3 });
  await say(user, id, 'And in France?');
  await app.app.get(UpkeepService).sweep();
  expect(await conversation(id)).toMatchObject({ title: PHRASES, version: 3 });
});

it('is made when asked for, and never over a title of the user’s unless asked for that', async () => {
  const id = await started();
  const empty = await make(id);
  expect([empty.status, empty.body.title, empty.headers.get('etag')]).toEqual([200, null, '"1"']);
  await say(user, id, LONG);
  const made = await make(id, {});
  expect([made.status, made.body.title, made.headers.get('etag')]).toEqual([200, PHRASES, '"3"']);
  // The same again is no change.
  expect((await make(id)).headers.get('etag')).toBe('"3"');
  expect((await make(id, {}, { 'if-match': '"2"' })).status).toBe(412);
  await user.ok('PATCH', `/api/v1/conversations/${id}`, { title: 'Mine' }, { 'if-match': '"3"' });
  expect((await make(id)).body).toMatchObject({ title: 'Mine', version: 4 });
  expect((await make(id, { replace: true }, { 'if-match': '"4"' })).body).toMatchObject({ title: PHRASES, version: 5 });
  expect((await make(id, { replace: 'yes' })).status).toBe(400);
  expect((await make(id, {}, {}, await registered(app))).status).toBe(404);
});

it('by a model, is taken where it is a title, else of key phrases', async () => {
  const by = new Client(withModel.url, user.token);
  const id = await started();
  await say(user, id, LONG);
  endpoint.says('"Users lost in Germany."');
  expect((await make(id, {}, {}, by)).body.title).toBe('Users lost in Germany');
  expect(endpoint.chats.at(-1)?.body.messages[1]?.content).toContain(JSON.stringify(LONG));
  for (const reply of [failing(500), 'Two\nlines', 'word '.repeat(30), 'Пользователи']) {
    endpoint.says(reply);
    expect((await make(id, {}, {}, by)).body.title).toBe(PHRASES);
  }
});

it('loses to what the user writes while it is made', async () => {
  const by = new Client(withModel.url, user.token);
  const id = await started('First');
  await say(user, id, LONG);
  endpoint.says({ text: 'By the model', firstMs: 400 });
  endpoint.forget();
  const making = make(id, { replace: true }, {}, by);
  while (endpoint.chats.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await user.ok('PATCH', `/api/v1/conversations/${id}`, { title: 'Second' });
  expect((await making).body.title).toBe('Second');
  expect((await conversation(id)).title).toBe('Second');
});

it('goes with the message that it was made from', async () => {
  const id = await started();
  const { id: first } = await say(user, id, LONG);
  await say(user, id, 'What about rent in Lisbon?');
  await make(id);
  await user.ok('DELETE', `/api/v1/conversations/${id}/messages/${first}`);
  expect((await conversation(id)).title).toBe('What about rent in Lisbon?');
});
