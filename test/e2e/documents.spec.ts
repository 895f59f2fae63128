import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { administrator, Client, registered } from '../support/client.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { pdfFile, wordFile, wordParagraph } from '../support/document-files.js';
import { Instance } from '../support/instance.js';
import { ModelEndpoint } from '../support/model-endpoint.js';

/* The built program in a process of its own: documents are read in a thread, and a process can be killed. */

interface Doc {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly readyAt: string | null;
  readonly pages: number | null;
  readonly passageCount: number;
  readonly format: string | null;
}
interface Hit {
  readonly documentId: string;
  readonly documentTitle: string;
  readonly n: number;
  readonly heading: string[];
  readonly page: number | null;
  readonly starts: number;
  readonly ends: number;
  readonly quote: string;
  readonly excerpt: string;
  readonly matches: string[];
  readonly score: number;
  readonly coverage: number;
}
interface Found {
  readonly data: Hit[];
  readonly vectors: string;
  readonly degraded: string | null;
  readonly pending: number;
  readonly corrected: { word: string; as: string[] }[];
}
interface Page<T> {
  readonly data: T[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

let directory: string;
let database: TestDatabase;
let server: Instance;

const started = (at: TestDatabase, settings: Record<string, string> = {}): Promise<Instance> =>
  Instance.start({
    directory,
    databaseUrl: at.url,
    settings: { RUN_LEASE_SECONDS: '1', DOCUMENT_PARSE_SECONDS: '60', ...settings },
  });

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-documents-'));
  database = await testDatabase();
  server = await started(database);
}, 60_000);
afterAll(async () => {
  await server.stop();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

let collections = 0;
const collectionOf = async (client: Client, more: object = {}): Promise<string> => {
  const body = { name: `Collection ${++collections}`, ...more };
  return (await client.ok<{ id: string }>('POST', '/api/v1/collections', body)).id;
};
const upload = (
  client: Client,
  collectionId: string,
  name: string,
  bytes: Buffer | string,
  more: Record<string, string> = {},
) => {
  const form = new FormData();
  for (const [field, value] of Object.entries({ collectionId, ...more })) form.append(field, value);
  form.append('file', new Blob([bytes]), name);
  return client.call<Doc & { code: string }>('POST', '/api/v1/documents', form);
};
const addText = (client: Client, collectionId: string, name: string, text: string): Promise<Doc> =>
  client.ok('POST', '/api/v1/documents/text', { collectionId, name, text });
/** The document once its upload was read, or could not be. */
async function read(client: Client, id: string): Promise<Doc> {
  for (;;) {
    const document = await client.ok<Doc>('GET', `/api/v1/documents/${id}`);
    if (document.status === 'ready' || document.status === 'failed') return document;
    await delay(50);
  }
}
const added = async (client: Client, collectionId: string, name: string, text: string): Promise<Doc> =>
  read(client, (await addText(client, collectionId, name, text)).id);
const search = (client: Client, q: string, more = ''): Promise<Found> =>
  client.ok('GET', `/api/v1/documents/search?q=${encodeURIComponent(q)}${more}`);

const HARBOUR = `# Harbour report

The harbour authority looks after eleven quays and four cranes. Its work is paid for by fees that every ship leaves at the gate when it comes in.

## Crane repairs

In March 2021 the large crane broke in a storm. It was repaired in May 2021 by a company from Rotterdam for 240,000 euros, after nine weeks without it.

## Fees

Ships up to ninety metres pay 120 euros a day. Longer ships pay 310 euros a day, and nothing at all in the week of the regatta.
`;

describe('documents', () => {
  let user: Client;
  beforeAll(async () => {
    user = await registered(server);
  });

  it('of every kind are read, and found with quotes that are literally in them', async () => {
    const collection = await collectionOf(user);
    const files: [string, Buffer | string][] = [
      ['report.md', HARBOUR],
      ['page.html', '<!doctype html><title>Whales</title><h1>Whales</h1><p>Grey whales swim to Mexico in winter.'],
      ['notes.txt', 'Notes on bees.\n\nBees dance to tell where flowers are.'],
      ['letter.docx', wordFile(wordParagraph('Dear Ms Ng', 'Heading1') + wordParagraph('The invoice is overdue.'))],
      [
        'scan.pdf',
        pdfFile([[{ text: 'Glaciers', size: 24, y: 700 }], [{ text: 'The glacier lost nine metres.', y: 700 }]]),
      ],
    ];
    for (const [name, bytes] of files) {
      const { status, body } = await upload(user, collection, name, bytes);
      expect([name, status, body.status]).toEqual([name, 202, 'queued']);
    }
    const { data } = await user.ok<Page<Doc>>('GET', `/api/v1/documents?collectionId=${collection}`);
    const documents = await Promise.all(data.map(({ id }) => read(user, id)));
    expect(documents.map(({ title, status, format, pages }) => [title, status, format, pages])).toEqual([
      ['Glaciers', 'ready', 'pdf', 2],
      ['Dear Ms Ng', 'ready', 'docx', null],
      ['notes.txt', 'ready', 'text', null],
      ['Whales', 'ready', 'html', null],
      ['Harbour report', 'ready', 'markdown', null],
    ]);
    const first = async (q: string): Promise<unknown> => {
      const [hit] = (await search(user, q, `&collectionId=${collection}`)).data;
      if (hit === undefined) return null;
      const { content } = await user.ok<{ content: string }>('GET', `/api/v1/documents/${hit.documentId}/text`);
      expect(content.slice(hit.starts, hit.ends)).toBe(hit.quote);
      return [hit.documentTitle, hit.heading, hit.page];
    };
    expect(await first('when was the crane repaired?')).toEqual([
      'Harbour report',
      ['Harbour report', 'Crane repairs'],
      null,
    ]);
    expect(await first('how much did glaciers lose')).toEqual(['Glaciers', ['Glaciers'], 2]);
    expect(await first('overdue invoices')).toEqual(['Dear Ms Ng', ['Dear Ms Ng'], null]);
    expect(await first('where do whales swim?')).toEqual(['Whales', ['Whales'], null]);
    expect(await first('dancing bee')).toEqual(['notes.txt', [], null]);
  });

  it('say why they were found; misspelled words are looked for as what they may mean', async () => {
    const collection = await collectionOf(user);
    await added(user, collection, 'report.md', HARBOUR);
    const at = `&collectionId=${collection}`;
    const { data, vectors, degraded, pending } = await search(user, 'Who repaired the crane?', at);
    expect(data[0]).toMatchObject({
      matches: ['Crane', 'repaired'].map((word) => expect.stringMatching(new RegExp(word, 'i'))),
      score: 1,
      coverage: 1,
    });
    expect([vectors, degraded, pending]).toEqual(['ngrams', null, 0]);
    const misspelled = await search(user, 'Roterdam compnay', at);
    expect(misspelled.corrected).toEqual([
      { word: 'roterdam', as: ['rotterdam'] },
      { word: 'compnay', as: ['company'] },
    ]);
    expect(misspelled.data[0]?.quote).toContain('Rotterdam');
    expect((await search(user, 'zebra', at)).data).toEqual([]);
    expect((await search(user, 'crane', `${at}&limit=1`)).data).toHaveLength(1);
  });

  it('are found in their own language', async () => {
    const collection = await collectionOf(user);
    await added(
      user,
      collection,
      'hafen.txt',
      'Der Hafen hat vier Kräne. Die Reparaturen des großen Krans wurden von einer Firma aus Rotterdam ausgeführt.',
    );
    const { data } = await search(user, 'Reparatur', `&collectionId=${collection}`);
    expect(data[0]?.quote).toContain('Reparaturen');
  });

  it('open at a citation, with what is around it', async () => {
    const collection = await collectionOf(user);
    const text = Array.from(
      { length: 6 },
      (_, at) => `Paragraph ${at + 1}. ${'It goes on for a while and says little. '.repeat(6)}`,
    );
    const { id, passageCount } = await added(user, collection, 'long.txt', text.join('\n\n'));
    expect(passageCount).toBe(6);
    const cited = await user.ok<{ passage: Hit; before: Hit[]; after: Hit[] }>(
      'GET',
      `/api/v1/documents/${id}/passages/3?around=2`,
    );
    expect([cited.before, [cited.passage], cited.after].map((part) => part.map(({ n }) => n))).toEqual([
      [1, 2],
      [3],
      [4, 5],
    ]);
    expect(cited.passage.quote).toMatch(/^Paragraph 3\./);
    const page = await user.ok<Page<Hit>>('GET', `/api/v1/documents/${id}/passages?limit=4`);
    const rest = await user.ok<Page<Hit>>('GET', `/api/v1/documents/${id}/passages?limit=4&cursor=${page.nextCursor}`);
    expect([...page.data, ...rest.data].map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const n of ['0', '7', '99999999999', '-1', '1.5', 'x']) {
      expect(await user.call('GET', `/api/v1/documents/${id}/passages/${n}`)).toMatchObject({
        status: 404,
        body: { code: 'passage_not_found' },
      });
    }
  });

  it('are listed page by page', async () => {
    const collection = await collectionOf(user);
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) ids.unshift((await addText(user, collection, `${at}.txt`, `Text ${at}`)).id);
    const of = `/api/v1/documents?collectionId=${collection}&limit=2`;
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const page = await user.ok<Page<Doc>>('GET', of + cursor);
      seen.push(...page.data.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(ids);
  });

  it('that speak of PDF files are none', async () => {
    const collection = await collectionOf(user);
    expect(await added(user, collection, 'a.txt', '%PDF-1.7 is how such a file begins.')).toMatchObject({
      status: 'ready',
      format: 'text',
    });
    const { body } = await upload(user, collection, 'b.txt', 'A file of this kind begins with %PDF-1.7');
    expect((await read(user, body.id)).format).toBe('text');
  });

  it('that cannot be read say why, and what to do', async () => {
    const collection = await collectionOf(user);
    const at = async (name: string, bytes: Buffer): Promise<[number, string]> => {
      const { status, body } = await upload(user, collection, name, bytes);
      return [status, body.code];
    };
    expect(await at('a.txt', Buffer.alloc(0))).toEqual([422, 'file_empty']);
    expect(await at('a.pdf', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))).toEqual([
      415,
      'unsupported_type',
    ]);
    expect(await at('a.docx', wordFile('').subarray(0, 200))).toEqual([422, 'damaged']);
    const failed = async (name: string, bytes: Buffer): Promise<string> => {
      const { body } = await upload(user, collection, name, bytes);
      const { status, error, readyAt } = await read(user, body.id);
      expect([status, readyAt]).toEqual(['failed', null]);
      return `${error?.code}: ${error?.message}`;
    };
    expect(await failed('b.pdf', Buffer.from('%PDF-1.7\nnot one at all'))).toMatch(/^damaged: .+save it anew/);
    expect(await failed('c.pdf', pdfFile([[{ text: 'x', y: 9 }]], { encrypted: true }))).toMatch(
      /^encrypted: .+password/,
    );
    expect(await failed('d.pdf', pdfFile([[]]))).toMatch(/^no_text: .+OCR/);
    const bomb = wordFile(wordParagraph('a'), { 'word/footnotes.xml': Buffer.alloc(120_000_000, 32) });
    expect(await failed('e.docx', bomb)).toMatch(/^too_large_unpacked: .+split it/);
    expect((await search(user, 'not one at all', `&collectionId=${collection}`)).data).toEqual([]);
  });

  it('of the same name are replaced at once: the old text answers until the new one is ready', async () => {
    const collection = await collectionOf(user);
    const at = `&collectionId=${collection}`;
    const { id } = await added(user, collection, 'plan.txt', 'The walrus arrives on Monday.');
    const again = await upload(user, collection, 'plan.txt', pdfFile([[]]));
    expect(again.body.id).toBe(id);
    const failed = await read(user, id);
    expect([failed.status, failed.error?.code, failed.passageCount]).toEqual(['failed', 'no_text', 1]);
    expect((await search(user, 'walrus', at)).data).toHaveLength(1);
    const long = `The walrus stays at home.\n\n${'Filler that nobody reads, in many words. '.repeat(1_500)}`;
    await addText(user, collection, 'plan.txt', long);
    const seen = new Set<string>();
    for (;;) {
      const { data } = await search(user, 'walrus', `${at}&limit=1`);
      seen.add(data[0]?.quote.slice(0, 25) ?? 'nothing');
      if ((await user.ok<Doc>('GET', `/api/v1/documents/${id}`)).status === 'ready') break;
    }
    seen.add((await search(user, 'walrus', `${at}&limit=1`)).data[0]?.quote.slice(0, 25) ?? 'nothing');
    expect([...seen].sort()).toEqual(['The walrus arrives on Mon', 'The walrus stays at home.']);
    expect((await search(user, 'Monday', at)).data.filter(({ coverage }) => coverage > 0)).toEqual([]);
  });

  it('have the title that they are given', async () => {
    const collection = await collectionOf(user);
    const { body } = await upload(user, collection, 'a.md', '# Own title\n\nText.', { title: 'Given title' });
    expect((await read(user, body.id)).title).toBe('Given title');
    const path = `/api/v1/documents/${body.id}`;
    expect((await user.ok<Doc>('PATCH', path, { title: 'Another' })).title).toBe('Another');
    expect((await user.ok<Doc>('PATCH', path, { title: null })).title).toBe('Own title');
    expect((await user.call('PATCH', path, {})).status).toBe(400);
  });

  it('belong to their user: to others they are not there', async () => {
    const other = await registered(server);
    const collection = await collectionOf(user);
    const { id } = await added(user, collection, 'secret.txt', 'The password of the vault is pomegranate.');
    for (const [method, path, code, body] of [
      ['GET', `/api/v1/collections/${collection}`, 'collection_not_found'],
      ['PATCH', `/api/v1/collections/${collection}`, 'collection_not_found', { name: 'mine' }],
      ['DELETE', `/api/v1/collections/${collection}`, 'collection_not_found'],
      ['GET', `/api/v1/documents?collectionId=${collection}`, 'collection_not_found'],
      ['GET', `/api/v1/documents/search?q=vault&collectionId=${collection}`, 'collection_not_found'],
      ['POST', '/api/v1/documents/text', 'collection_not_found', { collectionId: collection, name: 'a', text: 'b' }],
      ['GET', `/api/v1/documents/${id}`, 'document_not_found'],
      ['PATCH', `/api/v1/documents/${id}`, 'document_not_found', { title: 'mine' }],
      ['DELETE', `/api/v1/documents/${id}`, 'document_not_found'],
      ['GET', `/api/v1/documents/${id}/text`, 'document_not_found'],
      ['GET', `/api/v1/documents/${id}/passages`, 'document_not_found'],
      ['GET', `/api/v1/documents/${id}/passages/1`, 'document_not_found'],
    ] as const) {
      const answer = await other.call<{ code: string }>(method, path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, code]);
    }
    expect((await search(other, 'pomegranate')).data).toEqual([]);
    expect((await upload(other, collection, 'a.txt', 'mine')).status).toBe(404);
  });

  it('leave nothing behind when they are deleted', async () => {
    const collection = await collectionOf(user);
    const { id } = await added(user, collection, 'gone.txt', 'Xylophonist Quagmire was here.');
    await user.ok('DELETE', `/api/v1/documents/${id}`);
    const second = await collectionOf(user, { name: 'Quagmire papers' });
    await added(user, second, 'gone.txt', 'Xylophonist Quagmire was here, too.');
    await addText(user, second, 'waiting.txt', 'Xylophonist Quagmire again.');
    await user.ok('DELETE', `/api/v1/collections/${second}`);
    expect(await holding(`quagmire|xylophonist|${id}|${second}`)).toEqual([]);
  });
});

/** Tables that hold it in whatever column of whatever row. */
async function holding(pattern: string): Promise<string[]> {
  const tables = await database.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await database.query(
      `SELECT count(*)::integer AS n FROM "${String(name)}" t WHERE t::text ~* '${pattern}'`,
    );
    if (row?.['n'] !== 0) found.push(String(name));
  }
  return found.sort();
}

describe('what was made of a document', () => {
  interface Said {
    readonly conversationId: string;
    readonly runId: string;
    readonly message: { readonly id: string; readonly content: string };
  }
  const TEXT = 'The lighthouse of Zanbury was painted by Wulfrickson in spring. It had been grey for forty years.';
  const KEPT = 'The harbour of Ostrand has a clock. The clock of Ostrand was made by Abelard.';
  const PATTERN = 'wulfrickson|zanbury-papers|the-lighthouse';
  const ask = (client: Client, query: string, conversationId?: string): Promise<Said> =>
    client.ok('POST', '/api/v1/chat/messages', { query, ...(conversationId !== undefined && { conversationId }) });
  const messagesOf = async (client: Client, id: string): Promise<{ id: string; content: string; metadata: object }[]> =>
    (
      await client.ok<{ data: { id: string; content: string; metadata: object }[] }>(
        'GET',
        `/api/v1/conversations/${id}/messages?order=asc&limit=100`,
      )
    ).data;
  async function reported(client: Client, kind: string, id: string, more: object = {}): Promise<string> {
    const report = await client.ok<{ id: string }>('POST', '/api/v1/reports', { source: { kind, id }, ...more });
    for (;;) {
      const { status } = await client.ok<{ status: string }>('GET', `/api/v1/reports/${report.id}`);
      if (status === 'done') return report.id;
      if (status !== 'queued' && status !== 'running') throw new Error(`the report is ${status}`);
      await delay(25);
    }
  }
  /** What the conversation was about, once it is long and was summarised. */
  async function summarized(client: Client, id: string): Promise<string> {
    const messages = Array.from({ length: 20 }, (_, at) => ({ role: 'user', content: `Line ${at}` }));
    const { messageCount } = await client.ok<{ messageCount: number }>('GET', `/api/v1/conversations/${id}`);
    if (messageCount < 40)
      for (let round = 0; round < 2; round++)
        await client.ok('POST', `/api/v1/conversations/${id}/messages`, { messages });
    for (;;) {
      const { text } = await client.ok<{ text: string | null }>('GET', `/api/v1/conversations/${id}/summary`);
      if (text !== null) return text;
      await delay(50);
    }
  }
  /** What a slow run tells on its way is stored, too. */
  const toldSlowly = (runId: string): Promise<unknown> =>
    database.query(
      `INSERT INTO run_events (user_id, run_id, seq, event, data)
       SELECT user_id, id, 3, 'answer.delta', '{"text": "by Wulfrickson"}' FROM runs WHERE id = '${runId}'
       ON CONFLICT (user_id, run_id, seq) DO UPDATE SET data = excluded.data;
       UPDATE runs SET logged = true WHERE id = '${runId}'`,
    );

  it.each([
    ['a document', false, false],
    ['a collection', false, true],
    ['a document that everybody may read', true, false],
  ])('goes with %s', async (_, shared, isWhole) => {
    const [owner, reader] = shared
      ? [await administrator(server), await registered(server)]
      : await registered(server).then((one) => [one, one] as const);
    const collection = await collectionOf(owner, { name: 'zanbury-papers', shared });
    const { id } = await added(owner, collection, 'the-lighthouse.txt', TEXT);
    const other = await added(reader, await collectionOf(reader), 'ostrand.txt', KEPT);
    const asked = await ask(reader, 'Who painted the lighthouse of Zanbury?');
    expect(asked.message.content).toContain('Wulfrickson');
    const { conversationId } = asked;
    const kept = await ask(reader, 'Who made the clock of Ostrand?', conversationId);
    expect(kept.message.content).toContain('Abelard');
    const again = await ask(reader, 'What did you say about the lighthouse of Zanbury?');
    expect(again.message.content).toContain('Wulfrickson');
    const fork = await reader.ok<{ id: string }>('POST', `/api/v1/conversations/${conversationId}/fork`, {
      messageId: kept.message.id,
    });
    await toldSlowly(asked.runId);
    await reader.ok('GET', '/api/v1/memory/search?q=lighthouse');
    await summarized(reader, conversationId);
    const ofCollection = await reported(reader, 'collection', collection, { conversationId: again.conversationId });
    const ofConversation = await reported(reader, 'conversation', conversationId);
    const ofOther = await reported(
      reader,
      'conversation',
      (await ask(reader, 'Who made the clock of Ostrand?')).conversationId,
    );
    const before = await holding(PATTERN);
    for (const table of ['memory_summaries', 'messages', 'reports', 'run_events']) expect(before).toContain(table);

    await owner.ok('DELETE', isWhole ? `/api/v1/collections/${collection}` : `/api/v1/documents/${id}`);
    expect(await holding(isWhole ? `${PATTERN}|${collection}|${id}` : `wulfrickson|the-lighthouse|${id}`)).toEqual([]);
    // The answers stay, and say why they say no more; what was quoted of others stays.
    for (const at of [conversationId, fork.id]) {
      const [question, answer, , clock] = await messagesOf(reader, at);
      expect([question?.content, answer?.content, clock?.content]).toEqual([
        'Who painted the lighthouse of Zanbury?',
        'A document that was quoted here was removed.',
        kept.message.content,
      ]);
      expect(answer?.metadata).toMatchObject({ evidence: { passages: [] } });
      expect(clock?.metadata).toMatchObject({ evidence: { passages: [{ documentId: other.id }] } });
    }
    for (const report of [ofCollection, ofConversation]) {
      expect((await reader.call('GET', `/api/v1/reports/${report}`)).status).toBe(404);
    }
    expect((await reader.call('GET', `/api/v1/reports/${ofOther}`)).status).toBe(200);
    expect((await messagesOf(reader, again.conversationId)).at(-1)?.content).toMatch(/^This report was removed/);
    // What memory knows is made anew of what is left.
    expect(await summarized(reader, conversationId)).not.toContain('Wulfrickson');
    const found = await reader.ok('GET', '/api/v1/memory/search?q=clock');
    expect(JSON.stringify(found)).toContain('Abelard');
    expect(await holding('wulfrickson')).toEqual([]);
    if (!isWhole) await owner.ok('DELETE', `/api/v1/collections/${collection}`);
  });
});

describe('a turn', () => {
  interface Turn {
    readonly message: {
      readonly content: string;
      readonly metadata: {
        readonly refusal: { readonly reason: string } | null;
        readonly evidence: { readonly passages?: Hit[] };
      };
    };
  }
  const ask = async (client: Client, query: string): Promise<Turn['message']> =>
    (await client.ok<Turn>('POST', '/api/v1/chat/messages', { query })).message;

  it('that the tables cannot answer is answered from documents, quoted with where it is from', async () => {
    const user = await registered(server);
    const { id } = await added(user, await collectionOf(user), 'report.md', HARBOUR);
    const { content, metadata } = await ask(user, 'Who repaired the large crane?');
    expect(content).toBe(
      '**Harbour report**, Crane repairs: “In March 2021 the large crane broke in a storm.” “It was repaired in May 2021 by a company from Rotterdam for 240,000 euros, after nine weeks without it.”',
    );
    const [cited] = metadata.evidence.passages ?? [];
    expect([metadata.refusal, cited?.documentId]).toEqual([null, id]);
    const opened = await user.ok<{ passage: Hit }>('GET', `/api/v1/documents/${id}/passages/${cited?.n}`);
    expect(opened.passage.quote).toBe(cited?.quote);
  });

  it('that nothing speaks of says so; without documents it is as it was', async () => {
    const [user, other] = [await registered(server), await registered(server)];
    await added(user, await collectionOf(user), 'report.md', HARBOUR);
    const question = 'Who won the chess tournament in Reykjavik?';
    expect((await ask(user, question)).content).toContain('not in the documents');
    const { content, metadata } = await ask(other, question);
    expect(content).not.toContain('documents');
    expect(metadata.evidence.passages).toBeUndefined();
  });

  it('that asks for reasons has the figures, and below them what documents say', async () => {
    const user = await registered(server);
    const text = 'The score of education fell in 2021 because schools were closed for months.';
    await added(user, await collectionOf(user), 'schools.txt', text);
    const { content } = await ask(user, 'Why did the education score fall in 2021?');
    expect(content).toContain('“The score of education fell in 2021 because schools were closed for months.”');
    expect(content).toMatch(/World Bank[\s\S]+The documents say:/);
  });
});

describe('shared collections', () => {
  it('are read by everybody and changed by administrators', async () => {
    const [admin, user] = [await administrator(server), await registered(server)];
    expect((await user.call('POST', '/api/v1/collections', { name: 'x', shared: true })).status).toBe(403);
    const collection = await collectionOf(admin, { shared: true });
    const { id } = await added(admin, collection, 'rules.txt', 'Bicycles belong in the yellow shed.');
    const own = await collectionOf(user);
    await added(user, own, 'mine.txt', 'My bicycle is green, and the shed is far away from the garden.');
    expect((await search(user, 'Where do bicycles belong?')).data.map(({ quote }) => quote)).toEqual([
      'Bicycles belong in the yellow shed.',
      'My bicycle is green, and the shed is far away from the garden.',
    ]);
    expect((await user.ok<Doc>('GET', `/api/v1/documents/${id}`)).title).toBe('rules.txt');
    const lists = await user.ok<Page<{ id: string }>>('GET', '/api/v1/collections');
    expect(lists.data.map((each) => each.id)).toEqual([own, collection]);
    for (const [method, path, body] of [
      ['DELETE', `/api/v1/documents/${id}`],
      ['PATCH', `/api/v1/documents/${id}`, { title: 'mine' }],
      ['PATCH', `/api/v1/collections/${collection}`, { name: 'mine' }],
      ['DELETE', `/api/v1/collections/${collection}`],
      ['POST', '/api/v1/documents/text', { collectionId: collection, name: 'a', text: 'b' }],
    ] as const) {
      expect(await user.call(method, path, body)).toMatchObject({ status: 403, body: { code: 'admin_only' } });
    }
    await admin.ok('DELETE', `/api/v1/collections/${collection}`);
    expect((await search(user, 'yellow')).data.filter(({ coverage }) => coverage > 0)).toEqual([]);
  });
});

describe('collections', () => {
  it('are named once, and changed by version', async () => {
    const user = await registered(server);
    const id = await collectionOf(user, { name: 'Papers', description: 'All of them' });
    expect(await user.call('POST', '/api/v1/collections', { name: 'Papers' })).toMatchObject({
      status: 409,
      body: { code: 'name_taken' },
    });
    const path = `/api/v1/collections/${id}`;
    const { headers } = await user.call('GET', path);
    const etag = headers.get('etag') ?? '';
    expect(await user.ok('PATCH', path, { description: null }, { 'if-match': etag })).toMatchObject({
      name: 'Papers',
      description: null,
      version: 2,
    });
    expect((await user.call('PATCH', path, { name: 'Other' }, { 'if-match': etag })).status).toBe(412);
    await collectionOf(user, { name: 'Other' });
    expect((await user.call('PATCH', path, { name: 'Other' })).body).toMatchObject({ code: 'name_taken' });
  });
});

describe('the reading of documents', () => {
  let own: TestDatabase;
  let endpoint: ModelEndpoint;
  let first: Instance;
  const begun = (): Promise<Instance> =>
    started(own, {
      DOCUMENT_PARSE_SECONDS: '5',
      LLM_BASE_URL: endpoint.url,
      LLM_MODEL: 'test',
      LLM_RETRIES: '0',
      EMBEDDINGS_MODEL: 'letters',
    });
  beforeAll(async () => {
    own = await testDatabase();
    endpoint = await ModelEndpoint.start();
    first = await begun();
  }, 60_000);
  afterAll(async () => {
    await first.kill();
    await endpoint.close();
    await own.drop();
  });

  it('makes embeddings where they are set up: found by meaning, too, and without the model by the rest', async () => {
    const client = await registered(first);
    endpoint.embed = (text) => (/dog|puppy|hound/i.test(text) ? [1, 0.1, 0, 0] : [0.1, 0, 1, 0.3]);
    const collection = await collectionOf(client);
    await added(client, collection, 'a.txt', 'Our hound sleeps on the sofa.');
    await added(client, collection, 'b.txt', 'The invoice is overdue since May.');
    let found = await search(client, 'puppy');
    while (found.data.length === 0) found = await search(client, 'puppy');
    expect(found).toMatchObject({ vectors: 'embeddings', degraded: null });
    expect(found.data[0]?.quote).toContain('hound');
    endpoint.embeddingsReply = { status: 500, body: { error: { message: 'secret detail' } } };
    const without = await search(client, 'overdue invoices');
    expect(without).toMatchObject({ vectors: 'ngrams', degraded: expect.stringContaining('model') });
    expect(without.data[0]?.quote).toContain('invoice');
  });

  it('is given up when it takes too long, and holds up nobody', async () => {
    const client = await registered(first);
    const collection = await collectionOf(client);
    const deep = `<!doctype html>${'<b><i><p><a>'.repeat(500_000)}`;
    const { body } = await upload(client, collection, 'deep.html', deep);
    await addText(client, collection, 'next.txt', 'The next one is read.');
    expect((await search(client, 'anything')).pending).toBe(2);
    const { status, error } = await read(client, body.id);
    expect([status, error?.code]).toEqual(['failed', 'took_too_long']);
    while ((await search(client, 'next one')).data.length === 0) await delay(100);
  }, 90_000);

  it('goes on elsewhere when the instance that is at it is killed', async () => {
    const client = await registered(first);
    const collection = await collectionOf(client);
    const words = Array.from({ length: 10_000 }, (_, at) => `word${at % 5_000}`).join(' ');
    const ids: string[] = [];
    for (let at = 0; at < 3; at++)
      ids.push((await addText(client, collection, `${at}.txt`, `${words} number${at}`)).id);
    while ((await client.ok<Doc>('GET', `/api/v1/documents/${ids[0] ?? ''}`)).status === 'queued') await delay(5);
    await first.kill();
    first = await begun();
    const again = new Client(first.url, client.token, client.user);
    for (const [at, id] of ids.entries()) {
      expect((await read(again, id)).status).toBe('ready');
      const { data } = await search(again, `number${at}`);
      expect(data.filter(({ coverage }) => coverage === 1).map(({ documentId }) => documentId)).toEqual([id]);
    }
    expect(await own.query('SELECT count(*)::integer AS n FROM document_sources')).toEqual([{ n: 0 }]);
  }, 120_000);
});
