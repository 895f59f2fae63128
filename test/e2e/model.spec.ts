import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, type Client, registered } from '../support/client.js';
import {
  type ChatRequest,
  failing,
  HANGS_UP,
  ModelEndpoint,
  page,
  rateLimited,
  SILENT,
  slowly,
} from '../support/model-endpoint.js';
import { eventsUntil, streamedEvents } from '../support/sse.js';

/* Turns with a language model, over real HTTP to an endpoint that says what the test tells it to. */

interface Message {
  id: string;
  role: string;
  type: string;
  status: string;
  content: string;
  metadata: {
    model?: { reading: string; wording: string; note: string | null; calls: number; usage: object | null };
    intent?: { kind: string };
    refusal?: object | null;
    query?: object | null;
  };
}
interface Turn {
  conversationId: string;
  runId: string;
  status: string;
  message: Message;
}

const DATA_QUESTION = 'Show me education sector health in 2024';
const CHAT = 'Who was Ada Lovelace?';

let endpoint: ModelEndpoint;
let app: TestApp;
let user: Client;
beforeAll(async () => {
  endpoint = await ModelEndpoint.start();
  app = await startApp({
    LLM_BASE_URL: endpoint.url,
    LLM_MODEL: 'small',
    LLM_RETRIES: '1',
    LLM_TIMEOUT_MS: '4000',
    LLM_FIRST_TOKEN_TIMEOUT_MS: '700',
  });
  user = await registered(app);
});
beforeEach(() => endpoint.says('Hello.'));
afterAll(async () => {
  await app.close();
  await endpoint.close();
});

const ask = (query: string, more: object = {}): Promise<Turn> =>
  user.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });
const streamed = (query: string, more: object = {}) =>
  fetch(`${app.url}/api/v1/chat/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, ...more }),
  });

/** Which of the three things a request asks the model for. */
const kindOf = ({ messages, response_format: format }: ChatRequest): 'query' | 'words' | 'talk' =>
  format !== undefined ? 'query' : messages[0]?.content.includes('worked out from data') === true ? 'words' : 'talk';
const NOT_ANSWERABLE = JSON.stringify({
  answerable: false,
  intent: 'unknown',
  datasetId: null,
  measures: [],
  groupBy: [],
  filters: [],
  orderBy: null,
  limit: null,
});

describe('words for what was worked out', () => {
  let mean: string;
  beforeAll(async () => {
    endpoint.says(failing(500));
    [mean = ''] = /\d+\.\d/.exec((await ask(DATA_QUESTION)).message.content) ?? [];
    expect(mean).not.toBe('');
  });

  it('are the model’s when every number in them is one of the findings’', async () => {
    endpoint.says(`In 2024, education came to ${mean}.`);
    const { message } = await ask(DATA_QUESTION);
    expect(message.content).toContain(`In 2024, education came to ${mean}.`);
    expect(message.content).toContain('Source:');
    expect(message.metadata.model).toMatchObject({ reading: 'rules', wording: 'model', note: null, calls: 1 });
    expect(message.metadata.model?.usage).toMatchObject({ inputTokens: 11 });
  });

  it('are asked for once more when a number is made up, and then are the rules’', async () => {
    endpoint.says(({ messages }) =>
      messages.length === 2 ? 'Education reached 99.9.' : `Education reached ${mean} in 2024.`,
    );
    const mended = await ask(DATA_QUESTION);
    expect(mended.message.content).toContain(`Education reached ${mean} in 2024.`);
    expect(mended.message.metadata.model).toMatchObject({ wording: 'model', calls: 2 });

    endpoint.says('Education reached 99.9.');
    const composed = await ask(DATA_QUESTION);
    expect(composed.message.content).not.toContain('99.9');
    expect(composed.message.content).toContain(mean);
    expect(composed.message.metadata.model).toMatchObject({
      wording: 'rules',
      calls: 2,
      note: expect.stringContaining('99.9'),
    });
  });

  it('must say the number that was asked for', async () => {
    endpoint.says('Education did well.');
    const { message } = await ask(DATA_QUESTION);
    expect(message.content).toContain(mean);
    expect(message.metadata.model).toMatchObject({ wording: 'rules' });
  });
});

describe('a question that the rules cannot read', () => {
  const question = 'Kindly enlighten me regarding how schooling fares';
  const query = (column: string, dataset: string) =>
    JSON.stringify({
      answerable: true,
      intent: 'aggregate',
      datasetId: dataset,
      measures: [{ aggregate: 'avg', column }],
      groupBy: [{ column: 'sector', grain: null }],
      filters: [{ column: 'year', grain: null, operator: '=', values: ['2020'] }],
      orderBy: { measure: 0, direction: 'desc' },
      limit: null,
    });
  const reading = (first: (dataset: string) => string, second = first) =>
    endpoint.says((request) => {
      if (kindOf(request) !== 'query') return failing(500);
      const [, dataset = ''] = /Data set ([\w-]+):/.exec(request.messages[1]?.content ?? '') ?? [];
      return request.messages.length > 2 ? second(dataset) : first(dataset);
    });

  it('is read by the model, checked against the data, and answered from it', async () => {
    reading((dataset) => query('score', dataset));
    const { message } = await ask(question);
    expect(message.metadata.model).toMatchObject({ reading: 'model', wording: 'rules' });
    expect(message.metadata.refusal).toBeNull();
    expect(message.content).toContain('Healthcare');
  });

  it('is asked for once more when the query does not fit the data', async () => {
    reading(
      (dataset) => query('scoer', dataset),
      (dataset) => query('score', dataset),
    );
    expect((await ask(question)).message.metadata.model).toMatchObject({ reading: 'model' });
  });

  it('stays unanswered, with the rules’ reason, when that does not help', async () => {
    reading((dataset) => query('scoer', dataset));
    const { message, status } = await ask(question);
    expect([status, message.metadata.model?.reading, message.metadata.query]).toEqual(['completed', 'rules', null]);
    expect(message.content).toMatch(/\S/);
  });
});

describe('a question outside the data', () => {
  it('is a conversation with the persona, streamed as it comes, with what was said before', async () => {
    endpoint.says((request) => (kindOf(request) === 'query' ? NOT_ANSWERABLE : slowly(30, 20, 'word ')));
    const events = await streamedEvents(await streamed(CHAT));
    const deltas = events.filter(({ event }) => event === 'answer.delta');
    expect(deltas.length).toBeGreaterThan(2); // joined over time, yet not all at once
    expect(deltas.length).toBeLessThan(30);
    const text = deltas.map(({ data }) => data['text']).join('');
    expect(text).toBe('word '.repeat(30));
    const last = events.find(({ event }) => event === 'message.completed')?.data['message'] as Message;
    expect(last).toMatchObject({ role: 'assistant', status: 'complete', content: text });
    expect(last.metadata.model).toMatchObject({ wording: 'model' });

    const runId = String(events[0]?.data['runId']);
    for (const after of [0, 3, events.length - 3]) {
      const again = await fetch(`${app.url}/api/v1/chat/runs/${runId}/events?after=${after}`, {
        headers: { authorization: `Bearer ${user.token}` },
      });
      expect(await streamedEvents(again)).toEqual(events.slice(after));
    }

    const conversationId = String(events[0]?.data['conversationId']);
    await ask('And who was her father?', { conversationId });
    const { messages } = endpoint.chats.at(-1)?.body ?? { messages: [] };
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toContain('Transformation Analyst');
    expect(messages[1]?.content).toBe(CHAT);
  });

  it('keeps what was said when it is stopped, and asks the model for no more', async () => {
    endpoint.says((request) => (kindOf(request) === 'query' ? NOT_ANSWERABLE : slowly(500, 20, 'word ')));
    const events = await eventsUntil(await streamed(CHAT), ({ event }) => event === 'answer.delta');
    const runId = String(events[0]?.data['runId']);
    const stopped = await user.ok('POST', `/api/v1/chat/runs/${runId}/stop`);
    expect(stopped['status']).toBe('stopped');
    const conversationId = String(events[0]?.data['conversationId']);
    const message = await user.ok<Message>(
      'GET',
      `/api/v1/conversations/${conversationId}/messages/${String(stopped['messageId'])}`,
    );
    expect(message).toMatchObject({ status: 'stopped', content: expect.stringMatching(/^word /) });
    expect(endpoint.requests.at(-1)?.wasAbandoned).toBe(true);
  });

  it('shows the message as far as it is while it is written', async () => {
    endpoint.says((request) => (kindOf(request) === 'query' ? NOT_ANSWERABLE : slowly(500, 20, 'word ')));
    const events = await eventsUntil(await streamed(CHAT), ({ event }) => event === 'answer.delta');
    const { runId, conversationId, messageId } = events[0]?.data ?? {};
    const path = `/api/v1/conversations/${String(conversationId)}/messages/${String(messageId)}`;
    for (let i = 0; i < 100; i++) {
      const { content, status } = await user.ok<Message>('GET', path);
      if (content !== '') {
        expect([status, content.startsWith('word word')]).toEqual(['streaming', true]);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(i).toBeLessThan(99);
    }
    await user.ok('POST', `/api/v1/chat/runs/${String(runId)}/stop`);
  });
});

describe('a model that fails', () => {
  it.each([
    ['refuses the connection', null],
    ['hangs up', HANGS_UP],
    ['never answers', SILENT],
    ['answers 500', failing(500)],
    ['is rate-limited', rateLimited('1')],
    ['answers with a page', page(200)],
    ['breaks off', { text: 'one two three', breaks: { after: 2, how: 'drop' as const } }],
    ['stalls', { text: 'one two three', breaks: { after: 2, how: 'stall' as const } }],
  ])('%s: the turn ends in time, with the composed answer', async (_name, reply) => {
    const own = await startApp(
      {
        LLM_BASE_URL: endpoint.url,
        LLM_MODEL: 'small',
        LLM_RETRIES: '1',
        LLM_TIMEOUT_MS: '2500',
        LLM_FIRST_TOKEN_TIMEOUT_MS: '500',
      },
      app.database,
    );
    if (reply === null) await endpoint.down();
    else endpoint.says(reply);
    try {
      for (const query of [DATA_QUESTION, CHAT]) {
        const response = await fetch(`${own.url}/api/v1/chat/messages`, {
          method: 'POST',
          headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
          signal: AbortSignal.timeout(6_000),
        });
        const { status, message } = (await response.json()) as Turn;
        expect([query, status, message.status, message.role]).toEqual([query, 'completed', 'complete', 'assistant']);
        expect(message.metadata.model).toMatchObject({
          wording: 'rules',
          note: expect.stringMatching(/language model/i),
        });
        expect(message.content).toMatch(query === DATA_QUESTION ? /\d/ : /\S/);
        expect(message.content).not.toContain('one two');
      }
    } finally {
      if (reply === null) await endpoint.up();
      await own.close();
    }
  });
});

it('is the persona’s own where it has one', async () => {
  const admin = await administrator(app);
  const persona = await admin.ok('POST', '/api/v1/personas', {
    name: 'poet',
    displayName: 'Poet',
    systemPrompt: 'You speak in verse.',
    color: '#123456',
    icon: 'feather',
    model: 'default/large',
    temperature: 1.5,
  });
  endpoint.says((request) => (kindOf(request) === 'query' ? NOT_ANSWERABLE : 'Roses are red.'));
  const { message } = await ask('Write something lovely about the sea please', { persona: persona['name'] });
  expect(message.content).toBe('Roses are red.');
  const { body } = endpoint.chats.at(-1) ?? {};
  expect([body?.model, body?.temperature, body?.messages[0]?.content.startsWith('You speak in verse.')]).toEqual([
    'large',
    1.5,
    true,
  ]);
});
