import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { type TestApp, startApp } from '../support/app.js';
import { administrator, type Answer, type Client, type Json, registered } from '../support/client.js';

interface Conversation extends Json {
  id: string;
  title: string | null;
  version: number;
}
interface Message extends Json {
  id: string;
  seq: number;
  content: string;
}
interface Listed<T> {
  data: T[];
  hasMore: boolean;
  nextCursor: string | null;
}

let app: TestApp;
let user: Client;
let other: Client;
let admin: Client;
beforeAll(async () => {
  app = await startApp();
  [user, other, admin] = await Promise.all([registered(app), registered(app), administrator(app)]);
});
afterAll(() => app.close());

const NOWHERE = '019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51';
const said = ({ status, body }: Answer<Json>): [number, unknown] => [status, body['code']];
const start = (body: Json = {}, who = user): Promise<Conversation> => who.ok('POST', '/api/v1/conversations', body);

it('has tables as the entities say', async () => {
  const { upQueries } = await app.app.get(DataSource).driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

describe('a conversation', () => {
  it('is made, named by its first message, listed, renamed and deleted', async () => {
    const made = await user.call<Conversation>('POST', '/api/v1/conversations', { persona: 'digital_twin_designer' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      title: null,
      messageCount: 0,
      lastMessageAt: null,
      lastMessagePreview: null,
      clientId: null,
      persona: { name: 'digital_twin_designer', displayName: 'Digital Twin Designer', color: '#10B981', icon: 'cube' },
    });
    const path = `/api/v1/conversations/${made.body.id}`;
    const turn = await user.call<{ messages: Message[] }>('POST', `${path}/messages`, {
      messages: [
        {
          role: 'user',
          content: 'Which assets should the first version of our digital twin cover?',
          metadata: { x: 1 },
        },
        { role: 'assistant', content: 'Start with the pumps.', type: 'advice' },
      ],
    });
    expect(turn.status).toBe(201);
    expect(turn.body.messages).toMatchObject([
      {
        conversationId: made.body.id,
        seq: 1,
        role: 'user',
        type: 'text',
        status: 'complete',
        parentId: null,
        metadata: { x: 1 },
      },
      {
        seq: 2,
        role: 'assistant',
        type: 'advice',
        parentId: turn.body.messages[0]?.id,
        metadata: {},
        clientId: null,
      },
    ]);

    const got = await user.call<Conversation>('GET', path);
    expect(got.headers.get('etag')).toBe(`"${got.body.version}"`);
    expect(got.body).toMatchObject({
      title: 'Which assets should the first version of our',
      messageCount: 2,
      lastMessagePreview: 'Start with the pumps.',
      lastMessageAt: turn.body.messages[1]?.['createdAt'],
    });
    const { data } = await user.ok<Listed<Conversation>>('GET', '/api/v1/conversations');
    expect(data[0]).toEqual(got.body);

    const renamed = await user.call<Conversation>('PATCH', path, { title: 'Pumps' });
    expect([renamed.body.title, renamed.body.version]).toEqual(['Pumps', got.body.version + 1]);
    await user.ok('POST', `${path}/messages`, { role: 'user', content: 'And then?' });
    expect((await user.ok<Conversation>('GET', path)).title).toBe('Pumps');

    expect((await user.call('DELETE', path)).status).toBe(204);
    expect(said(await user.call('GET', path))).toEqual([404, 'conversation_not_found']);
    expect(said(await user.call('GET', `${path}/messages`))).toEqual([404, 'conversation_not_found']);
    expect(said(await user.call('DELETE', path))).toEqual([404, 'conversation_not_found']);
  });

  it('is made once for a client id', async () => {
    const body = { clientId: 'local-1', title: 'Once' };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => user.call<Conversation>('POST', '/api/v1/conversations', body)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 201]);
    const [first] = answers;
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    await user.ok('PATCH', `/api/v1/conversations/${first?.body.id}`, { title: 'Renamed since' });
    const again = await user.call<Conversation>('POST', '/api/v1/conversations', body);
    expect([again.status, again.body.id, again.body.title]).toEqual([200, first?.body.id, 'Renamed since']);
    for (const changed of [
      { ...body, title: 'Twice' },
      { clientId: 'local-1' },
      { ...body, persona: 'digital_twin_designer' },
    ]) {
      expect(said(await user.call('POST', '/api/v1/conversations', changed))).toEqual([422, 'idempotency_mismatch']);
    }
    expect((await other.call('POST', '/api/v1/conversations', body)).status).toBe(201);
  });

  it('is renamed only by who has seen the newest name', async () => {
    const { id } = await start({ title: 'One' });
    const path = `/api/v1/conversations/${id}`;
    const etag = (await user.call('GET', path)).headers.get('etag') ?? '';
    expect((await user.call('PATCH', path, { title: 'Two' }, { 'if-match': etag })).headers.get('etag')).toBe('"2"');
    const stale = await user.call('PATCH', path, { title: 'Three' }, { 'if-match': etag });
    expect([...said(stale), stale.headers.get('etag')]).toEqual([412, 'version_mismatch', '"2"']);
    expect((await user.call('PATCH', path, { title: 'Three' }, { 'if-match': '*' })).status).toBe(200);
    expect((await user.call('PATCH', path, { title: 'Four' }, { 'if-match': `W/"3", "9"` })).status).toBe(200);
    expect(
      said(await user.call('PATCH', `/api/v1/conversations/${NOWHERE}`, { title: 'x' }, { 'if-match': etag })),
    ).toEqual([404, 'conversation_not_found']);
  });

  it.each<[string, Json]>([
    ['persona', { persona: '' }],
    ['title', { title: ' \t ' }],
    ['title', { title: 'x'.repeat(201) }],
    ['title', { title: null }],
    ['title', { title: 'a\u0000b' }],
    ['clientId', { clientId: 'with space' }],
    ['clientId', { clientId: 'x'.repeat(129) }],
    ['owner', { owner: 'me' }],
  ])('is not made with a wrong %s', async (path, body) => {
    const answer = await user.call('POST', '/api/v1/conversations', body);
    expect(said(answer)).toEqual([400, 'validation_failed']);
    expect(answer.body['errors']).toMatchObject([{ path }]);
  });
});

describe('the list', () => {
  it('has the last active first, page by page, and only one’s own', async () => {
    const person = await registered(app);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await start({ title: String(i) }, person)).id);
    await person.ok('POST', `/api/v1/conversations/${ids[1]}/messages`, { role: 'user', content: 'Hello' });
    const expected = [1, 4, 3, 2, 0].map((i) => ids[i]);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await person.ok<Listed<Conversation>>('GET', `/api/v1/conversations?limit=2${cursor}`);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(expected);
    expect((await (await registered(app)).ok<Listed<Conversation>>('GET', '/api/v1/conversations')).data).toEqual([]);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=nonsense', 'cursor=WzFd', 'page=2'])(
    'refuses %s',
    async (query) => {
      expect((await user.call('GET', `/api/v1/conversations?${query}`)).status).toBe(400);
    },
  );
});

describe('messages', () => {
  let path: string;
  beforeEach(async () => {
    path = `/api/v1/conversations/${(await start()).id}/messages`;
  });
  const say = (content: string, more: Json = {}): Promise<Message> =>
    user.ok('POST', path, { role: 'user', content, ...more });

  it('are read from either end', async () => {
    for (let i = 1; i <= 5; i++) await say(String(i));
    const newest = await user.ok<Listed<Message>>('GET', `${path}?limit=2`);
    expect(newest.data.map(({ content }) => content)).toEqual(['5', '4']);
    const older = await user.ok<Listed<Message>>('GET', `${path}?limit=3&cursor=${newest.nextCursor}`);
    expect([older.data.map(({ content }) => content), older.nextCursor]).toEqual([['3', '2', '1'], null]);
    const oldest = await user.ok<Listed<Message>>('GET', `${path}?order=asc&limit=4`);
    expect(oldest.data.map(({ content }) => content)).toEqual(['1', '2', '3', '4']);
    const rest = await user.ok<Listed<Message>>('GET', `${path}?order=asc&cursor=${oldest.nextCursor}`);
    expect(rest.data.map(({ content }) => content)).toEqual(['5']);
    expect(await user.ok('GET', `${path}/${rest.data[0]?.id}`)).toEqual(rest.data[0]);
    expect((await user.call('GET', `${path}?order=up`)).status).toBe(400);
  });

  it('come back exactly as they were sent', async () => {
    const content = ' ünï 😀 "quotes" \\ \u2028 \n\t $1 {a,"b"} \u{10ffff} ';
    const metadata = { nested: [{ 'a b': null }, [], {}, 1.5, true], text: content, ключ: '值' };
    const sent = await say(content, { metadata, type: 'report', clientId: '!~a-1' });
    expect(sent).toMatchObject({ content, metadata, type: 'report', clientId: '!~a-1' });
    expect(await user.ok('GET', `${path}/${sent.id}`)).toEqual(sent);
    const long = await say('x'.repeat(100_000));
    expect(long.content).toHaveLength(100_000);
  });

  it('are stored once for a client id', async () => {
    const body = {
      messages: [
        { role: 'user', content: 'one', clientId: 'm1' },
        { role: 'assistant', content: 'two' },
      ],
    };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => user.call<{ messages: Message[] }>('POST', path, body)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 200, 200, 200, 200, 201,
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect((await user.ok<Listed<Message>>('GET', path)).data).toHaveLength(2);
    const changed = {
      messages: [
        { role: 'user', content: 'uno', clientId: 'm1' },
        { role: 'assistant', content: 'two' },
      ],
    };
    expect(said(await user.call('POST', path, changed))).toEqual([422, 'idempotency_mismatch']);
  });

  it('go on after an earlier one', async () => {
    const [one, two] = [await say('1'), await say('2')];
    const branch = await say('2b', { parentId: one.id.toUpperCase() });
    expect(branch).toMatchObject({ seq: 3, parentId: one.id });
    const { data } = await user.ok<Listed<Message>>('GET', `${path}?order=asc`);
    expect(data.map(({ content }) => content)).toEqual(['1', '2b']);
    expect(await user.ok('GET', `${path}/${two.id}`)).toEqual(two);
    expect(said(await user.call('POST', path, { role: 'user', content: '3', parentId: NOWHERE }))).toEqual([
      400,
      'parent_not_found',
    ]);
  });

  it.each<[string, Json]>([
    ['role', { role: 'tool', content: 'x' }],
    ['content', { role: 'user' }],
    ['content', { role: 'user', content: '' }],
    ['content', { role: 'user', content: ' \n\u200b ' }],
    ['content', { role: 'user', content: 'x'.repeat(100_001) }],
    ['content', { role: 'user', content: 'a\u0000' }],
    ['type', { role: 'user', content: 'x', type: 'A b' }],
    ['type', { role: 'assistant', content: 'x', type: 'analysis' }],
    ['metadata', { role: 'user', content: 'x', metadata: [] }],
    ['metadata', { role: 'user', content: 'x', metadata: { a: 'x'.repeat(65_536) } }],
    ['parentId', { role: 'user', content: 'x', parentId: 'mine' }],
    ['seq', { role: 'user', content: 'x', seq: 1 }],
    ['messages', { messages: [] }],
    ['messages', { messages: Array.from({ length: 21 }, () => ({ role: 'user', content: 'x' })) }],
    ['messages.1.content', { messages: [{ role: 'user', content: 'x' }, { role: 'assistant' }] }],
    ['role', { role: 'user', content: 'x', messages: [{ role: 'user', content: 'x' }] }],
  ])('are not stored with a wrong %s', async (field, body) => {
    const answer = await user.call<Json & { errors: { path: string }[] }>('POST', path, body);
    expect(said(answer)).toEqual([400, 'validation_failed']);
    expect(answer.body.errors.map((error) => error.path)).toContain(field);
    expect((await user.ok<Listed<Message>>('GET', path)).data).toEqual([]);
  });

  it('survive any depth of metadata as a refusal or a message', async () => {
    const deep = `{"role":"user","content":"x","metadata":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;
    const answer = await user.call('POST', path, deep, { 'content-type': 'application/json' });
    expect(answer.status).toBe(400);
  });

  it('belong to their owner alone', async () => {
    const { id } = await say('mine');
    const conversation = path.replace('/messages', '');
    for (const [method, url, body] of [
      ['GET', conversation, undefined],
      ['PATCH', conversation, { title: 'mine now' }],
      ['DELETE', conversation, undefined],
      ['GET', path, undefined],
      ['GET', `${path}/${id}`, undefined],
      ['POST', path, { role: 'user', content: 'yours' }],
      ['POST', path, { role: 'user', content: 'yours', parentId: id }],
    ] as const) {
      const theirs = await other.call(method, url, body);
      const never = await other.call(method, url.replace(conversation, `/api/v1/conversations/${NOWHERE}`), body);
      expect([method, url, theirs.status]).toEqual([method, url, 404]);
      expect(theirs.body['code']).toBe(never.body['code']);
    }
    expect((await user.ok<Listed<Message>>('GET', path)).data).toHaveLength(1);
  });
});

it('answers a repeated send also when no more requests are allowed', async () => {
  const strict = await startApp({ RATE_LIMIT_PER_MINUTE: '4' });
  try {
    const hasty = await registered(strict);
    const conversation = await hasty.ok<Conversation>('POST', '/api/v1/conversations', { clientId: 'c' });
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    const body = { role: 'user', content: 'Once', clientId: 'm' };
    const message = await hasty.ok('POST', path, body);
    let answer = await hasty.call('GET', path);
    for (let i = 0; i < 10 && answer.status !== 429; i++) answer = await hasty.call('GET', path);
    expect(said(answer)).toEqual([429, 'rate_limited']);

    const again = await hasty.call('POST', path, body);
    expect([again.status, again.body]).toEqual([200, message]);
    const same = await hasty.call('POST', '/api/v1/conversations', { clientId: 'c' });
    expect([same.status, same.body['id']]).toEqual([200, conversation.id]);
    expect(said(await hasty.call('POST', path, { ...body, clientId: 'n' }))).toEqual([429, 'rate_limited']);
    expect(said(await hasty.call('POST', path, { role: 'user', content: 'Twice' }))).toEqual([429, 'rate_limited']);
    expect(said(await hasty.call('POST', '/api/v1/conversations', {}))).toEqual([429, 'rate_limited']);
  } finally {
    await strict.close();
  }
});

describe('personas', () => {
  const persona = {
    name: 'energy_advisor',
    displayName: 'Energy Advisor',
    systemPrompt: 'You are the Energy Advisor.',
    color: '#F59E0B',
    icon: 'bolt',
  };

  it('come with two, whose prompts only administrators see', async () => {
    const { data } = await user.ok<Listed<Json>>('GET', '/api/v1/personas');
    expect(data).toMatchObject([
      {
        name: 'digital_twin_designer',
        displayName: 'Digital Twin Designer',
        color: '#10B981',
        icon: 'cube',
        isActive: true,
      },
      { name: 'transformation_analyst', displayName: 'Transformation Analyst', color: '#4F46E5', icon: 'chart-bar' },
    ]);
    expect(data.some((one) => 'systemPrompt' in one)).toBe(false);
    const shown = await admin.ok('GET', '/api/v1/personas/transformation_analyst');
    expect(shown['systemPrompt']).toMatch(/^You are the Transformation Analyst\./);
    expect(await user.ok('GET', `/api/v1/personas/${String(shown['id'])}`)).not.toHaveProperty('systemPrompt');
    const versions = await admin.ok<Listed<Json>>('GET', `/api/v1/personas/${String(shown['id'])}/versions`);
    expect(versions.data).toMatchObject([
      { version: 1, changedBy: null, content: { systemPrompt: shown['systemPrompt'] } },
    ]);
  });

  it('are made, edited, deactivated and deleted by administrators', async () => {
    const made = await admin.call('POST', '/api/v1/personas', persona);
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"']);
    expect(made.body).toMatchObject({ ...persona, description: '', isActive: true, starterQuestions: [], version: 1 });
    expect(said(await admin.call('POST', '/api/v1/personas', persona))).toEqual([409, 'persona_name_taken']);
    const path = `/api/v1/personas/${String(made.body['id'])}`;

    const edited = await admin.call('PATCH', path, { starterQuestions: ['Which building?'] }, { 'if-match': '"1"' });
    expect(edited.body).toMatchObject({ version: 2, starterQuestions: ['Which building?'], name: persona.name });
    expect(said(await admin.call('PATCH', path, { icon: 'sun' }, { 'if-match': '"1"' }))).toEqual([
      412,
      'version_mismatch',
    ]);
    expect((await admin.ok('PATCH', path, { icon: 'bolt' }))['version']).toBe(2);
    expect(said(await admin.call('PATCH', path, { name: 'transformation_analyst' }))).toEqual([
      409,
      'persona_name_taken',
    ]);

    const { id } = await start({ persona: 'energy_advisor' });
    expect(said(await admin.call('DELETE', path))).toEqual([409, 'persona_in_use']);
    await admin.ok('PATCH', '/api/v1/personas/energy_advisor', { isActive: false });
    expect(said(await user.call('POST', '/api/v1/conversations', { persona: 'energy_advisor' }))).toEqual([
      409,
      'persona_inactive',
    ]);
    expect(said(await user.call('GET', path))).toEqual([404, 'persona_not_found']);
    const listed = async (who: Client, query = ''): Promise<unknown[]> =>
      (await who.ok<Listed<Json>>('GET', `/api/v1/personas${query}`)).data.map(({ name }) => name);
    expect(await listed(admin)).not.toContain('energy_advisor');
    expect(await listed(admin, '?includeInactive=true')).toContain('energy_advisor');
    expect(await listed(user, '?includeInactive=true')).not.toContain('energy_advisor');

    const pages = await admin.ok<Listed<Json>>('GET', `${path}/versions?limit=2`);
    expect(pages.data).toMatchObject([
      { version: 3, content: { isActive: false }, changedBy: admin.user.id },
      { version: 2, content: { isActive: true, starterQuestions: ['Which building?'] } },
    ]);
    const rest = await admin.ok<Listed<Json>>('GET', `${path}/versions?limit=2&cursor=${pages.nextCursor}`);
    expect([rest.data.map(({ version }) => version), rest.hasMore]).toEqual([[1], false]);

    await user.ok('DELETE', `/api/v1/conversations/${id}`);
    expect((await admin.call('DELETE', path)).status).toBe(204);
    expect(said(await admin.call('DELETE', path))).toEqual([404, 'persona_not_found']);
  });

  it('are pages, too', async () => {
    const first = await user.ok<Listed<Json>>('GET', '/api/v1/personas?limit=1');
    const next = await user.ok<Listed<Json>>('GET', `/api/v1/personas?limit=1&cursor=${first.nextCursor}`);
    expect([first.data[0]?.['name'], next.data[0]?.['name'], next.hasMore]).toEqual([
      'digital_twin_designer',
      'transformation_analyst',
      false,
    ]);
  });

  it('are never made by the way, nor by users', async () => {
    expect(said(await user.call('POST', '/api/v1/conversations', { persona: 'someone_new' }))).toEqual([
      404,
      'persona_not_found',
    ]);
    expect(said(await user.call('GET', '/api/v1/personas/someone_new'))).toEqual([404, 'persona_not_found']);
    for (const [method, path, body] of [
      ['POST', '/api/v1/personas', persona],
      ['PATCH', '/api/v1/personas/transformation_analyst', { icon: 'bolt' }],
      ['DELETE', '/api/v1/personas/transformation_analyst', undefined],
      ['GET', '/api/v1/personas/transformation_analyst/versions', undefined],
    ] as const) {
      expect(said(await user.call(method, path, body))).toEqual([403, 'admin_only']);
    }
  });

  it.each<[string, Json]>([
    ['name', { name: 'Energy' }],
    ['displayName', { displayName: ' ' }],
    ['systemPrompt', { systemPrompt: '' }],
    ['color', { color: 'red' }],
    ['icon', { icon: '<svg>' }],
    ['isActive', { isActive: 'yes' }],
    ['defaultDatasetIds', { defaultDatasetIds: ['mine'] }],
    ['starterQuestions', { starterQuestions: [''] }],
    ['description', { description: null }],
  ])('are not stored with a wrong %s', async (field, wrong) => {
    const made = await admin.call('POST', '/api/v1/personas', { ...persona, ...wrong });
    expect(made.body).toMatchObject({ code: 'validation_failed', errors: [{ path: field }] });
    const edited = await admin.call('PATCH', '/api/v1/personas/transformation_analyst', wrong);
    expect(edited.body).toMatchObject({ code: 'validation_failed', errors: [{ path: field }] });
  });
});
