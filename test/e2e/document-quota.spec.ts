import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, type Client, registered } from '../support/client.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ DOCUMENTS_PER_USER: '2', DOCUMENTS_MB_PER_USER: '1' });
});
afterAll(() => app.close());

const collectionOf = async (client: Client, name: string, shared = false): Promise<string> =>
  (await client.ok<{ id: string }>('POST', '/api/v1/collections', { name, shared })).id;
async function add(client: Client, collectionId: string, name: string, text: string): Promise<unknown[]> {
  const { status, body } = await client.call('POST', '/api/v1/documents/text', { collectionId, name, text });
  return status === 202 ? [status] : [status, body['code'], body['detail']];
}

it('a user keeps so many documents, and an upload that replaces one is none more', async () => {
  const user = await registered(app);
  const [one, two] = [await collectionOf(user, 'One'), await collectionOf(user, 'Two')];
  expect(await add(user, one, 'a.txt', 'A')).toEqual([202]);
  const both = await Promise.all(['b.txt', 'c.txt', 'd.txt'].map((name) => add(user, two, name, 'B')));
  expect(both.map(([status]) => Number(status)).toSorted((a, b) => a - b)).toEqual([202, 409, 409]);
  expect(await add(user, one, 'e.txt', 'E')).toEqual([
    409,
    'documents_full',
    'You keep 2 documents, as many as one may. Delete some that you need no more, or ask an administrator for more room.',
  ]);
  expect(await add(user, one, 'a.txt', 'Another A')).toEqual([202]);
  const { data } = await user.ok<{ data: { id: string }[] }>('GET', '/api/v1/documents');
  await user.ok('DELETE', `/api/v1/documents/${data[0]?.id}`);
  expect(await add(user, one, 'e.txt', 'E')).toEqual([202]);
});

it('their files have so much room', async () => {
  const user = await registered(app);
  const collection = await collectionOf(user, 'Long');
  expect(await add(user, collection, 'a.txt', 'a'.repeat(700_000))).toEqual([202]);
  const [status, code, detail] = await add(user, collection, 'b.txt', 'b'.repeat(700_000));
  expect([status, code]).toEqual([409, 'documents_full']);
  expect(detail).toMatch(/^The files of your documents take 0\.7 of 1 MB, and this one 0\.7 MB\. Delete some/);
  expect(await add(user, collection, 'a.txt', 'b'.repeat(700_000))).toEqual([202]);
});

it('what everybody may read is not counted', async () => {
  const admin = await administrator(app);
  const shared = await collectionOf(admin, 'Shared', true);
  for (const name of ['a', 'b', 'c']) expect(await add(admin, shared, `${name}.txt`, name)).toEqual([202]);
  const own = await collectionOf(admin, 'Own');
  expect(await add(admin, own, 'a.txt', 'A')).toEqual([202]);
});
