import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';

let app: TestApp;
let user: Client;
let collectionId: string;
beforeAll(async () => {
  app = await startApp();
  user = await registered(app);
  collectionId = (await user.ok<{ id: string }>('POST', '/api/v1/collections', { name: 'Reports' })).id;
});
afterAll(() => app.close());

interface Made {
  readonly id: string;
  readonly code: string;
  readonly preview?: unknown[];
}
const CSV = 'city,people\nBergen,290000\nUtrecht,370000\n';

function send(path: string, key: string | null, text: string, fields: Record<string, string> = {}, who = user) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([text]), 'cities.csv');
  return who.call<Made>('POST', `/api/v1/${path}`, form, key === null ? {} : { 'idempotency-key': key });
}
const listed = async (): Promise<number> =>
  (await user.ok<{ data: { shared: boolean }[] }>('GET', '/api/v1/datasets?limit=100')).data.filter(
    ({ shared }) => !shared,
  ).length;

it('a table that is sent again under its key is the one that it became', async () => {
  const first = await send('datasets', 'k1', CSV, { title: 'Cities' });
  expect(first.status).toBe(201);
  const again = await send('datasets', 'k1', CSV, { title: 'Cities' });
  expect([again.status, again.body.id, again.body.preview]).toEqual([201, first.body.id, first.body.preview]);
  expect(await listed()).toBe(1);
  for (const other of [
    await send('datasets', 'k1', `${CSV}Oslo,700000\n`, { title: 'Cities' }),
    await send('datasets', 'k1', CSV, { title: 'Towns' }),
    await send('documents', 'k1', CSV, { collectionId }),
  ])
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
  expect((await send('datasets', null, CSV, { title: 'Cities' })).body.id).not.toBe(first.body.id);
  const theirs = await send('datasets', 'k1', CSV, { title: 'Cities' }, await registered(app));
  expect([theirs.status, theirs.body.id === first.body.id]).toEqual([201, false]);
});

it('is made once, however often it comes in at the same moment', async () => {
  const before = await listed();
  const answers = await Promise.all(Array.from({ length: 4 }, () => send('datasets', 'k2', CSV)));
  const made = answers.filter(({ status }) => status === 201);
  expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
  for (const { status, body } of answers.filter((answer) => answer.status !== 201))
    expect([status, body.code]).toEqual([409, 'upload_under_way']);
  expect(await listed()).toBe(before + 1);
});

it('is made anew where it failed, or is gone', async () => {
  expect((await send('datasets', 'k3', '')).status).toBe(422);
  const first = await send('datasets', 'k3', CSV);
  expect(first.status).toBe(201);
  await user.ok('DELETE', `/api/v1/datasets/${first.body.id}`);
  const again = await send('datasets', 'k3', CSV);
  expect([again.status, again.body.id === first.body.id]).toEqual([201, false]);
});

it('a document, too; a key is visible text', async () => {
  const first = await send('documents', 'k4', 'Cranes.', { collectionId });
  const again = await send('documents', 'k4', 'Cranes.', { collectionId });
  expect([first.status, again.status, again.body.id]).toEqual([202, 202, first.body.id]);
  expect((await send('documents', 'with space', 'Cranes.', { collectionId })).status).toBe(400);
});
