import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { extractText, getDocumentProxy } from 'unpdf';
import { administrator, type Client, registered } from '../support/client.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { Instance } from '../support/instance.js';
import { meanScore, sectorScores } from '../support/sector-scores.js';

/* The built program in processes of their own: reports are written in a thread, and a process can be killed. */

interface Section {
  readonly heading: string;
  readonly text: string;
  readonly table: { readonly rows: string[][]; readonly of: number | null } | null;
  readonly quotes: { readonly text: string; readonly documentId: string; readonly n: number }[];
}
interface Report {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly step: string | null;
  readonly title: string | null;
  readonly messageId: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly formats: string[];
  readonly content: {
    readonly title: string;
    readonly summary: string[];
    readonly figures: { readonly label: string; readonly value: string; readonly note: string | null }[];
    readonly sections: Section[];
    readonly sources: { readonly title: string; readonly details: string[] }[];
    readonly grounded: { readonly numbers: number; readonly supported: number; readonly unsupported: string[] };
    readonly look: { readonly parts: string[]; readonly author: string };
  } | null;
}
interface Message {
  readonly id: string;
  readonly type: string;
  readonly role: string;
  readonly content: string;
  readonly metadata: { readonly report?: { readonly id: string; readonly title: string; readonly formats: string[] } };
}

let directory: string;
let database: TestDatabase;
let server: Instance;
let user: Client;
let datasetId: string;

const started = (at: TestDatabase, settings: Record<string, string> = {}): Promise<Instance> =>
  Instance.start({ directory, databaseUrl: at.url, settings: { RUN_LEASE_SECONDS: '2', ...settings } });

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'engram-reports-'));
  database = await testDatabase();
  server = await started(database);
  user = await registered(server);
  const { data } = await user.ok<{ data: { id: string; name: string }[] }>('GET', '/api/v1/datasets');
  datasetId = data.find(({ name }) => name === 'sector_health')?.id ?? '';
}, 60_000);
afterAll(async () => {
  await server.stop();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

const order = (client: Client, kind: string, id: string, more: object = {}): Promise<Report> =>
  client.ok('POST', '/api/v1/reports', { source: { kind, id }, ...more });
const get = (client: Client, id: string): Promise<Report> => client.ok('GET', `/api/v1/reports/${id}`);

/** Once it has ended, with what was seen of it before. */
async function ended(client: Client, id: string): Promise<{ report: Report; seen: Report[] }> {
  const seen: Report[] = [];
  for (;;) {
    const report = await get(client, id);
    if (!['queued', 'running'].includes(report.status)) return { report, seen };
    seen.push(report);
    await delay(25);
  }
}

async function done(client: Client, id: string): Promise<Report & { content: NonNullable<Report['content']> }> {
  const { report } = await ended(client, id);
  if (report.status !== 'done' || report.content === null) throw new Error(JSON.stringify(report.error));
  return { ...report, content: report.content };
}

async function file(client: Client, id: string, name: string): Promise<{ response: Response; bytes: Uint8Array }> {
  const response = await fetch(`${client.url}/api/v1/reports/${id}/file.${name}`, {
    headers: { authorization: `Bearer ${client.token}` },
  });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function pdfText(bytes: Uint8Array): Promise<{ pages: number; text: string; title: unknown }> {
  const pdf = await getDocumentProxy(bytes);
  const info = (await pdf.getMetadata()).info as Record<string, unknown>;
  const { text, totalPages } = await extractText(pdf, { mergePages: true });
  return { pages: totalPages, text, title: info['Title'] };
}

const ask = async (query: string, conversationId?: string): Promise<{ conversationId: string; userMessage: Message }> =>
  user.ok('POST', '/api/v1/chat/messages', { query, ...(conversationId !== undefined && { conversationId }) });
const messagesOf = async (id: string): Promise<Message[]> =>
  (await user.ok<{ data: Message[] }>('GET', `/api/v1/conversations/${id}/messages?order=asc&limit=100`)).data;

/** Tables and how many of their rows hold the word, in whatever column; files are looked into, too. */
async function holding(word: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const tables = await database.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'dataset_rows')`,
  );
  for (const { name } of tables) {
    const text = String(name).includes('report_files') ? `encode(content, 'escape')` : 't::text';
    const [row] = await database.query(`SELECT count(*) AS n FROM ${String(name)} t WHERE ${text} ILIKE '%${word}%'`);
    if (Number(row?.['n']) > 0) found[String(name)] = Number(row?.['n']);
  }
  return found;
}

describe('the report of a data set', () => {
  it('tells what is in it, with every number grounded, as HTML, Markdown and PDF', async () => {
    const { id, status } = await order(user, 'dataset', datasetId);
    expect(status).toBe('queued');
    const { report, seen } = await ended(user, id);
    expect(report).toMatchObject({
      status: 'done',
      progress: 1,
      title: 'Sector health',
      formats: ['html', 'md', 'pdf'],
    });
    const progress = seen.map((each) => each.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(seen.some(({ step }) => step !== null)).toBe(true);
    const { content } = report;
    if (content === null) throw new Error('no content');
    expect(content.grounded).toMatchObject({ unsupported: [], supported: content.grounded.numbers });
    expect(content.grounded.numbers).toBeGreaterThan(50);

    // Worked out again, from the file.
    const scores = sectorScores();
    const figure = (label: string): string => content.figures.find((each) => each.label === label)?.value ?? '';
    expect(figure('Rows')).toBe(scores.length.toLocaleString('en-US'));
    expect(figure('Average score')).toBe(`${meanScore(scores, () => true).toFixed(1)} points`);
    const regions = content.sections.find(({ heading }) => heading === 'Average score by region');
    for (const [region, mean] of regions?.table?.rows ?? []) {
      expect(mean).toBe(meanScore(scores, (row) => row.region === region).toFixed(1));
    }
    expect(content.sources[0]?.details.join()).toContain('version 1');

    const html = await file(user, id, 'html');
    const page = Buffer.from(html.bytes).toString('utf8');
    expect(html.response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html.response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(html.response.headers.get('content-disposition')).toContain('filename="Sector health.html"');
    expect(page).toContain('<h1>Sector health</h1>');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|\sstyle=|\son\w+=|https?:\/\/(?!www\.w3\.org)/);

    const markdown = Buffer.from((await file(user, id, 'md')).bytes).toString('utf8');
    expect(markdown).toMatch(/^# Sector health\n/);
    expect(markdown).toContain('| Region | Average score (points) |');

    const pdf = await file(user, id, 'pdf');
    expect(pdf.response.headers.get('content-type')).toBe('application/pdf');
    const { pages, text, title } = await pdfText(pdf.bytes);
    expect(title).toBe('Sector health');
    expect(text).toContain(`Page ${pages} of ${pages}`);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(figure('Average score'));

    const etag = pdf.response.headers.get('etag') ?? '';
    const again = await user.call('GET', `/api/v1/reports/${id}/file.pdf`, undefined, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    const saved = await user.call('GET', `/api/v1/reports/${id}/file.md?download=true`);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment/);
  }, 60_000);

  it('tells of itself in a conversation, looks as its persona wants it, and goes with its message', async () => {
    const admin = await administrator(server);
    const { id: conversationId } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    await admin.ok('POST', '/api/v1/personas', {
      name: 'board',
      displayName: 'Board Reporter',
      systemPrompt: 'You report.',
      color: '#0F766E',
      icon: 'chart-bar',
      reportTemplate: { parts: ['figures', 'summary'], intro: 'For the **board**.', color: '#B45309' },
    });
    const asked = { conversationId, persona: 'board', title: 'Grüße <b>& Ελλάδα</b>' };
    const { id } = await order(user, 'dataset', datasetId, asked);
    const { content, messageId, title } = await done(user, id);
    expect(title).toBe(asked.title);
    expect(content.look).toMatchObject({ parts: ['figures', 'summary'], author: 'Board Reporter' });
    const page = Buffer.from((await file(user, id, 'html')).bytes).toString('utf8');
    expect(page).toContain('<h1>Grüße &lt;b&gt;&amp; Ελλάδα&lt;/b&gt;</h1>');
    expect(page).toContain('--accent:#B45309');
    expect(page).toContain('<strong>board</strong>');
    expect(page.indexOf('Key figures')).toBeLessThan(page.indexOf('Summary'));
    expect(page).not.toContain('<h2 id="sources">');
    expect((await pdfText((await file(user, id, 'pdf')).bytes)).text).toContain('Grüße <b>& Ελλάδα</b>');

    const [message] = await messagesOf(conversationId);
    expect(message).toMatchObject({ id: messageId, type: 'report', role: 'assistant' });
    expect(message?.metadata.report).toMatchObject({ id, title, formats: ['html', 'md', 'pdf'] });
    expect(message?.content).toContain(content.summary[0]);
    await user.ok('DELETE', `/api/v1/conversations/${conversationId}/messages/${messageId}`);
    expect((await user.call('GET', `/api/v1/reports/${id}`)).status).toBe(404);
  }, 60_000);
});

describe('the report of a conversation', () => {
  it('has its answers as they were, each question once, and is found among its messages', async () => {
    const { conversationId } = await ask('Show me education sector health in 2024');
    await ask('Compare it with healthcare', conversationId);
    await ask('Hello', conversationId);
    await ask('Show me education sector health in 2024', conversationId);
    const answers = (await messagesOf(conversationId)).filter(({ type }) => type === 'analysis');
    const { id } = await order(user, 'conversation', conversationId);
    const { content, messageId } = await done(user, id);
    expect(content.sections.map(({ heading }) => heading)).toEqual([
      'Compare it with healthcare',
      'Show me education sector health in 2024',
    ]);
    expect(answers.some((answer) => answer.content.startsWith(content.sections[0]?.text ?? '?'))).toBe(true);
    expect(content.grounded).toMatchObject({ unsupported: [], supported: content.grounded.numbers });
    expect((await messagesOf(conversationId)).at(-1)).toMatchObject({ id: messageId, type: 'report' });

    const fork = await user.ok<{ id: string }>('POST', `/api/v1/conversations/${conversationId}/fork`, { messageId });
    expect((await messagesOf(fork.id)).map(({ type }) => type)).not.toContain('report');

    await user.ok('DELETE', `/api/v1/reports/${id}`);
    expect((await messagesOf(conversationId)).filter(({ type }) => type === 'report')).toEqual([]);
    expect((await user.call('GET', `/api/v1/reports/${id}/file.html`)).status).toBe(404);
    const [left] = await database.query(`SELECT count(*) AS n FROM report_files WHERE report_id = '${id}'`);
    expect(Number(left?.['n'])).toBe(0);
  }, 60_000);

  it('holds nothing of a message that is erased', async () => {
    const secret = 'tezcatlipoca';
    const { conversationId } = await ask('Average score by region');
    const { userMessage } = await ask(`Show me education sector health in 2024, ${secret}`, conversationId);
    const { id } = await order(user, 'conversation', conversationId);
    await done(user, id);
    expect(await holding(secret)).toMatchObject({ 'public.reports': 1 });
    await user.ok('DELETE', `/api/v1/conversations/${conversationId}/messages/${userMessage.id}`);
    expect((await user.call('GET', `/api/v1/reports/${id}`)).status).toBe(404);
    expect(await holding(secret)).toEqual({});
    const [conversation] = await database.query(
      `SELECT c.message_count, count(m) AS messages FROM conversations c JOIN messages m ON m.conversation_id = c.id AND m.active
       WHERE c.id = '${conversationId}' GROUP BY 1`,
    );
    expect(Number(conversation?.['message_count'])).toBe(Number(conversation?.['messages']));
  }, 60_000);

  it('says why it cannot be made, and is made once it can', async () => {
    const { id: conversationId } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const { id: collectionId } = await user.ok<{ id: string }>('POST', '/api/v1/collections', { name: 'Empty' });
    for (const source of [
      { kind: 'conversation', id: conversationId },
      { kind: 'collection', id: collectionId },
    ]) {
      const refused = await user.call('POST', '/api/v1/reports', { source });
      expect([refused.status, refused.body]).toMatchObject([422, { code: 'nothing_to_report' }]);
    }
    await ask('hello', conversationId);
    const { id } = await order(user, 'conversation', conversationId);
    const { report } = await ended(user, id);
    expect(report).toMatchObject({ status: 'failed', formats: [], error: { code: 'nothing_to_report' } });
    expect((await user.call('GET', `/api/v1/reports/${id}/file.pdf`)).body).toMatchObject({ code: 'report_not_ready' });
    await ask('Average score by region', conversationId);
    await user.ok('POST', `/api/v1/reports/${id}/retry`);
    await done(user, id);
    expect((await user.call('POST', `/api/v1/reports/${id}/retry`)).body).toMatchObject({ code: 'report_not_failed' });
    expect((await user.call('POST', `/api/v1/reports/${id}/cancel`)).body).toMatchObject({ code: 'report_ended' });
  }, 60_000);
});

it('the report of a collection is made of literal quotes', async () => {
  const { id: collectionId } = await user.ok<{ id: string }>('POST', '/api/v1/collections', { name: 'Harbour' });
  const texts = {
    'crane.md':
      '# Crane\n\nThe harbour crane broke in March 2021. The crane was repaired in May 2021 for 12,500 euros. The harbour lost ships.',
    'ships.md':
      '# Ships\n\nIn 2022 the harbour counted 340 ships. Most ships carried grain to the harbour. A new crane was bought in 2022.',
  };
  for (const [name, text] of Object.entries(texts)) {
    await user.ok('POST', '/api/v1/documents/text', { collectionId, name, text });
  }
  for (;;) {
    const path = `/api/v1/documents?collectionId=${collectionId}`;
    const { data } = await user.ok<{ data: { status: string }[] }>('GET', path);
    if (data.every(({ status }) => status === 'ready')) break;
    await delay(50);
  }
  const { id } = await order(user, 'collection', collectionId);
  const { content } = await done(user, id);
  expect(content.title).toBe('Harbour');
  const quotes = content.sections.flatMap((section) => section.quotes);
  expect(quotes.length).toBeGreaterThan(2);
  for (const { text } of quotes) expect(Object.values(texts).some((whole) => whole.includes(text))).toBe(true);
  expect(content.sections.find(({ heading }) => heading === 'Terms')?.table?.rows[0]?.[1]).toBe('2');
  expect(content.grounded.unsupported).toEqual([]);
  const { text } = await pdfText((await file(user, id, 'pdf')).bytes);
  expect(text).toContain('Harbour');
}, 60_000);

it('an order that comes again is the first one; bad ones say what to do', async () => {
  const send = (body: object, key = 'key-1') =>
    user.call<Report & { code: string }>('POST', '/api/v1/reports', body, { 'idempotency-key': key });
  const body = { source: { kind: 'dataset', id: datasetId } };
  const [first, second] = await Promise.all([send(body), send(body)]);
  expect([first.status, first.body.id]).toEqual([202, second.body.id]);
  expect(first.headers.get('location')).toBe(`/api/v1/reports/${first.body.id}`);
  expect((await send({ ...body, rows: 5 })).body.code).toBe('idempotency_mismatch');
  const { conversationId } = await ask('Average score by region');
  const other = await ask('Average score by sector');
  const elsewhere = { source: { kind: 'conversation', id: conversationId }, conversationId: other.conversationId };
  expect((await send(elsewhere, 'key-2')).body.code).toBe('conversation_fixed');
  const unknown = { source: { kind: 'collection', id: datasetId } };
  expect((await send(unknown, 'key-3')).body.code).toBe('collection_not_found');
  await done(user, first.body.id);
}, 60_000);

describe('with nobody who makes them', () => {
  let idle: Instance;
  let other: TestDatabase;
  let owner: Client;
  let source: string;
  beforeAll(async () => {
    other = await testDatabase();
    idle = await started(other, { REPORTS_MAKING: 'false', REPORTS_PER_USER: '3' });
    owner = await registered(idle);
    const { data } = await owner.ok<{ data: { id: string }[] }>('GET', '/api/v1/datasets');
    source = data[0]?.id ?? '';
  }, 60_000);
  afterAll(async () => {
    await idle.stop();
    await other.drop();
  });

  it('one can be cancelled, there are no more than one may keep, and a killed instance is no end', async () => {
    const { id: cancelled } = await order(owner, 'dataset', source);
    await owner.ok('POST', `/api/v1/reports/${cancelled}/cancel`);
    const { id: conversationId } = await owner.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const { id: killed } = await order(owner, 'dataset', source, { conversationId });
    await order(owner, 'dataset', source);
    const more = await owner.call('POST', '/api/v1/reports', { source: { kind: 'dataset', id: source } });
    expect([more.status, more.body['code']]).toEqual([409, 'too_many_reports']);

    const maker = await started(other);
    for (;;) {
      const { status, progress } = await get(owner, killed);
      if (status === 'running' && progress > 0) break;
      await delay(5);
    }
    await maker.kill();
    expect((await get(owner, killed)).status).toBe('running');
    const next = await started(other);
    const report = await done(owner, killed);
    expect(report.content.grounded.unsupported).toEqual([]);
    const messages = await owner.ok<{ data: Message[] }>('GET', `/api/v1/conversations/${conversationId}/messages`);
    expect(messages.data.map(({ type }) => type)).toEqual(['report']);
    expect((await get(owner, cancelled)).status).toBe('cancelled');
    await next.stop();
  }, 90_000);
});

describe('a schedule', () => {
  it('is shown with when it is due, and changed by its version', async () => {
    const made = await user.call('POST', '/api/v1/report-schedules', {
      source: { kind: 'dataset', id: datasetId },
      cron: '30 7 * * 1',
      timeZone: 'Europe/Berlin',
    });
    expect(made.status).toBe(201);
    const next = new Date(String(made.body['nextAt']));
    expect(next.getTime()).toBeGreaterThan(Date.now());
    expect(
      new Intl.DateTimeFormat('en-GB', {
        timeZone: 'Europe/Berlin',
        weekday: 'short',
        timeStyle: undefined,
        hour: '2-digit',
        minute: '2-digit',
      }).format(next),
    ).toBe('Mon 07:30');
    const at = `/api/v1/report-schedules/${String(made.body['id'])}`;
    const off = await user.call('PATCH', at, { enabled: false }, { 'if-match': '"1"' });
    expect(off.body).toMatchObject({ enabled: false, nextAt: null, version: 2 });
    expect((await user.call('PATCH', at, { keep: 3 }, { 'if-match': '"1"' })).status).toBe(412);
    for (const wrong of [{ cron: '* * * * *' }, { cron: 'never' }, { cron: '0 0 31 2 *' }, { timeZone: 'Mars/Base' }]) {
      expect([wrong, (await user.call('PATCH', at, wrong)).body['code']]).toEqual([wrong, 'validation_failed']);
    }
    await user.ok('DELETE', at);
    expect((await user.call('GET', at)).status).toBe(404);
  });

  it('makes one report for each time over several instances, and keeps the newest', async () => {
    const second = await started(database);
    const owner = await registered(server);
    const { id } = await owner.ok<{ id: string }>('POST', '/api/v1/report-schedules', {
      source: { kind: 'dataset', id: datasetId },
      cron: '0 7 * * *',
      keep: 2,
      sections: 1,
    });
    const reports = async (): Promise<Report[]> =>
      (await owner.ok<{ data: Report[] }>('GET', `/api/v1/reports?scheduleId=${id}`)).data;
    const made: string[] = [];
    for (let round = 0; round < 3; round++) {
      // Many times were missed: one report makes up for them.
      await database.query(`UPDATE report_schedules SET next_at = now() - interval '9 days' WHERE id = '${id}'`);
      for (;;) {
        const fresh = (await reports()).filter((each) => !made.includes(each.id));
        if (fresh.length > 0 && fresh.every(({ status }) => status === 'done')) {
          expect(fresh).toHaveLength(1);
          made.push(...fresh.map((each) => each.id));
          break;
        }
        await delay(50);
      }
    }
    // While one is being made, none is begun; the next time is that after.
    await database.query(
      `INSERT INTO reports (user_id, id, source_id, source_kind, status, busy_until, schedule_id, options)
       SELECT user_id, gen_random_uuid(), source_id, source_kind, 'running', now() + interval '1 hour', id, options
       FROM report_schedules WHERE id = '${id}';
       UPDATE report_schedules SET next_at = now() - interval '1 minute' WHERE id = '${id}'`,
    );
    const at = `/api/v1/report-schedules/${id}`;
    while (Date.parse((await owner.ok<{ nextAt: string }>('GET', at)).nextAt) < Date.now()) await delay(50);
    const count = `SELECT count(*) AS n FROM reports WHERE schedule_id = '${id}' AND status IN ('queued', 'running')`;
    expect(Number((await database.query(count))[0]?.['n'])).toBe(1);
    await database.query(`DELETE FROM reports WHERE schedule_id = '${id}' AND status = 'running'`);
    while ((await reports()).length > 2) await delay(50);
    expect((await reports()).map((each) => each.id)).toEqual([made[2], made[1]]);
    const { nextAt } = await owner.ok<{ nextAt: string }>('GET', `/api/v1/report-schedules/${id}`);
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now());
    await second.stop();
  }, 90_000);
});
