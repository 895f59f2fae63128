import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Operation, operations } from '../support/api-document.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, Client, registered } from '../support/client.js';

type Ids = Readonly<Record<string, string>>;
interface Made {
  readonly id: string;
}

/** Opening an operation to everyone means adding it here. */
const PUBLIC = [
  'GET /health/live',
  'GET /health/ready',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
];

/** Things that belong to nobody: everyone may read them, administrators change them. */
const SHARED = new Set(['/api/v1/personas/{id}', '/v1/models/{model}']);

/** Answers 204 where there is nothing, and for what belongs to others alike. */
const EMPTY = ['GET /api/v1/compat/ai-sdk/chat/{chatId}/stream'];

/** How to make one of each thing that has an owner: a new kind of resource takes its place here. */
const OWNED: Readonly<Record<string, (owner: Client) => Promise<Ids>>> = {
  '/api/v1/api-keys/{id}': (owner) => owner.ok('POST', '/api/v1/api-keys', { name: 'a program' }).then(idOf),
  '/api/v1/conversations/{id}': async (owner) => {
    const { id } = await owner.ok<Made>('POST', '/api/v1/conversations', {});
    const turn = { messages: [{ role: 'user', content: 'Hello' }] };
    const { data } = await owner
      .ok('POST', `/api/v1/conversations/${id}/messages`, turn)
      .then(() => owner.ok<{ data: Made[] }>('GET', `/api/v1/conversations/${id}/messages`));
    return { id, messageId: data[0]?.id ?? '' };
  },
  '/api/v1/chat/runs/{id}': async (owner) => {
    const turn = await owner.ok<{ runId: string }>('POST', '/api/v1/chat/messages', { query: 'Hello' });
    return { id: turn.runId };
  },
  '/api/v1/compat/ai-sdk/chat/{chatId}': async (owner) => {
    const turn = await owner.ok<{ conversationId: string }>('POST', '/api/v1/chat/messages', { query: 'Hello' });
    return { chatId: turn.conversationId };
  },
  '/api/v1/memory/facts/{id}': (owner) =>
    owner.ok('POST', '/api/v1/memory/facts', { statement: 'Works in the education ministry' }).then(idOf),
  '/api/v1/datasets/{id}': async (owner) => {
    const form = new FormData();
    form.append('file', new Blob(['town,year,visitors\nAa,2020,3\nBb,2021,5\n']), 'visitors.csv');
    return owner.ok('POST', '/api/v1/datasets', form).then(idOf);
  },
  '/api/v1/collections/{id}': (owner) => owner.ok('POST', '/api/v1/collections', { name: 'Papers' }).then(idOf),
  '/api/v1/documents/{id}': async (owner) => {
    const { id: collectionId } = await owner.ok<Made>('POST', '/api/v1/collections', { name: 'Reports' });
    const { id } = await owner.ok<Made>('POST', '/api/v1/documents/text', { collectionId, name: 'a', text: 'Hello' });
    // As if it had been read.
    await app.database.query(
      `INSERT INTO document_texts (user_id, document_id, content, outline)
         SELECT user_id, id, 'Hello', '[]' FROM documents WHERE id = '${id}';
       INSERT INTO passages (user_id, document_id, collection_id, n, starts, ends, tokens, length, sampled, heading, content, terms, keys)
         SELECT user_id, id, collection_id, 1000001, 0, 5, 1, 0, false, '{}', 'Hello', '', '{}' FROM documents WHERE id = '${id}';
       UPDATE documents SET passages = 1000001 WHERE id = '${id}'`,
    );
    return { id, n: '1000001' };
  },
  '/api/v1/reports/{id}': async (owner) => {
    const { conversationId: id } = await owner.ok<{ conversationId: string }>('POST', '/api/v1/chat/messages', {
      query: 'Hello',
    });
    return owner.ok('POST', '/api/v1/reports', { source: { kind: 'conversation', id } }).then(idOf);
  },
  '/api/v1/report-schedules/{id}': async (owner) => {
    const { id } = await owner.ok<Made>('POST', '/api/v1/conversations', {});
    const order = { source: { kind: 'conversation', id }, cron: '0 7 * * 1' };
    return owner.ok('POST', '/api/v1/report-schedules', order).then(idOf);
  },
  '/v1/conversations/{conversation_id}': async (owner) => {
    const items = [{ type: 'message', role: 'user', content: 'Hello' }];
    const { id } = await owner.ok<Made>('POST', '/v1/conversations', { items });
    const { data } = await owner.ok<{ data: Made[] }>('GET', `/v1/conversations/${id}/items`);
    return { conversation_id: id, item_id: data[0]?.id ?? '' };
  },
  '/v1/responses/{response_id}': async (owner) => {
    const { id } = await owner.ok<Made>('POST', '/v1/responses', { input: 'Hello' });
    return { response_id: id };
  },
};

const idOf = (made: object): Ids => ({ id: (made as Made).id });

/** Some answer errors with a sentence where none is asked for in JSON. */
const JSON_BODY = { accept: 'application/json' };

const all = operations();
const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;
/** `/api/v1/things/{id}` of `/api/v1/things/{id}/parts/{partId}`; null when the path names no single thing. */
const kindOf = ({ path }: Operation): string | null => /^.+?\{\w+\}/.exec(path)?.[0] ?? null;
const someId = '019a9d3c-7b1e-7c34-9d5e-0f6f1a2b3c4d';
const filled = (path: string, ids: Ids = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? someId);

let app: TestApp;
let owner: Client;
let other: Client;
beforeAll(async () => {
  app = await startApp();
  owner = await registered(app);
  other = await registered(app);
});
afterAll(() => app.close());

/** Status and code of each operation's answer to `client`. */
async function answers(client: Client, asked: readonly Operation[], idsOf: (kind: string) => Ids = () => ({})) {
  const told: Record<string, string> = {};
  for (const operation of asked) {
    const path = filled(operation.path, idsOf(kindOf(operation) ?? ''));
    const { status, body } = await client.call<{ code?: string } | null>(
      operation.method,
      path + operation.query,
      operation.body,
      JSON_BODY,
    );
    told[nameOf(operation)] = `${status} ${body?.code ?? ''}`;
  }
  return told;
}

const expected = (asked: readonly Operation[], answer: unknown, empty?: RegExp) =>
  Object.fromEntries(
    asked.map((operation) => [
      nameOf(operation),
      empty !== undefined && EMPTY.includes(nameOf(operation)) ? expect.stringMatching(empty) : answer,
    ]),
  );

it('knows every operation', () => {
  expect(all.length).toBeGreaterThan(15);
});

describe('without a token', () => {
  it('only the operations that are meant to be open are', () => {
    expect(
      all
        .filter(({ isPublic }) => isPublic)
        .map(nameOf)
        .sort(),
    ).toEqual(PUBLIC);
  });

  it('everything else answers 401', async () => {
    const closed = all.filter(({ isPublic }) => !isPublic);
    expect(await answers(new Client(app.url), closed)).toEqual(expected(closed, '401 missing_token'));
  });
});

it('answers 403 to everyone but administrators where only they may', async () => {
  const administrative = all.filter(({ adminOnly }) => adminOnly);
  expect(administrative.length).toBeGreaterThan(3);
  expect(await answers(other, administrative)).toEqual(expected(administrative, '403 admin_only'));
  const admin = await administrator(app);
  for (const answer of Object.values(await answers(admin, administrative))) expect(answer).not.toMatch(/^40[13]/);
});

describe('what belongs to someone', () => {
  const single = all.filter((operation) => !operation.adminOnly && kindOf(operation) !== null);
  const owned = single.filter((operation) => !SHARED.has(kindOf(operation) ?? ''));
  const made = new Map<string, Ids>();
  const idsOf = (kind: string): Ids => made.get(kind) ?? {};

  beforeAll(async () => {
    for (const kind of new Set(owned.map(kindOf))) {
      const make = OWNED[kind ?? ''];
      if (make !== undefined) made.set(kind ?? '', await make(owner));
    }
  });

  it('is of a kind that this sweep can make', () => {
    expect(owned.filter((operation) => !made.has(kindOf(operation) ?? '')).map(nameOf)).toEqual([]);
  });

  it('is 404 for anyone else, on every operation, and for administrators too', async () => {
    for (const client of [other, await administrator(app)]) {
      expect(await answers(client, owned, idsOf)).toEqual(
        expected(owned, expect.stringMatching(/^404 \w+_not_found$/), /^204 $/),
      );
    }
  });

  it('answers as if it had never existed', async () => {
    for (const operation of owned) {
      const ids = idsOf(kindOf(operation) ?? '');
      const foreign = await other.call(operation.method, filled(operation.path, ids), operation.body);
      const missing = await other.call(operation.method, filled(operation.path), operation.body);
      const anonymous = (text: string) =>
        Object.values(ids)
          .reduce((rest, id) => rest.replaceAll(id, '-'), text)
          .replaceAll(someId, '-');
      expect(anonymous(foreign.text)).toBe(anonymous(missing.text));
    }
  });

  it('cannot be reached through the body of a request either', async () => {
    const { id: conversationId } = idsOf('/api/v1/conversations/{id}');
    const { id: datasetId } = idsOf('/api/v1/datasets/{id}');
    const { conversation_id: conversation } = idsOf('/v1/conversations/{conversation_id}');
    const { response_id: previous_response_id } = idsOf('/v1/responses/{response_id}');
    for (const [foreign, code] of [
      [{ conversation }, 'conversation_not_found'],
      [{ previous_response_id }, 'response_not_found'],
    ] as const) {
      const answer = await other.call('POST', '/v1/responses', { input: 'Hello', ...foreign });
      expect([answer.status, answer.body['code']]).toEqual([404, code]);
    }
    for (const [foreign, code] of [
      [{ conversationId }, 'conversation_not_found'],
      [{ datasetIds: [datasetId] }, 'dataset_not_found'],
    ] as const) {
      const answer = await other.call('POST', '/api/v1/chat/messages', { query: 'Hello', ...foreign });
      expect([answer.status, answer.body['code']]).toEqual([404, code]);
    }
  });

  it('is there for its owner, all of it, after everyone else has tried', async () => {
    const reading = owned.filter(({ method, path }) => method === 'GET' && !/\/(?:chart|file)\./.test(path));
    const told = await answers(owner, reading, idsOf);
    expect(told).toEqual(expected(reading, expect.stringMatching(/^200 /), /^204 /));
    expect(Object.keys(told).length).toBeGreaterThan(0);
  });
});
