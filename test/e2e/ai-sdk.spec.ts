import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Client, registered } from '../support/client.js';
import { type Held, held } from '../support/held.js';
import {
  API,
  type Chat,
  type ChatOptions,
  last,
  roles,
  textOf,
  type UiClient,
  uiClient,
  type UiMessage,
  type UiPart,
} from '../support/ui-client.js';

/* `useChat` against the running application: the real client of each major version, over HTTP. */

interface Stored {
  id: string;
  role: string;
  status: string;
  content: string;
  clientId: string | null;
}

let app: TestApp;
/** Another instance at the same database. */
let second: TestApp;
let user: Client;
let holding: Held | null = null;
beforeAll(async () => {
  app = await startApp();
  second = await startApp({}, app.database);
  user = await registered(app);
});
afterEach(async () => {
  await holding?.release();
  holding = null;
});
afterAll(async () => {
  await second.close();
  await app.close();
});

/** Never the same one twice: results of the same query are kept at hand, and could not be held back. */
let asked = 0;
const aQuestion = (): string =>
  `Average score by ${['sector', 'region', 'income group'][asked % 3]} in ${2015 + Math.floor(asked++ / 3)}`;
/** As it would come back from a page's storage. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function until(fits: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !fits(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(fits()).toBe(true);
}
const pages = async (chatId: string): Promise<UiMessage[]> => user.ok('GET', `${API}/${chatId}/messages`);
const conversationOf = async (chatId: string): Promise<string> => {
  const { data } = await user.ok<{ data: { id: string; clientId: string }[] }>(
    'GET',
    '/api/v1/conversations?limit=100',
  );
  const found = data.filter(({ clientId }) => clientId === chatId);
  expect(found).toHaveLength(1);
  return found[0]?.id ?? '';
};
const storedIn = async (chatId: string): Promise<Stored[]> =>
  (await user.ok<{ data: Stored[] }>('GET', `/api/v1/conversations/${await conversationOf(chatId)}/messages?order=asc`))
    .data;

describe.each([5, 6, 7] as const)('version %i', (major) => {
  let client: UiClient;
  beforeAll(async () => {
    client = await uiClient(major);
  });

  /** Every chunk that came, in all streams of the test. */
  let chunks: { type: string; [member: string]: unknown }[] = [];
  let statuses: number[] = [];
  /** Cuts the connection after this many frames, as a browser tells it. */
  let cutAfter: { frames: number; error: Error } | null = null;
  beforeEach(() => {
    chunks = [];
    statuses = [];
    cutAfter = null;
  });
  afterEach(async () => {
    for (const chunk of chunks) expect([chunk, await client.accepts(chunk)]).toEqual([chunk, true]);
  });

  const listened: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    statuses.push(response.status);
    if (response.headers.get('content-type')?.includes('event-stream') !== true || response.body === null)
      return response;
    expect(response.headers.get('x-vercel-ai-ui-message-stream')).toBe('v1');
    let rest = '';
    let frames = 0;
    const decoder = new TextDecoder();
    const cut = cutAfter;
    cutAfter = null;
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(bytes, controller) {
          if (cut !== null && frames > cut.frames) return;
          const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
          rest = parts.pop() ?? '';
          for (const frame of parts) {
            if (cut !== null && frames++ === cut.frames) {
              setTimeout(() => controller.error(cut.error), 50); // what came before it is read
              return;
            }
            controller.enqueue(new TextEncoder().encode(`${frame}\n\n`));
            if (frame.startsWith('data: {')) chunks.push(JSON.parse(frame.slice(6)) as (typeof chunks)[number]);
            else expect(frame).toMatch(/^(?:: ping|data: \[DONE\])$/);
          }
        },
      }),
    );
    return new Response(body, { status: response.status, headers: response.headers });
  };

  const aChat = (options: Partial<ChatOptions> = {}, body: object = {}, at = app): Chat =>
    new client.Chat({
      ...options,
      transport: new client.DefaultChatTransport({
        api: at.url + API,
        headers: { authorization: `Bearer ${user.token}` },
        body,
        fetch: listened,
      }),
    });

  it('sends, streams, follows up, and shows the same after a reload', async () => {
    const steps: UiPart[] = [];
    const chat = aChat({ onData: (part) => steps.push(part) }, { persona: 'transformation_analyst', temperature: 0.5 });
    await chat.sendMessage({ text: 'Show me education sector health in 2024' });
    expect([chat.status, chat.error]).toEqual(['ready', undefined]);
    await chat.sendMessage({ text: 'Compare it with healthcare' });
    expect(roles(chat)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(textOf(chat.messages[1])).toContain('Education');
    expect(textOf(chat.messages[3])).toContain('Healthcare');
    expect(chat.messages[3]?.parts.map(({ type }) => type)).toEqual([
      'step-start',
      'text',
      'data-visualization',
      'data-result',
      'source-document',
    ]);
    expect(last(chat)?.metadata).toMatchObject({ status: 'complete', conversationId: await conversationOf(chat.id) });
    expect(last(chat)?.metadata?.['insights']).not.toEqual([]);
    expect(
      steps
        .filter(({ type }) => type === 'data-step')
        .map(({ data }) => `${String(data?.['name'])} ${String(data?.['status'])}`),
    ).toEqual(
      Array.from({ length: 2 }, () =>
        ['intent', 'retrieval', 'analysis', 'visualization'].flatMap((name) => [
          `${name} started`,
          `${name} completed`,
        ]),
      ).flat(),
    );
    expect((await storedIn(chat.id)).map(({ content }) => content)).toEqual(chat.messages.map(textOf));

    const reloaded = await pages(chat.id);
    const ofAnswers = (messages: readonly UiMessage[]) => messages.filter(({ role }) => role === 'assistant');
    expect(reloaded.map(({ id }) => id)).toEqual(chat.messages.map(({ id }) => id));
    expect(ofAnswers(reloaded)).toEqual(plain(ofAnswers(chat.messages)));
    const again = aChat({ id: chat.id, messages: reloaded });
    await again.resumeStream();
    expect([again.status, statuses.at(-1)]).toEqual(['ready', 204]);
    expect(again.messages).toEqual(reloaded);
    await again.sendMessage({ text: 'And in 2020?' });
    expect(textOf(last(again))).toContain('2020');
    expect(await pages(chat.id)).toHaveLength(6);
  });

  it('comes back to an answer at work, after a cut connection and after a reload', async () => {
    holding = await held(app.database.url);
    const chat = aChat();
    // Version 5 keeps what it had beside what is told again after a browser's error; see the test below.
    cutAfter = { frames: 4, error: major === 5 ? new Error('cut') : new TypeError('network error') };
    const question = aQuestion();
    await chat.sendMessage({ text: question });
    expect(chat.status).toBe('error');
    const resuming = chat.resumeStream();
    await until(() => statuses.length === 2);

    const loaded = await pages(chat.id);
    expect(loaded.map(({ role, metadata }) => `${role} ${String(metadata?.['status'])}`)).toEqual([
      'user undefined',
      'assistant streaming',
    ]);
    const other = aChat({ id: chat.id, messages: loaded }, {}, second);
    const elsewhere = other.resumeStream();
    await until(() => statuses.length === 3);
    await holding.release();
    await Promise.all([resuming, elsewhere]);

    const [, answer] = await pages(chat.id);
    expect(answer?.metadata?.['status']).toBe('complete');
    for (const each of [chat, other]) {
      expect([each.status, roles(each)]).toEqual(['ready', ['user', 'assistant']]);
      expect(plain(last(each))).toEqual(answer);
    }
    await chat.resumeStream();
    expect(statuses.at(-1)).toBe(204);
  });

  it('stops, and keeps what there was', async () => {
    holding = await held(app.database.url);
    const chat = aChat();
    const sending = chat.sendMessage({ text: aQuestion() });
    await until(() => chunks.some(({ type, id }) => type === 'data-step' && id === 'retrieval'));
    const stopping = user.call('POST', `${API}/${chat.id}/stop`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await holding.release();
    expect((await stopping).status).toBe(204);
    await sending;
    expect(chunks.at(-1)).toEqual({ type: 'abort' });
    expect([chat.status, last(chat)?.metadata?.['status']]).toEqual(['ready', 'stopped']);
    expect((await storedIn(chat.id)).map(({ status }) => status)).toEqual(['complete', 'stopped']);
    expect((await user.call('POST', `${API}/${chat.id}/stop`)).status).toBe(204);
    await chat.sendMessage({ text: 'Show me education sector health in 2024' });
    expect([chat.status, last(chat)?.metadata?.['status']]).toEqual(['ready', 'complete']);
  });

  it('says why it cannot answer now: another answer is at work', async () => {
    holding = await held(app.database.url);
    const chat = aChat();
    const sending = chat.sendMessage({ text: aQuestion() });
    await until(() => last(chat)?.role === 'assistant');
    const other = aChat({ id: chat.id });
    await other.sendMessage({ text: 'And in 2020?' });
    expect([other.status, statuses.at(-1)]).toEqual(['error', 409]);
    expect(other.error?.message).toMatch(/^An answer is being worked out in this conversation; [^{}]*\.$/);
    await holding.release();
    await sending;
    expect(await storedIn(chat.id)).toHaveLength(2);
  });

  it('answers anew: the last answer, an earlier one by its id, by its question, and while it is at work', async () => {
    const chat = aChat();
    await chat.sendMessage({ text: 'Show me education sector health in 2024' });
    await chat.sendMessage({ text: 'Compare it with healthcare' });
    const [question, first, , second] = chat.messages;
    await chat.regenerate();
    expect(roles(chat)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(last(chat)?.id).not.toBe(second?.id);
    expect(textOf(last(chat))).toBe(textOf(second));
    await chat.regenerate({ messageId: first?.id ?? '' });
    expect(roles(chat)).toEqual(['user', 'assistant']);
    const anew = last(chat)?.id;
    expect([anew === first?.id, textOf(last(chat))]).toEqual([false, textOf(first)]);
    await chat.regenerate({ messageId: question?.id ?? '' });
    expect((await pages(chat.id)).map(({ id }) => id)).toEqual(chat.messages.map(({ id }) => id));
    expect(last(chat)?.id).not.toBe(anew);

    holding = await held(app.database.url);
    const sending = chat.sendMessage({ text: aQuestion() });
    await until(() => chat.messages.length === 4);
    const other = aChat({ id: chat.id, messages: chat.messages.slice(0, 3) });
    const before = statuses.length;
    const same = other.regenerate();
    await until(() => statuses.length > before);
    await holding.release();
    await Promise.all([sending, same]);
    expect(last(other)?.id).toBe(last(chat)?.id);
  });

  it('edits a question, again and again, under the id that the client keeps', async () => {
    const chat = aChat();
    await chat.sendMessage({ text: 'Show me education sector health in 2024' });
    await chat.sendMessage({ text: 'And in 2020?' });
    const messageId = chat.messages[0]?.id ?? '';
    const versions = ['Show me healthcare sector health in 2024', 'Show me economy sector health in 2023'];
    for (const text of versions) {
      await chat.sendMessage({ text, messageId });
      expect([chat.status, chat.error]).toEqual(['ready', undefined]);
      expect(chat.messages.map(({ id }) => id)).toEqual([messageId, last(chat)?.id]);
      expect(await pages(chat.id)).toMatchObject([{ id: messageId, parts: [{ text }] }, { id: last(chat)?.id }]);
    }
    const before = last(chat)?.id;
    await chat.sendMessage({ text: versions[1] ?? '', messageId }); // the same, once more
    expect(last(chat)?.id).toBe(before);
    await chat.sendMessage({ text: 'And in 2019?' });
    expect(textOf(last(chat))).toContain('2019');
    await chat.sendMessage({ text: 'Show me education sector health in 2024', messageId }); // as it was first
    expect(roles(chat)).toEqual(['user', 'assistant']);
    expect(textOf(last(chat))).toContain('Education');
    expect(await pages(chat.id)).toMatchObject([{ id: messageId }, { id: last(chat)?.id }]);

    const reloaded = aChat({ id: chat.id, messages: await pages(chat.id) });
    await reloaded.sendMessage({ text: 'Show me healthcare sector health in 2021', messageId });
    expect(textOf(last(reloaded))).toContain('2021');
    expect(await pages(chat.id)).toMatchObject([{ id: messageId }, { id: last(reloaded)?.id }]);
  });

  it('shows errors as sentences', async () => {
    const wrong: [object, string, number, string][] = [
      [{}, ' ', 400, 'The message must not be blank.'],
      [{}, 'x'.repeat(10_001), 400, 'The message must have at most 10000 characters.'],
      [{}, 'zero \0', 400, 'messages.0.parts.0.text must not contain NUL characters or unpaired surrogates.'],
      [{ persona: 'nobody' }, 'Hello', 404, 'There is no persona nobody here.'],
      [{ datasetIds: [NOWHERE] }, 'Hello', 404, `There is no dataset ${NOWHERE} here.`],
    ];
    for (const [body, text, status, message] of wrong) {
      const chat = aChat({}, body);
      await chat.sendMessage({ text });
      expect([chat.status, statuses.at(-1), chat.error?.message]).toEqual(['error', status, message]);
      expect((await user.call('GET', `${API}/${chat.id}/messages`)).status).toBe(404); // nothing was begun
    }
    const stranger = new client.Chat({
      transport: new client.DefaultChatTransport({ api: app.url + API, headers: { authorization: 'Bearer no' } }),
    });
    await stranger.sendMessage({ text: 'Hello' });
    expect([stranger.status, stranger.error?.message]).toEqual(['error', expect.stringMatching(/^[A-Z][^{}]+\.$/)]);
  });

  it('shows why an answer failed, and asks for another', async () => {
    const [rows] = await app.database.query(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'dataset_rows' LIMIT 1`,
    );
    const table = `"${String(rows?.['name'])}"`;
    await app.database.query(`ALTER TABLE dataset_rows.${table} RENAME TO away`);
    const chat = aChat();
    await chat.sendMessage({ text: aQuestion() });
    await app.database.query(`ALTER TABLE dataset_rows.away RENAME TO ${table}`);
    const sentence = chat.error?.message ?? '';
    expect([chat.status, sentence]).toEqual(['error', expect.stringMatching(/^[A-Z][^{}]+\.$/)]);
    const [, failed] = await pages(chat.id);
    expect(failed).toMatchObject({ id: last(chat)?.id, role: 'assistant', metadata: { status: 'failed' } });
    expect(textOf(failed)).toBe(sentence);
    await chat.regenerate();
    expect([chat.status, last(chat)?.metadata?.['status']]).toEqual(['ready', 'complete']);
  });

  it('sends again, after what failed', async () => {
    const chat = aChat({}, { persona: 'nobody' });
    await chat.sendMessage({ text: 'Hello' });
    expect(chat.status).toBe('error');
    await chat.regenerate({ body: { persona: 'digital_twin_designer' } });
    expect([chat.status, roles(chat)]).toEqual(['ready', ['user', 'assistant']]);
    expect(await pages(chat.id)).toMatchObject(chat.messages.map(({ id }) => ({ id })));
  });

  it('opens a conversation by its own id, and sends the last message only', async () => {
    const turn = await user.ok<{ conversationId: string; message: Stored; userMessage: Stored }>(
      'POST',
      '/api/v1/chat/messages',
      { query: 'Show me education sector health in 2024' },
    );
    const messages = await pages(turn.conversationId);
    expect(messages.map(({ id }) => id)).toEqual([turn.userMessage.id, turn.message.id]);
    const chat = new client.Chat({
      id: turn.conversationId,
      messages,
      transport: new client.DefaultChatTransport({
        api: app.url + API,
        headers: { authorization: `Bearer ${user.token}` },
        fetch: listened,
        prepareSendMessagesRequest: ({ id, messages: all, trigger, messageId }) => ({
          body: { id, message: all.at(-1), trigger, messageId },
        }),
      }),
    });
    await chat.sendMessage({ text: 'Compare it with healthcare' });
    expect(textOf(last(chat))).toContain('Healthcare');
    await chat.regenerate();
    await chat.sendMessage({ text: 'And in 2020?', messageId: chat.messages[2]?.id ?? '' });
    expect(await pages(turn.conversationId)).toMatchObject(chat.messages.map(({ id }) => ({ id })));
    await chat.sendMessage({ text: 'Show me healthcare sector health in 2021', messageId: turn.userMessage.id });
    expect(await pages(turn.conversationId)).toMatchObject([{ id: turn.userMessage.id }, { id: last(chat)?.id }]);
  });
});

const NOWHERE = '019a9d3c-7b1e-7c34-9d5e-0f6f1a2b3c4d';

describe('any client', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) => user.call('POST', API, body, headers);
  const question = (id: string, messageId: string, text: string, more: object = {}) => ({
    id,
    trigger: 'submit-message',
    messages: [{ id: messageId, role: 'user', parts: [{ type: 'text', text }] }],
    ...more,
  });

  const framesIn = (text = ''): unknown[] =>
    [...text.matchAll(/^data: ({.*)$/gm)].map(([, json = '']): unknown => JSON.parse(json));

  it('that sends the same twice, at once or later, gets the same answer', async () => {
    const body = question('twice', 'twice-1', 'Show me education sector health in 2024');
    const answers = await Promise.all([post(body), post(body), post(body)]);
    answers.push(await post(body));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const { text } of answers) expect(framesIn(text)).toEqual(framesIn(answers[0]?.text));
    expect(await storedIn('twice')).toHaveLength(2);
    const edit = { ...question('twice', 'twice-1', 'Show me healthcare in 2024'), messageId: 'twice-1' };
    const edits = await Promise.all([post(edit), post(edit)]);
    edits.push(await post(edit));
    for (const { text } of edits) expect(framesIn(text)).toEqual(framesIn(edits[0]?.text));
    const other = await post(question('twice', 'twice-1', 'Something else'));
    expect([other.status, other.headers.get('x-error-code')]).toEqual([422, 'idempotency_mismatch']);
  });

  it('that asks for another answer twice at once gets the same one', async () => {
    await post(question('anew', 'anew-1', aQuestion()));
    holding = await held(app.database.url);
    const there = new Client(second.url, user.token); // it has no results at hand yet
    const anew = [1, 2, 3].map(() =>
      there.call('POST', API, { id: 'anew', trigger: 'regenerate-message', messageId: 'anew-1' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await holding.release();
    const answers = await Promise.all(anew);
    for (const { text } of answers) expect(framesIn(text)).toEqual(framesIn(answers[0]?.text));
    const conversationId = await conversationOf('anew');
    const { data } = await user.ok<{ data: unknown[] }>('GET', `/api/v1/chat/runs?conversationId=${conversationId}`);
    expect(data).toHaveLength(2);
  });

  it('that begins a chat twice at once with different messages is told that one is at work', async () => {
    holding = await held(app.database.url);
    const sends = ['a', 'b', 'c'].map((name) => post(question('race', `race-${name}`, `${aQuestion()} please`)));
    const first = await Promise.race(sends);
    expect([first.status, first.headers.get('x-error-code')]).toEqual([409, 'run_active']);
    await holding.release();
    expect((await Promise.all(sends)).filter(({ status }) => status === 409)).toHaveLength(2);
    expect(await storedIn('race')).toHaveLength(2);
  });

  it('gets a problem document where it takes one, for whatever is wrong', async () => {
    const json = { accept: 'application/json', 'content-type': 'application/json' };
    const message = { role: 'user', parts: [{ type: 'text', text: 'Hello' }] };
    const wrong: [unknown, number][] = [
      ['{', 400],
      ['null', 400],
      ['"text"', 400],
      [[], 400],
      [{}, 400],
      [{ id: 'x' }, 400],
      [{ id: 1, message }, 400],
      [{ id: '', message }, 400],
      [{ id: 'with space', message }, 400],
      [{ id: 'x'.repeat(129), message }, 400],
      [{ id: 'x', message, trigger: 'else' }, 400],
      [{ id: 'x', message, messageId: 7 }, 400],
      [{ id: 'x', message, datasetIds: ['x'] }, 400],
      [{ id: 'x', message: 'Hello' }, 400],
      [{ id: 'x', message: { role: 'tool', parts: [] } }, 400],
      [{ id: 'x', message: { role: 'user' } }, 400],
      [{ id: 'x', message: { role: 'user', parts: ['Hello'] } }, 400],
      [{ id: 'x', message: { role: 'user', parts: [{ type: 'text', text: 5 }] } }, 400],
      [{ id: 'x', message: { ...message, role: 'assistant' } }, 400],
      [{ id: 'x', message: { ...message, id: 'ü' } }, 400],
      [{ id: 'x', message: { role: 'user', parts: [{ type: 'file', url: 'data:,', mediaType: 'text/plain' }] } }, 400],
      [{ id: 'x', messages: [] }, 400],
      [{ id: 'x', messages: [message], history: 'x'.repeat(1_100_000) }, 413],
      [{ id: 'unknown', trigger: 'regenerate-message', messages: [] }, 404],
      [{ id: 'unknown', trigger: 'regenerate-message', messageId: NOWHERE }, 404],
    ];
    for (const [body, status] of wrong) {
      const { status: told, body: problem, text } = await post(body, json);
      expect([body, told, problem['status'], text.includes(' at ')]).toEqual([body, status, status, false]);
      const sentence = await post(body, { 'content-type': 'application/json' });
      expect([sentence.status, sentence.text]).toEqual([status, problem['detail']]);
    }
    for (const id of ['%00', 'with%20space', 'x'.repeat(200)]) {
      expect([id, (await user.call('GET', `${API}/${id}/messages`)).status]).toEqual([id, 400]);
      expect([id, (await user.call('GET', `${API}/${id}/stream`)).status]).toEqual([id, 400]);
    }
    expect((await user.call('GET', `${API}/x/messages?limit=0`)).status).toBe(400);
    expect((await user.call('GET', `${API}/x/messages`)).text).toBe('There is no conversation x here.');
    expect((await user.call('POST', API, { id: 'x', message, extra: { any: 'thing' }, userId: NOWHERE })).status).toBe(
      200,
    );
  });

  it('that is another user has a chat of its own under the same id, or under the id of the conversation', async () => {
    await post(question('shared-name', 'shared-1', 'Hello'));
    const conversationId = await conversationOf('shared-name');
    const other = await registered(app);
    for (const id of ['shared-name', conversationId]) {
      expect((await other.call('GET', `${API}/${id}/messages`)).status).toBe(404);
      expect((await other.call('GET', `${API}/${id}/stream`)).status).toBe(204);
      expect((await other.call('POST', `${API}/${id}/stop`)).status).toBe(404);
      expect((await other.call('POST', API, question(id, `own-${id}`, 'Hello'))).status).toBe(200);
      expect(await other.ok('GET', `${API}/${id}/messages`)).toHaveLength(2);
    }
    expect(await pages('shared-name')).toHaveLength(2);
  });

  it('loads the last messages of a long chat', async () => {
    for (let i = 0; i < 3; i++) await post(question('long', `long-${i}`, 'Hello'));
    const all = await pages('long');
    expect(await user.ok('GET', `${API}/long/messages?limit=3`)).toEqual(all.slice(-3));
  });
});
