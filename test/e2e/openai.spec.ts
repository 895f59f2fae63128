import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { type Held, held } from '../support/held.js';
import { ModelEndpoint } from '../support/model-endpoint.js';
import { Checked, CLIENTS } from '../support/openai.js';

/*
 * OpenAI's own clients against the running application, each major version of them; every body and every streamed event
 * is held against OpenAI's published schema. A response is kept at work by holding back its analytical query.
 */

const MODEL = 'transformation_analyst';

/** Never the same one twice: results of the same query are kept at hand, and could not be held back. */
let asked = 0;
const aQuestion = (): string =>
  `Average score by ${['sector', 'region', 'income group'][asked % 3]} in ${2015 + (Math.floor(asked++ / 3) % 10)}${asked > 30 ? ' for Education' : ''}`;

let app: TestApp;
let holding: Held | null = null;
beforeAll(async () => {
  app = await startApp();
});
afterEach(async () => {
  await holding?.release();
  holding = null;
});
afterAll(() => app.close());

/** Once the run of a response is to stop. */
async function stopAsked(id: string): Promise<void> {
  const asked = `SELECT FROM runs WHERE stop_requested AND replace(id::text, '-', '') = '${id.slice('resp_'.length)}'`;
  while ((await app.database.query(asked)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Not the clients' own `output_text`, which version 5 leaves out of streamed responses. */
const textOf = ({ output }: OpenAI.Responses.Response): string =>
  output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('');

describe.each(CLIENTS)('%s', (_, Api) => {
  const checked = new Checked();
  let user: Client;
  let api: OpenAI;

  beforeAll(async () => {
    user = await registered(app);
    api = new Api({ apiKey: user.token ?? '', baseURL: `${app.url}/v1`, fetch: checked.fetch });
  });
  afterEach(async () => expect(await checked.all()).toEqual([]));
  afterAll(() => expect(checked.looked).toBeGreaterThan(50));

  const refused = async (work: () => PromiseLike<unknown>): Promise<InstanceType<typeof Api.APIError>> => {
    const error = await Promise.resolve(work()).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof Api.APIError) return error;
    throw new Error(`not refused: ${String(error)}`);
  };

  describe('models', () => {
    it('are the active personas', async () => {
      const { data } = await api.models.list();
      expect(data.map(({ id, owned_by }) => [id, owned_by])).toContainEqual([MODEL, 'engram']);
      expect(await api.models.retrieve(MODEL)).toMatchObject({ id: MODEL, object: 'model' });
      expect(await refused(() => api.models.retrieve('gpt-4o'))).toMatchObject({
        status: 404,
        code: 'model_not_found',
      });
    });
  });

  describe('chat completions', () => {
    const messages = (...texts: string[]): OpenAI.ChatCompletionMessageParam[] =>
      texts.map((content, place) => ({ role: place % 2 === 0 ? 'user' : 'assistant', content }));
    const conversations = async (): Promise<{ id: string; messageCount: number }[]> =>
      (await user.ok<{ data: { id: string; messageCount: number }[] }>('GET', '/api/v1/conversations')).data;

    it('answer, with and without a stream', async () => {
      const question = aQuestion();
      const whole = await api.chat.completions.create({
        model: MODEL,
        temperature: 0.2,
        messages: [{ role: 'system', content: 'You are a pirate.' }, ...messages(question)],
      });
      const content = whole.choices[0]?.message.content ?? '';
      expect(content).toContain('Average score');
      expect(whole.choices[0]?.finish_reason).toBe('stop');
      const stream = await api.chat.completions.create({
        model: MODEL,
        messages: [{ role: 'user', content: [{ type: 'text', text: question }] }],
        stream: true,
        stream_options: { include_usage: true },
      });
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(content);
      expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 0 } });
      expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
      expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    });

    it('go on in the conversation that the history belongs to, and remember it', async () => {
      const first = 'Show me education sector health in 2024';
      const one = (await api.chat.completions.create({ model: MODEL, messages: messages(first) })).choices[0]?.message;
      const said = one?.content ?? '';
      const before = await conversations();
      const two = await api.chat.completions.create({
        model: MODEL,
        messages: messages(first, ` ${said}\n`, 'Compare it with healthcare'),
      });
      expect(two.choices[0]?.message.content).toMatch(/Healthcare \*\*71\.7/);
      const answer = two.choices[0]?.message.content ?? '';
      const three = await api.chat.completions.create({
        model: MODEL,
        messages: messages(first, said, 'Compare it with healthcare', answer, 'And in 2020?'),
      });
      expect(three.choices[0]?.message.content).toContain('2020');
      const after = await conversations();
      expect(after.length).toBe(before.length);
      expect(after[0]?.messageCount).toBe(6);
    });

    it('asked again with the same history stand beside the first answer', async () => {
      const first = aQuestion();
      const said = (await api.chat.completions.create({ model: MODEL, messages: messages(first) })).choices[0]?.message;
      const history = messages(first, said?.content ?? '', 'And for Asia?');
      await api.chat.completions.create({ model: MODEL, messages: history });
      await api.chat.completions.create({ model: MODEL, messages: history });
      const [latest] = await conversations();
      expect(latest?.messageCount).toBe(4);
    });

    it('begin a conversation with a history that came from elsewhere', async () => {
      const before = await conversations();
      await api.chat.completions.create({
        model: MODEL,
        messages: messages('Hello from elsewhere', 'Hi!', 'Show me education sector health in 2024'),
      });
      const after = await conversations();
      expect(after.length).toBe(before.length + 1);
      expect(after[0]?.messageCount).toBe(4);
    });

    it('make one turn of an attempt that is made again', async () => {
      const body = { model: MODEL, messages: messages(aQuestion()) };
      const before = await conversations();
      const first = await api.chat.completions.create(body);
      const again = await api.chat.completions.create(body, { headers: { 'X-Stainless-Retry-Count': '1' } });
      expect(again.id).toBe(first.id);
      const headers = { 'Idempotency-Key': `key-${first.id}` };
      const keyed = await api.chat.completions.create(body, { headers });
      expect((await api.chat.completions.create(body, { headers })).id).toBe(keyed.id);
      expect(keyed.id).not.toBe(first.id);
      expect((await conversations()).length).toBe(before.length + 2);
    });
  });

  describe('responses', () => {
    const collected = async (stream: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>) => {
      const events: OpenAI.Responses.ResponseStreamEvent[] = [];
      for await (const event of stream) events.push(event);
      return events;
    };
    const deltas = (events: readonly OpenAI.Responses.ResponseStreamEvent[]): string =>
      events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');

    it('answer, and are there to be read again', async () => {
      const response = await api.responses.create({
        model: MODEL,
        input: 'Show me education sector health in 2024',
        metadata: { topic: 'demo' },
        instructions: 'Be brief.',
      });
      expect(response).toMatchObject({ status: 'completed', model: MODEL, metadata: { topic: 'demo' }, error: null });
      expect(textOf(response)).toContain('51.9 points');
      expect(response.output_text).toBe(textOf(response));
      expect(await api.responses.retrieve(response.id)).toEqual(response);
      const { data } = await api.responses.inputItems.list(response.id);
      expect(data).toMatchObject([
        { role: 'user', content: [{ type: 'input_text', text: 'Show me education sector health in 2024' }] },
      ]);
    });

    it('go on after another, and branch where that was not the last', async () => {
      const first = await api.responses.create({ model: MODEL, input: 'Show me education sector health in 2024' });
      const next = { model: MODEL, previous_response_id: first.id };
      const second = await api.responses.create({ ...next, input: 'Compare it with healthcare' });
      expect(textOf(second)).toMatch(/Healthcare \*\*71\.7/);
      expect(second.previous_response_id).toBe(first.id);
      const other = await api.responses.create({ ...next, input: 'And in 2020?' });
      expect(textOf(other)).not.toContain('Healthcare');
      expect(textOf(other)).toContain('2020');
      const { id } = other.conversation ?? { id: '' };
      expect(second.conversation?.id).toBe(id);
      const { data } = await api.conversations.items.list(id, { order: 'asc' });
      expect(data.map((item) => (item.type === 'message' ? item.role : item.type))).toEqual([
        'user',
        'assistant',
        'user',
        'assistant',
      ]);
    });

    it('take messages, of which the last is the question', async () => {
      const response = await api.responses.create({
        model: MODEL,
        input: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'user', content: 'Hello' },
          { type: 'message', role: 'user', content: [{ type: 'input_text', text: aQuestion() }] },
        ],
      });
      const { data } = await api.responses.inputItems.list(response.id, { order: 'asc', limit: 2 });
      expect(data.map((item) => ('role' in item ? item.role : item.type))).toEqual(['system', 'user']);
      const ids = [];
      for await (const { id } of api.responses.inputItems.list(response.id, { limit: 1 })) ids.push(id);
      expect(new Set(ids).size).toBe(3);
    });

    it('stream', async () => {
      const stream = await api.responses.create({ model: MODEL, input: aQuestion(), stream: true });
      const events = await collected(stream);
      const types = events.map(({ type }) => type).filter((type, place, all) => type !== all[place - 1]);
      expect(types).toEqual([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        'response.completed',
      ]);
      const numbers = events.map(({ sequence_number }) => sequence_number);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(new Set(numbers).size).toBe(numbers.length);
      const last = events.at(-1);
      if (last?.type !== 'response.completed') throw new Error('no end');
      const read = await api.responses.retrieve(last.response.id);
      expect(textOf(read)).toBe(deltas(events));
      const again = await collected(await api.responses.retrieve(last.response.id, { stream: true }));
      expect(again).toEqual(events);
    });

    it("are put together by the client's helper", async () => {
      const input = aQuestion();
      const response = await api.responses.stream({ model: MODEL, input }).finalResponse();
      expect(response.status).toBe('completed');
      expect(textOf(response)).toContain('verage score');
      const replayed = await api.responses.stream({ response_id: response.id }).finalResponse();
      expect(textOf(replayed)).toBe(textOf(response));
    });

    it('are resumed where a stream was cut', async () => {
      holding = await held(app.database.url);
      // Unchecked: a second reader of the stream would keep the connection open.
      const cut = new Api({ apiKey: user.token ?? '', baseURL: `${app.url}/v1` });
      const stream = await cut.responses.create({ model: MODEL, input: aQuestion(), stream: true, background: true });
      let id = '';
      let number = -1;
      for await (const event of stream) {
        number = event.sequence_number;
        if (event.type !== 'response.created') break; // leaves, and closes the connection
        id = event.response.id;
      }
      expect((await api.responses.retrieve(id)).status).toBe('in_progress');
      await holding.release();
      const rest = await collected(await api.responses.retrieve(id, { stream: true, starting_after: number }));
      expect(rest[0]?.type).toBe('response.output_item.added');
      const all = await collected(await api.responses.retrieve(id, { stream: true }));
      expect(all.filter(({ sequence_number }) => sequence_number > number)).toEqual(rest);
      const end = rest.at(-1);
      expect(end?.type === 'response.completed' && textOf(end.response)).toBe(deltas(rest));
    });

    it('go on in the background, and can be cancelled', async () => {
      holding = await held(app.database.url);
      const response = await api.responses.create({ model: MODEL, input: aQuestion(), background: true });
      expect(response).toMatchObject({ status: 'in_progress', background: true, output: [] });
      const busy = await refused(() =>
        api.responses.create({ model: MODEL, input: aQuestion(), conversation: response.conversation?.id ?? '' }),
      );
      expect([busy.status, busy.code, busy.headers?.get('x-should-retry')]).toEqual([409, 'run_active', 'false']);
      const deleting = await refused(() => api.responses.delete(response.id));
      expect([deleting.status, deleting.code]).toEqual([409, 'response_active']);
      const cancelling = api.responses.cancel(response.id).then((cancelled) => cancelled);
      await stopAsked(response.id);
      await holding.release();
      expect((await cancelling).status).toBe('cancelled');
      const events = await collected(await api.responses.retrieve(response.id, { stream: true }));
      expect(events.at(-1)).toMatchObject({ type: 'response.incomplete', response: { status: 'cancelled' } });
      const done = await api.responses.create({ model: MODEL, input: 'Hello', background: true });
      const { status } = await api.responses.stream({ response_id: done.id }).finalResponse();
      expect(status).toBe('completed');
      expect((await api.responses.cancel(done.id)).status).toBe('completed');
    });

    it('make one turn of an attempt that is made again', async () => {
      const body = { model: MODEL, input: aQuestion(), metadata: { a: 'b' } };
      const first = await api.responses.create(body);
      const again = await api.responses.create(body, { headers: { 'X-Stainless-Retry-Count': '2' } });
      expect(again.id).toBe(first.id);
      const headers = { 'Idempotency-Key': `key-${first.id}` };
      const keyed = await api.responses.create(body, { headers });
      expect(keyed.id).not.toBe(first.id);
      expect((await api.responses.create(body, { headers })).id).toBe(keyed.id);
      const other = await refused(() => api.responses.create({ ...body, input: 'Something else' }, { headers }));
      expect([other.status, other.code]).toEqual([422, 'idempotency_mismatch']);
    });

    it('are deleted with a conversation that holds nothing else', async () => {
      const alone = await api.responses.create({ model: MODEL, input: 'Hello' });
      await api.responses.delete(alone.id);
      expect((await refused(() => api.responses.retrieve(alone.id))).status).toBe(404);
      const first = await api.responses.create({ model: MODEL, input: 'Hello' });
      await api.responses.create({ model: MODEL, input: 'Thanks', previous_response_id: first.id });
      const error = await refused(() => api.responses.delete(first.id));
      expect([error.status, error.code]).toEqual([404, 'not_served']);
    });
  });

  describe('conversations', () => {
    it('are made, read, changed, listed and deleted', async () => {
      const made = await api.conversations.create({
        metadata: { topic: 'demo' },
        items: [{ type: 'message', role: 'user', content: 'Hello!' }],
      });
      expect(made.metadata).toEqual({ topic: 'demo', title: 'Hello!' });
      expect(await api.conversations.retrieve(made.id)).toEqual(made);
      const changed = await api.conversations.update(made.id, { metadata: { topic: 'other', title: 'Sectors' } });
      expect(changed.metadata).toEqual({ topic: 'other', title: 'Sectors' });
      const second = await api.conversations.create();
      const page = await user.ok<{ data: { id: string }[]; last_id: string }>('GET', '/v1/conversations?limit=1');
      const next = await user.ok<{ data: { id: string }[] }>('GET', `/v1/conversations?limit=1&after=${page.last_id}`);
      expect([page.data[0]?.id, next.data[0]?.id]).toEqual([second.id, made.id]);
      expect(await api.conversations.delete(made.id)).toMatchObject({ id: made.id, deleted: true });
      expect(await refused(() => api.conversations.retrieve(made.id))).toMatchObject({
        status: 404,
        code: 'conversation_not_found',
      });
    });

    it('hold items, by pages, and go on with a response', async () => {
      const { id } = await api.conversations.create({ metadata: { model: MODEL } });
      const added = await api.conversations.items.create(id, {
        items: [
          { type: 'message', role: 'user', content: 'How many sectors are there?' },
          { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Four.', annotations: [] }] },
        ],
      } as OpenAI.Conversations.ItemCreateParams);
      const response = await api.responses.create({ model: MODEL, conversation: id, input: aQuestion() });
      expect(response.conversation?.id).toBe(id);
      const all = [];
      for await (const item of api.conversations.items.list(id, { limit: 1, order: 'asc' })) all.push(item);
      expect(all.map((item) => item.id)).toEqual([
        ...added.data.map((item) => item.id),
        expect.stringMatching(/^msg_/),
        response.output[0]?.id,
      ]);
      const newest = await api.conversations.items.list(id, { limit: 1 });
      expect([newest.data[0]?.id, newest.has_more]).toEqual([response.output[0]?.id, true]);
      const [first] = added.data;
      expect(await api.conversations.items.retrieve(first?.id ?? '', { conversation_id: id })).toEqual(first);
      // With what a user said its answer goes.
      const left = await api.conversations.items.delete(first?.id ?? '', { conversation_id: id });
      expect(left).toEqual(await api.conversations.retrieve(id));
      const after = await api.conversations.items.list(id, { order: 'asc' });
      expect(after.data.map((item) => item.id)).toEqual(all.slice(2).map((item) => item.id));
      const error = await refused(() => api.conversations.items.delete(first?.id ?? '', { conversation_id: id }));
      expect([error.status, error.code]).toEqual([404, 'message_not_found']);
    });
  });

  it('says what is wrong, so that the client can read it', async () => {
    const error = await refused(() =>
      api.chat.completions.create({
        model: MODEL,
        messages: [{ role: 'user', content: 'Hello' }],
        tools: [{ type: 'function', function: { name: 'lookup' } }],
      }),
    );
    expect(error).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'tools' });
    expect(error.message).toContain('does not support tools');
    expect(error.requestID).toMatch(/^[0-9a-f-]{36}$/);
    const stranger = new Api({ apiKey: 'nobody', baseURL: `${app.url}/v1`, fetch: checked.fetch });
    expect(await refused(() => stranger.models.list())).toBeInstanceOf(Api.AuthenticationError);
    const served = await refused(() => api.embeddings.create({ model: MODEL, input: 'x' }));
    expect([served.status, served.code]).toEqual([404, 'not_served']);
  });
});

describe('what is not right', () => {
  let user: Client;
  beforeAll(async () => {
    user = await registered(app);
  });

  interface Refusal {
    error: { message: string; type: string; param: string | null; code: string };
  }
  const question = { role: 'user', content: 'Hello' };
  const long = 'x'.repeat(10_001);

  const REFUSED: [operation: string, body: unknown, status: number, code: string, param?: string][] = [
    ['POST /v1/chat/completions', {}, 400, 'validation_failed', 'messages'],
    ['POST /v1/chat/completions', '{"messages": [', 400, 'bad_request'],
    ['POST /v1/chat/completions', [question], 400, 'validation_failed'],
    ['POST /v1/chat/completions', { messages: [] }, 400, 'validation_failed', 'messages'],
    ['POST /v1/chat/completions', { messages: 'Hello' }, 400, 'validation_failed', 'messages'],
    ['POST /v1/chat/completions', { messages: [{ role: 'user', content: ' ' }] }, 400, 'validation_failed', 'messages'],
    [
      'POST /v1/chat/completions',
      { messages: [{ role: 'user', content: long }] },
      400,
      'validation_failed',
      'messages',
    ],
    ['POST /v1/chat/completions', { messages: [{ role: 'user', content: 7 }] }, 400, 'validation_failed'],
    [
      'POST /v1/chat/completions',
      { messages: [{ role: 'system', content: 'x' }] },
      400,
      'validation_failed',
      'messages',
    ],
    [
      'POST /v1/chat/completions',
      { messages: [{ role: 'tool', content: 'x' }] },
      400,
      'validation_failed',
      'messages.0.role',
    ],
    [
      'POST /v1/chat/completions',
      { messages: [question, { role: 'assistant', content: 'x' }] },
      400,
      'validation_failed',
    ],
    [
      'POST /v1/chat/completions',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      400,
      'validation_failed',
    ],
    ['POST /v1/chat/completions', { messages: [question], stream: 'yes' }, 400, 'validation_failed', 'stream'],
    ['POST /v1/chat/completions', { messages: [question], model: 'gpt-4o' }, 404, 'model_not_found', 'model'],
    ['POST /v1/chat/completions', { messages: [question], n: 2 }, 400, 'unsupported_parameter', 'n'],
    ['POST /v1/chat/completions', { messages: [question], logprobs: true }, 400, 'unsupported_parameter', 'logprobs'],
    [
      'POST /v1/chat/completions',
      { messages: [question], response_format: { type: 'json_object' } },
      400,
      'unsupported_parameter',
      'response_format',
    ],
    ['POST /v1/chat/completions', { messages: [{ role: 'user', content: 'a\0b' }] }, 400, 'validation_failed'],
    ['POST /v1/chat/completions', { messages: [{ role: 'user', content: 'x'.repeat(1 << 20) }] }, 413, 'too_large'],
    ['POST /v1/responses', {}, 400, 'validation_failed', 'input'],
    ['POST /v1/responses', { input: '' }, 400, 'validation_failed', 'input'],
    ['POST /v1/responses', { input: long }, 400, 'validation_failed', 'input'],
    [
      'POST /v1/responses',
      { input: [{ type: 'function_call_output', call_id: 'a', output: 'b' }] },
      400,
      'validation_failed',
    ],
    ['POST /v1/responses', { input: 'Hello', conversation: 'conv_1' }, 404, 'conversation_not_found'],
    ['POST /v1/responses', { input: 'Hello', conversation: 7 }, 400, 'validation_failed', 'conversation'],
    ['POST /v1/responses', { input: 'Hello', previous_response_id: 'resp_1' }, 404, 'response_not_found'],
    [
      'POST /v1/responses',
      { input: 'Hello', conversation: 'conv_1', previous_response_id: 'resp_1' },
      400,
      'mutually_exclusive_parameters',
      'previous_response_id',
    ],
    ['POST /v1/responses', { input: 'Hello', store: false }, 400, 'unsupported_parameter', 'store'],
    ['POST /v1/responses', { input: 'Hello', tools: [{ type: 'web_search' }] }, 400, 'unsupported_parameter', 'tools'],
    ['POST /v1/responses', { input: 'Hello', tool_choice: 'required' }, 400, 'unsupported_parameter', 'tool_choice'],
    ['POST /v1/responses', { input: 'Hello', metadata: { a: 1 } }, 400, 'validation_failed', 'metadata.a'],
    ['GET /v1/responses/resp_zz', undefined, 404, 'response_not_found'],
    ['GET /v1/responses/resp_1?stream=maybe', undefined, 400, 'validation_failed', 'stream'],
    ['GET /v1/responses/resp_1?starting_after=-1', undefined, 400, 'validation_failed', 'starting_after'],
    ['POST /v1/conversations', { metadata: { title: ' ' } }, 400, 'validation_failed', 'metadata.title'],
    ['POST /v1/conversations', { metadata: { model: 'gpt-4o' } }, 404, 'model_not_found', 'model'],
    ['POST /v1/conversations', { items: [{ role: 'user', content: ' ' }] }, 400, 'validation_failed', 'items'],
    [
      'POST /v1/conversations',
      { items: Array.from({ length: 21 }, () => question) },
      400,
      'validation_failed',
      'items',
    ],
    ['GET /v1/conversations?order=asc', undefined, 400, 'unsupported_parameter', 'order'],
    ['GET /v1/conversations?after=conv_1', undefined, 400, 'cursor_invalid'],
    ['GET /v1/conversations/conv_%00/items', undefined, 400, 'validation_failed', 'conversation_id'],
    ['GET /v1/threads/1', undefined, 404, 'not_served'],
    ['DELETE /v1/models/transformation_analyst', undefined, 404, 'not_served'],
    ['GET /v1/nothing', undefined, 404, 'not_found'],
  ];

  it.each(REFUSED.map((row) => [`${row[0]} with ${JSON.stringify(row[1])?.slice(0, 100)}`, row] as const))(
    '%s',
    async (_, [operation, body, status, code, param]) => {
      const [method = '', path = ''] = operation.split(' ');
      const headers: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
      const answer = await user.call<Refusal>(method, path, body, headers);
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
      expect(answer.body.error.message).toMatch(/^.+\.?$/);
      if (param !== undefined) expect(answer.body.error.param).toBe(param);
    },
  );

  it('an item of another conversation, and a place that a list does not have', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map(() => user.ok<{ id: string }>('POST', '/v1/conversations', { items: [question] })),
    );
    const { data } = await user.ok<{ data: { id: string }[] }>('GET', `/v1/conversations/${one?.id}/items`);
    const foreign = await user.call('GET', `/v1/conversations/${two?.id}/items/${data[0]?.id}`);
    expect([foreign.status, foreign.body['code']]).toEqual([404, 'message_not_found']);
    const place = await user.call('GET', `/v1/conversations/${two?.id}/items?after=${data[0]?.id}`);
    expect([place.status, place.body['code']]).toEqual([400, 'cursor_invalid']);
  });

  it('another model than the conversation is with', async () => {
    const { data } = await user.ok<{ data: { id: string }[] }>('GET', '/v1/models');
    const [one, two] = data.map(({ id }) => id);
    const { id } = await user.ok<{ id: string }>('POST', '/v1/conversations', { metadata: { model: one } });
    const answer = await user.call<Refusal>('POST', '/v1/responses', { input: 'Hello', model: two, conversation: id });
    expect([answer.status, answer.body.error.code, answer.body.error.param]).toEqual([
      422,
      'persona_mismatch',
      'model',
    ]);
  });
});

describe('with a language model', () => {
  let endpoint: ModelEndpoint;
  let spoken: TestApp;
  beforeAll(async () => {
    endpoint = await ModelEndpoint.start('Ada Lovelace wrote the first program.');
    spoken = await startApp({ LLM_BASE_URL: endpoint.url, LLM_MODEL: 'small' });
  });
  afterAll(async () => {
    await spoken.close();
    await endpoint.close();
  });

  it('tells the tokens that were used, and only words that hold at the end', async () => {
    const user = await registered(spoken);
    const checked = new Checked();
    const api = new OpenAI({ apiKey: user.token ?? '', baseURL: `${spoken.url}/v1`, fetch: checked.fetch });
    const talk = await api.responses.create({ model: MODEL, input: 'Who was Ada Lovelace?' });
    expect(textOf(talk)).toBe('Ada Lovelace wrote the first program.');
    expect(talk.usage?.total_tokens).toBeGreaterThan(0);
    const completion = await api.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'Who was Ada Lovelace?' }],
    });
    expect(completion.usage?.total_tokens).toBe(talk.usage?.total_tokens);
    // A number that was not worked out: the rules' words take the place of the model's.
    endpoint.says('Education scored 99.9 points. It is rather well.');
    const events = [];
    const stream = await api.responses.create({
      model: MODEL,
      input: 'Show me education sector health in 2024',
      stream: true,
    });
    for await (const event of stream) events.push(event);
    const end = events.at(-1);
    if (end?.type !== 'response.completed') throw new Error('no end');
    expect(textOf(end.response)).toContain('51.9 points');
    expect(textOf(end.response)).not.toContain('99.9');
    expect(await checked.all()).toEqual([]);
  });
});
