import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { administrator, type Client, registered } from '../support/client.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { Instance } from '../support/instance.js';

/* The built program in a process of its own: documents are read in a thread of it. */

interface Bound {
  readonly id: string;
  readonly collectionIds: string[];
  readonly version: number;
}
interface Source {
  readonly source: string;
  readonly asked: boolean;
  readonly found: number;
  readonly state: string;
  readonly of: string | null;
}
interface Turn {
  readonly conversationId: string;
  readonly userMessage: { readonly id: string };
  readonly message: {
    readonly id: string;
    readonly content: string;
    readonly metadata: { readonly refusal: { readonly code: string } | null };
  };
  readonly grounded: { readonly summary: string; readonly numbers: number; readonly supported: number };
  readonly evidence: {
    readonly primary: { readonly rows: unknown[][] } | null;
    readonly passages?: { documentId: string; n: number; sentences: string[]; quote: string }[];
    readonly messages?: { messageId: string; conversationId: string; quote: string }[];
    readonly sources: Source[];
  };
}

let directory: string;
let database: TestDatabase;
let server: Instance;
let admin: Client;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-hybrid-'));
  database = await testDatabase();
  server = await Instance.start({ directory, databaseUrl: database.url, settings: { RUN_LEASE_SECONDS: '2' } });
  admin = await administrator(server);
}, 60_000);
afterAll(async () => {
  await server.stop();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

let names = 0;
const collectionOf = async (client: Client, more: object = {}): Promise<string> =>
  (await client.ok<{ id: string }>('POST', '/api/v1/collections', { name: `Collection ${++names}`, ...more })).id;
async function added(client: Client, collectionId: string, name: string, text: string): Promise<string> {
  const { id } = await client.ok<{ id: string }>('POST', '/api/v1/documents/text', { collectionId, name, text });
  for (;;) {
    const { status } = await client.ok<{ status: string }>('GET', `/api/v1/documents/${id}`);
    if (status === 'ready') return id;
    if (status === 'failed') throw new Error(`${name} was not read`);
    await delay(50);
  }
}
const ask = (client: Client, query: string, more: object = {}): Promise<Turn> =>
  client.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });
const started = (client: Client, body: object = {}): Promise<Bound> =>
  client.ok<Bound>('POST', '/api/v1/conversations', body);
const said = ({ status, body }: { status: number; body: unknown }): unknown[] => [
  status,
  (body as { code: string }).code,
];
const asked = ({ evidence }: Turn): string[] =>
  evidence.sources.filter((each) => each.asked).map(({ source, state }) => `${source} ${state}`);

const CRANES = 'The large crane was repaired in May 2021 by a company from Rotterdam.';
const SHIPS = 'The large ship was repaired in June 2022 by a company from Bergen.';

describe('collections that a conversation is bound to', () => {
  let user: Client;
  let cranes: string;
  let ships: string;
  beforeAll(async () => {
    user = await registered(server);
    [cranes, ships] = [await collectionOf(user), await collectionOf(user)];
    await added(user, cranes, 'cranes.txt', CRANES);
    await added(user, ships, 'ships.txt', SHIPS);
  });

  it('are all that it is answered from', async () => {
    const { id, collectionIds } = await started(user, { collectionIds: [cranes.toUpperCase()] });
    expect(collectionIds).toEqual([cranes]);
    const question = 'Who repaired the large ship?';
    const bound = await ask(user, question, { conversationId: id });
    expect(bound.message.content).not.toContain('Bergen');
    const path = `/api/v1/conversations/${id}`;
    const seen = await user.call<Bound>('GET', path);
    const change = { collectionIds: [ships] };
    const changed = await user.call<Bound>('PATCH', path, change, { 'if-match': seen.headers.get('etag') ?? '' });
    expect([changed.status, changed.body.collectionIds, changed.body.version]).toEqual([
      200,
      [ships],
      seen.body.version + 1,
    ]);
    expect(said(await user.call('PATCH', path, change, { 'if-match': `"${seen.body.version}"` }))).toEqual([
      412,
      'version_mismatch',
    ]);
    expect((await ask(user, question, { conversationId: id })).message.content).toContain('Bergen');
    await user.ok('PATCH', path, { collectionIds: [] });
    expect((await ask(user, 'Who repaired the large crane?', { conversationId: id })).message.content).toContain(
      'Rotterdam',
    );
    const { data } = await user.ok<{ data: Bound[] }>('GET', '/api/v1/conversations');
    expect(data.find((one) => one.id === id)?.collectionIds).toEqual([]);
  });

  it('are ones that its owner may read', async () => {
    const other = await registered(server);
    const { id } = await started(other);
    const mine = { collectionIds: [cranes] };
    expect(said(await other.call('POST', '/api/v1/conversations', mine))).toEqual([404, 'collection_not_found']);
    const path = `/api/v1/conversations/${id}`;
    expect(said(await other.call('PATCH', path, mine))).toEqual([404, 'collection_not_found']);
    expect(said(await user.call('PATCH', path, mine))).toEqual([404, 'conversation_not_found']);
    for (const wrong of [{ collectionIds: ['mine'] }, { collectionIds: null }, { collectionIds: [cranes, cranes] }, {}])
      expect(said(await user.call('PATCH', `/api/v1/conversations/${(await started(user)).id}`, wrong))).toEqual([
        400,
        'validation_failed',
      ]);
  });

  it('go with it into a fork, and are bound no more once they are deleted', async () => {
    const gone = await collectionOf(user);
    await added(user, gone, 'gone.txt', 'Nothing of note.');
    const { id } = await started(user, { collectionIds: [gone, ships] });
    const turn = await ask(user, 'Who repaired the large ship?', { conversationId: id });
    const fork = await user.ok<Bound>('POST', `/api/v1/conversations/${id}/fork`, { messageId: turn.message.id });
    expect(fork.collectionIds.toSorted()).toEqual([gone, ships].toSorted());
    await user.ok('GET', '/api/v1/conversations');
    await user.ok('DELETE', `/api/v1/collections/${gone}`);
    const { data } = await user.ok<{ data: Bound[] }>('GET', '/api/v1/conversations');
    for (const one of [id, fork.id]) {
      expect((await user.ok<Bound>('GET', `/api/v1/conversations/${one}`)).collectionIds).toEqual([ships]);
      expect(data.find((each) => each.id === one)?.collectionIds).toEqual([ships]);
    }
  });
});

describe('collections that a persona is bound to', () => {
  const persona = { displayName: 'Harbour master', systemPrompt: 'You know harbours.', color: '#123456', icon: 'ship' };

  it('are asked beside those of the conversation, and only by who may read them', async () => {
    const user = await registered(server);
    const shared = await collectionOf(admin, { shared: true });
    const secret = await collectionOf(admin);
    const own = await collectionOf(user);
    await added(admin, shared, 'cranes.txt', CRANES);
    await added(admin, secret, 'secret.txt', 'The secret harbour was paid for by the baron of Utrecht.');
    await added(user, own, 'ships.txt', SHIPS);
    const unread = { ...persona, name: 'unread', collectionIds: [own] };
    expect(said(await admin.call('POST', '/api/v1/personas', unread))).toEqual([404, 'collection_not_found']);
    const path = '/api/v1/personas/harbour_master';
    await admin.ok('POST', '/api/v1/personas', { ...persona, name: 'harbour_master', collectionIds: [shared, secret] });
    expect((await user.ok<Bound>('GET', path)).collectionIds).toEqual([shared, secret]);

    const { id } = await started(user, { persona: 'harbour_master' });
    const of = async (query: string, who = user, conversationId = id): Promise<string> =>
      (await ask(who, query, { conversationId })).message.content;
    expect(await of('Who repaired the large crane?')).toContain('Rotterdam');
    expect(await of('Who repaired the large ship?')).not.toContain('Bergen');
    expect(await of('Who paid for the secret harbour?')).not.toContain('Utrecht');
    await user.ok('PATCH', `/api/v1/conversations/${id}`, { collectionIds: [own] });
    expect(await of('Who repaired the large ship?')).toContain('Bergen');
    expect(await of('Who repaired the large crane?')).toContain('Rotterdam');
    const theirs = await started(admin, { persona: 'harbour_master' });
    expect(await of('Who paid for the secret harbour?', admin, theirs.id)).toContain('Utrecht');

    // With none left that one may read nothing is looked at: no other collection takes their place.
    await admin.ok('PATCH', path, { collectionIds: [secret] });
    const closed = await started(user, { persona: 'harbour_master' });
    expect(await of('Who repaired the large crane?', user, closed.id)).not.toContain('Rotterdam');
    await admin.ok('DELETE', `/api/v1/collections/${secret}`);
    expect((await user.ok<Bound>('GET', path)).collectionIds).toEqual([]);
    expect(await of('Who repaired the large crane?', user, closed.id)).toContain('Rotterdam');
    const left = await database.query(
      `SELECT (SELECT count(*) FROM persona_versions v WHERE v::text ~ '${secret}')::integer AS n`,
    );
    expect(left).toEqual([{ n: 0 }]);
  });
});

describe('a question that tables and documents answer together', () => {
  const REPORT = `# Sector report

## Education

In 2021 the score of education fell because schools stayed closed for nineteen weeks. In 2015 education fell because of cuts.

## Energy

In 2021 energy prices doubled after a cold winter.
`;

  it('has the rows and the passage, quoted as it is written, and says what was asked', async () => {
    const user = await registered(server);
    const document = await added(user, await collectionOf(user), 'report.md', REPORT);
    const turn = await ask(user, 'Why did the education score fall in 2021?');
    expect(turn.evidence.primary?.rows.length).toBeGreaterThan(0);
    const [cited] = turn.evidence.passages ?? [];
    expect(cited?.documentId).toBe(document);
    expect(cited?.sentences).toContain(
      'In 2021 the score of education fell because schools stayed closed for nineteen weeks.',
    );
    for (const sentence of cited?.sentences ?? []) {
      expect(REPORT).toContain(sentence);
      expect(turn.message.content).toContain(`“${sentence}”`);
    }
    expect(turn.message.content).not.toContain('winter');
    expect(asked(turn)).toEqual(['tables answered', 'documents answered', 'results answered']);
    expect(turn.grounded.supported).toBe(turn.grounded.numbers);

    // The follow-up's own words say nothing of what it is about.
    const first = await ask(user, 'What was the average education score in 2021?');
    const why = await ask(user, 'Why?', { conversationId: first.conversationId });
    expect(why.message.content).toContain('schools stayed closed');
    expect(why.evidence.sources.find(({ source }) => source === 'documents')?.of).toMatch(/education.*2021/i);
    const other = await ask(user, 'Why did the healthcare score fall in 2021?');
    expect([other.evidence.passages, other.message.content.includes('The documents do not say why.')]).toEqual([
      [],
      true,
    ]);
  });
});

describe('what was said earlier', () => {
  it('is quoted from whatever conversation, and nothing is made up', async () => {
    const user = await registered(server);
    const told = await started(user);
    const content = 'For the boat I can spend 12,500 euros at most. That is my budget.';
    const stored = await user.ok<{ id: string }>('POST', `/api/v1/conversations/${told.id}/messages`, {
      role: 'user',
      content,
    });
    const turn = await ask(user, 'What did I say about my budget?');
    const [quoted] = turn.evidence.messages ?? [];
    expect([quoted?.messageId, quoted?.conversationId]).toEqual([stored.id, told.id]);
    expect(content).toContain(quoted?.quote ?? '?');
    expect(turn.message.content).toContain(`in another conversation, you said: “${quoted?.quote}”`);
    expect(asked(turn)).toEqual(['conversations answered']);
    expect(turn.grounded.supported).toBe(turn.grounded.numbers);
    // Asked again it is not answered with the question, nor with its answer.
    const again = await ask(user, 'What did I say about my budget?', { conversationId: turn.conversationId });
    expect((again.evidence.messages ?? []).map(({ messageId }) => messageId)).toEqual([stored.id]);

    const none = await ask(user, 'What did we decide on the wedding?');
    expect([none.message.metadata.refusal?.code, none.evidence.messages]).toEqual(['not_said', []]);
    const other = await ask(await registered(server), 'What did I say about my budget?');
    expect(other.message.content).toBe('I find nothing that you said about “my budget”.');
  });

  it('and erased is quoted no more, nor in what was made of the answer', async () => {
    const user = await registered(server);
    const told = await started(user);
    const content = 'My budget for the skiff is 13,750 florins at most.';
    const at = `/api/v1/conversations/${told.id}/messages`;
    const stored = await user.ok<{ id: string }>('POST', at, { role: 'user', content });
    const turn = await ask(user, 'What did I say about my budget?');
    expect(turn.message.content).toContain('13,750 florins');
    const here = `/api/v1/conversations/${turn.conversationId}`;
    // A long conversation is summarised, and what memory knows of it is looked up.
    const messages = Array.from({ length: 20 }, (_, line) => ({ role: 'user', content: `Line ${line}` }));
    for (let round = 0; round < 2; round++) await user.ok('POST', `${here}/messages`, { messages });
    const summary = async (): Promise<string> => {
      for (;;) {
        const { text } = await user.ok<{ text: string | null }>('GET', `${here}/summary`);
        if (text !== null) return text;
        await delay(50);
      }
    };
    expect(await summary()).toContain('13,750');
    expect(JSON.stringify(await user.ok('GET', '/api/v1/memory/search?q=florins'))).toContain(turn.message.id);
    // A run that takes long writes down what it tells.
    await database.query(
      `INSERT INTO run_events (user_id, run_id, seq, event, data)
       SELECT user_id, id, 3, 'answer.delta', '{"text": "13,750 florins"}' FROM runs WHERE message_id = '${turn.message.id}'
       ON CONFLICT (user_id, run_id, seq) DO UPDATE SET data = excluded.data;
       UPDATE runs SET logged = true WHERE message_id = '${turn.message.id}'`,
    );

    await user.ok('DELETE', `${at}/${stored.id}`);
    const holding = async (pattern: string): Promise<unknown[]> => {
      const tables = await database.query(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
      const counts = await Promise.all(
        tables.map(async ({ name }) => {
          const rows = await database.query(`SELECT FROM "${String(name)}" t WHERE t::text ~ '${pattern}'`);
          return rows.length === 0 ? [] : [name];
        }),
      );
      return counts.flat();
    };
    expect(await holding('florins|13,750')).toEqual([]);
    expect(await summary()).not.toContain('13,750');
    expect(JSON.stringify(await user.ok('GET', '/api/v1/memory/search?q=florins'))).not.toContain('13,750');
    expect(await holding('florins|13,750')).toEqual([]);
    const answer = await user.ok<{ content: string }>('GET', `${here}/messages/${turn.message.id}`);
    expect(answer.content).toBe('What was quoted here was erased.');
  });
});
