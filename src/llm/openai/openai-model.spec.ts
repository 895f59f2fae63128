import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { anything, array, assert, asyncProperty, json, oneof, record, string } from 'fast-check';
import {
  failing,
  HANGS_UP,
  ModelEndpoint,
  page,
  rateLimited,
  type Reply,
  type Said,
  SILENT,
  slowly,
} from '../../../test/support/model-endpoint.js';
import { type ModelChunk, ModelError, type ModelReply, type ModelRequest } from '../language-model.js';
import { OpenAiModel } from './openai-model.js';
import { type CallLimits, Provider } from './provider.js';

let endpoint: ModelEndpoint;
beforeAll(async () => {
  endpoint = await ModelEndpoint.start();
});
beforeEach(() => {
  endpoint.forget();
  endpoint.says('Hello there, you.');
  endpoint.refusesJsonSchema = false;
  endpoint.apiKey = null;
  endpoint.models = [];
});
afterAll(() => endpoint.close());

const modelAt = (limits: Partial<CallLimits> = {}, apiKey: string | null = null): OpenAiModel =>
  new OpenAiModel(
    new Provider(
      { name: 'default', baseUrl: `${endpoint.url}/`, apiKey, model: 'tiny' },
      { timeoutMs: 10_000, silenceTimeoutMs: 5_000, retries: 0, ...limits },
    ),
    'tiny',
  );

const asking = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: 'user', content: 'Hi' }],
  signal: new AbortController().signal,
  ...more,
});

const replyTo = (reply: Reply, limits?: Partial<CallLimits>): Promise<ModelReply> => {
  endpoint.says(reply);
  return modelAt(limits).complete(asking());
};

async function failure(work: Promise<unknown>): Promise<ModelError> {
  const error = await work.then(
    (value) => new Error(`no failure, but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof ModelError) return error;
  throw error;
}

/** The causes' messages: what the log will hold. */
function logged(error: unknown): string {
  return error instanceof Error ? `${error.message} ${logged(error.cause)}` : '';
}

async function* until(chunks: AsyncIterable<ModelChunk>, said: string[]): AsyncGenerator<ModelChunk> {
  for await (const chunk of chunks) {
    if (chunk.type === 'text') said.push(chunk.text);
    yield chunk;
  }
}

describe('an answer', () => {
  it('comes in pieces, with its usage at the end', async () => {
    const chunks: ModelChunk[] = [];
    for await (const chunk of modelAt().stream(asking())) chunks.push(chunk);
    expect(chunks).toEqual([
      { type: 'text', text: 'Hello' },
      { type: 'text', text: ' there,' },
      { type: 'text', text: ' you.' },
      { type: 'done', finishReason: 'stop', usage: { inputTokens: 11, outputTokens: 7 }, model: 'tiny' },
    ]);
  });

  it('is asked for with what the request says and nothing else', async () => {
    const call = { id: 'call_1', name: 'look_up', arguments: '{"year":2024}' };
    await modelAt().complete(
      asking({
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'assistant', content: '', toolCalls: [call] },
          { role: 'tool', content: '42', toolCallId: 'call_1' },
        ],
        temperature: 0,
        maxTokens: 50,
        stop: ['END'],
        tools: [{ name: 'look_up', description: 'Looks it up', parameters: { type: 'object' } }],
      }),
    );
    const [{ body, headers }] = endpoint.chats as [(typeof endpoint.chats)[number]];
    expect(body).toEqual({
      model: 'tiny',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"year":2024}' } }],
        },
        { role: 'tool', content: '42', tool_call_id: 'call_1' },
      ],
      temperature: 0,
      max_tokens: 50,
      stop: ['END'],
      tools: [
        { type: 'function', function: { name: 'look_up', description: 'Looks it up', parameters: { type: 'object' } } },
      ],
    });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers['user-agent']).toBe('engram');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  it('carries the key where there is one', async () => {
    endpoint.apiKey = 'sk-of-this-test';
    await expect(modelAt({}, 'sk-of-this-test').complete(asking())).resolves.toMatchObject({ finishReason: 'stop' });
  });

  it.each<[string, Said, Partial<ModelReply>]>([
    ['no usage', { text: 'Hi', usage: null }, { text: 'Hi', usage: null }],
    ['no finish_reason, but [DONE]', { text: 'Hi', finishReason: null }, { text: 'Hi', finishReason: 'stop' }],
    ['no [DONE], but a finish_reason', { text: 'Hi', done: false }, { text: 'Hi', finishReason: 'stop' }],
    ['a length limit', { text: 'Hi', finishReason: 'length' }, { finishReason: 'length' }],
    ['a reason nobody knows', { text: 'Hi', finishReason: 'eos' }, { finishReason: 'other' }],
    ['thoughts before it', { text: 'Hi', reasoning: 'The user greets me.' }, { text: 'Hi' }],
    ['events without data between', { text: 'Hi', frames: ['data:\n\n', 'data: \n\n'] }, { text: 'Hi' }],
    ['comments between', { text: 'Hi', frames: [': PROCESSING\n\n', 'event: ping\n\n'] }, { text: 'Hi' }],
    ['letters that a part cuts in two', { text: ['Zürich ', '東京'] }, { text: 'Zürich 東京' }],
    ['nothing to say', { text: '' }, { text: '', finishReason: 'stop' }],
  ])('is read with %s', async (_, said, expected) => {
    expect(await replyTo(said)).toMatchObject(expected);
  });

  it.each<[string, Said]>([
    ['whole', {}],
    ['in pieces', { pieces: 4 }],
    ["with 'stop' as the reason", { finishReason: 'stop' }],
  ])('gives tool calls that come %s', async (_, how) => {
    const toolCalls = [
      { id: 'a', name: 'look_up', arguments: '{"year":2024}' },
      { id: 'b', name: 'look_up', arguments: '{"year":2023}' },
    ];
    expect(await replyTo({ toolCalls, ...how })).toMatchObject({ toolCalls, finishReason: 'tool_calls' });
  });

  it('leaves its connection to the next one', async () => {
    const model = modelAt();
    for (let call = 1; call <= 10; call++) await model.complete(asking());
    expect(new Set(endpoint.chats.map(({ connection }) => connection)).size).toBeLessThan(4);
  });

  it('does not wait for a server that leaves its connection open after [DONE]', async () => {
    const frames = ['data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n', 'data: [DONE]\n\n'];
    expect(await replyTo({ text: 'Hi', frames, breaks: { after: 9, how: 'stall' } })).toMatchObject({ text: 'Hi' });
  });

  it.each<[string, Partial<ModelRequest>, object]>([
    ['max_tokens', { maxTokens: 50 }, { max_completion_tokens: 50 }],
    ['temperature', { temperature: 0.5 }, {}],
    ['stream_options', {}, {}],
  ])('is asked for without %s by a model that does not take it, from then on', async (param, more, instead) => {
    endpoint.next({ status: 400, body: { error: { message: 'Unsupported', param, code: 'unsupported_parameter' } } });
    const model = modelAt();
    for (const _ of [1, 2]) expect((await model.complete(asking(more))).text).toBe('Hello there, you.');
    const [refused, ...taken] = endpoint.chats.map(({ body }) => body);
    expect(refused).toHaveProperty(param);
    expect(taken).toHaveLength(2);
    for (const body of taken) {
      expect(body).not.toHaveProperty(param);
      expect(body).toMatchObject(instead);
    }
  });

  it('is not asked for without what the request needs', async () => {
    endpoint.says({ status: 400, body: { error: { message: 'Unsupported', param: 'stop' } } });
    expect((await failure(modelAt().complete(asking({ stop: ['END'] })))).kind).toBe('refused');
    expect(endpoint.chats).toHaveLength(1);
  });

  it('may be a whole completion from a server that cannot stream', async () => {
    const body = { choices: [{ message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] };
    expect(await replyTo({ status: 200, body })).toMatchObject({ text: 'Hi', usage: null, model: 'tiny' });
  });
});

describe('a failure', () => {
  it.each<[string, Reply, ModelError['kind']]>([
    ['a connection that closes', HANGS_UP, 'unreachable'],
    ['an error of the server', failing(500), 'server'],
    ['a rate limit', rateLimited('1'), 'rate_limited'],
    ['a request it refuses', failing(400), 'refused'],
    ['a model that is not there', failing(404, 'no such model'), 'unknown_model'],
    ['a model it says it does not know', failing(400, 'no', 'model_not_found'), 'unknown_model'],
    ['a quota that is used up', failing(429, 'pay', 'insufficient_quota'), 'unauthorized'],
    ['a page instead of an answer', page(200), 'malformed'],
    ['a page instead of an address', page(404), 'malformed'],
    ["a proxy's page", page(502), 'server'],
    ['JSON that is no completion', { status: 200, body: { hello: 'world' } }, 'malformed'],
    ['JSON that is none', { status: 200, body: '{"choices": [' }, 'malformed'],
    ['no body', { status: 204, body: '' }, 'malformed'],
    ['a frame that is no JSON', { text: 'Hi', frames: ['data: {"choices": [\n\n'] }, 'malformed'],
    ['a frame of other types', { text: 'Hi', frames: ['data: {"choices": "none"}\n\n'] }, 'malformed'],
    ['an end before it is finished', { text: 'Hi', finishReason: null, done: false }, 'malformed'],
    ['[DONE] before anything is said', { text: '', finishReason: null }, 'malformed'],
    [
      'an error among the frames',
      { text: 'Hi', frames: ['data: {"error":{"message":"out of memory"}}\n\n'] },
      'server',
    ],
    ['one with a code', { text: 'Hi', frames: ['data: {"error":{"message":"slow","code":429}}\n\n'] }, 'rate_limited'],
    ['a connection that breaks in the middle', { text: 'a b c', breaks: { after: 1, how: 'drop' } }, 'unreachable'],
  ])('by %s is told by its kind', async (_, reply, kind) => {
    expect((await failure(replyTo(reply))).kind).toBe(kind);
  });

  it('by a key that is not accepted names the key nowhere', async () => {
    endpoint.apiKey = 'another';
    const error = await failure(modelAt({}, 'sk-secret-of-this-test').complete(asking()));
    expect(error.kind).toBe('unauthorized');
    expect(logged(error)).toContain('Incorrect API key provided');
    expect(logged(error)).not.toContain('sk-secret-of-this-test');
  });

  it('tells users no address and nothing that the server said', async () => {
    const error = await failure(replyTo(failing(500, 'disk /dev/sda1 is full')));
    expect(error.safe).toBe('The language model failed with an error of its own.');
    expect(error.message).toBe(error.safe);
    expect(logged(error)).toContain('disk /dev/sda1 is full');
  });

  it('is a ModelError, whatever the server sends', async () => {
    const model = new OpenAiModel(
      new Provider(
        { name: 'default', baseUrl: endpoint.url, apiKey: null, model: 'tiny' },
        { timeoutMs: 10_000, silenceTimeoutMs: 5_000, retries: 0 },
      ),
      'tiny',
    );
    const delta = record({ content: anything(), tool_calls: anything(), finish_reason: anything() });
    const event = record({
      choices: oneof(anything(), array(record({ delta, finish_reason: anything() }))),
      usage: anything(),
    });
    const frame = oneof(
      string(),
      json(),
      event.map((value) => JSON.stringify(value)),
    );
    await assert(
      asyncProperty(array(frame), async (said) => {
        endpoint.says({ text: '', frames: said.map((data) => `data: ${data}\n\n`) });
        const outcome = await model.complete(asking()).catch((error: unknown) => error);
        expect(outcome instanceof ModelError || typeof (outcome as ModelReply).text === 'string').toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('by nobody listening is unreachable, and the address is in the cause alone', async () => {
    await endpoint.down();
    try {
      // The first attempt may find out that a connection kept open is gone.
      const error = await failure(modelAt({ retries: 1 }).complete(asking()));
      expect(error.kind).toBe('unreachable');
      expect(error.safe).not.toContain('127.0.0.1');
      expect(logged(error)).toContain('ECONNREFUSED');
    } finally {
      await endpoint.up();
    }
  });

  it('keeps what was said before it', async () => {
    endpoint.says({ text: 'one two three four', breaks: { after: 2, how: 'drop' } });
    const said: string[] = [];
    const chunks = until(modelAt({ retries: 3 }).stream(asking()), said);
    const error = await failure(
      (async () => {
        for await (const _ of chunks);
      })(),
    );
    expect(error.kind).toBe('unreachable');
    expect(said.join('')).toBe('one two');
    expect(endpoint.chats).toHaveLength(1);
  });
});

describe('another attempt', () => {
  it.each<[string, Reply[]]>([
    ['errors of the server', [failing(500), failing(503)]],
    ['a conflict and a request that took too long', [failing(409), failing(408)]],
    ['connections that close', [HANGS_UP, HANGS_UP]],
    ['a rate limit that is soon over', [rateLimited('0'), rateLimited(new Date().toUTCString())]],
    ['a connection that breaks before the first token', [{ text: 'Hi', breaks: { after: 0, how: 'drop' } }]],
  ])('is made after %s', async (_, faults) => {
    endpoint.next(...faults);
    expect(await modelAt({ retries: 2 }).complete(asking())).toMatchObject({ text: 'Hello there, you.' });
    expect(endpoint.chats).toHaveLength(faults.length + 1);
  });

  it('is made no more often than the settings say', async () => {
    endpoint.says(failing(500));
    expect((await failure(modelAt({ retries: 2 }).complete(asking()))).kind).toBe('server');
    expect(endpoint.chats).toHaveLength(3);
  });

  it('waits as long as the server asks', async () => {
    endpoint.next(rateLimited('1'));
    await modelAt({ retries: 1 }).complete(asking());
    const [first, second] = endpoint.chats.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it.each<[string, Reply]>([
    ['a wait that is too long', rateLimited('3600')],
    ['a request that it refuses', failing(400)],
    ['credentials it does not accept', failing(401)],
    ['an answer that cannot be read', page(200)],
  ])('is not made after %s', async (_, reply) => {
    await failure(replyTo(reply, { retries: 2 }));
    expect(endpoint.chats).toHaveLength(1);
  });

  it('is not made when the time would be up before it', async () => {
    const error = await failure(replyTo(rateLimited('5'), { retries: 2, timeoutMs: 2_000 }));
    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 5_000 });
    expect(endpoint.chats).toHaveLength(1);
  });
});

describe('a time limit', () => {
  it.each<[string, Reply]>([
    ['a server that never answers', SILENT],
    ['a model that stalls in the middle', { text: 'a b c', breaks: { after: 1, how: 'stall' } }],
    ['a model that says nothing at first', { text: 'a', firstMs: 2_000 }],
  ])('of silence ends the wait for %s', async (_, reply) => {
    const error = await failure(replyTo(reply, { silenceTimeoutMs: 150, retries: 2 }));
    expect(error.kind).toBe('timeout');
    expect(endpoint.chats).toHaveLength(1);
  });

  it('of silence leaves a model alone that is slow, but not silent', async () => {
    expect(await replyTo(slowly(30, 40), { silenceTimeoutMs: 1_000 })).toMatchObject({ finishReason: 'stop' });
  });

  it('of silence does not count what the reader takes for itself', async () => {
    endpoint.says(slowly(2, 10));
    let chunks = 0;
    for await (const _ of modelAt({ silenceTimeoutMs: 500 }).stream(asking())) {
      chunks++;
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    expect(chunks).toBe(3);
  });

  it('of the whole call ends one that goes on and on', async () => {
    expect((await failure(replyTo(slowly(200, 50), { timeoutMs: 300 }))).kind).toBe('timeout');
  });

  it('of a request goes before that of the settings', async () => {
    endpoint.says(SILENT);
    expect((await failure(modelAt().complete(asking({ timeoutMs: 150 })))).kind).toBe('timeout');
  });
});

describe('stopping', () => {
  it('ends the request and its connection, and is not taken for a failure of the model', async () => {
    endpoint.says(slowly(400, 20));
    const stop = new AbortController();
    const said: string[] = [];
    const error = await failure(
      (async () => {
        for await (const _ of until(modelAt().stream(asking({ signal: stop.signal })), said)) {
          if (said.length === 3) stop.abort();
        }
      })(),
    );
    expect(error.kind).toBe('aborted');
    expect(said).toHaveLength(3);
    await abandoned();
  });

  it('before the first token does the same', async () => {
    endpoint.says(SILENT);
    const stop = new AbortController();
    const reply = failure(modelAt().complete(asking({ signal: stop.signal })));
    while (endpoint.chats.length === 0) await tick();
    stop.abort();
    expect((await reply).kind).toBe('aborted');
    await abandoned();
  });

  it('before the call asks nothing of the server', async () => {
    expect((await failure(modelAt().complete(asking({ signal: AbortSignal.abort() })))).kind).toBe('aborted');
    expect(endpoint.chats).toHaveLength(0);
  });

  it('while another attempt is waited for ends the wait', async () => {
    endpoint.says(rateLimited('8'));
    const stop = new AbortController();
    const reply = failure(modelAt({ retries: 2 }).complete(asking({ signal: stop.signal })));
    while (endpoint.chats.length === 0) await tick();
    setTimeout(() => stop.abort(), 100);
    expect((await reply).kind).toBe('aborted');
    expect(endpoint.chats).toHaveLength(1);
  });

  it('by leaving the loop ends the connection', async () => {
    endpoint.says(slowly(400, 20));
    for await (const _ of modelAt().stream(asking())) break;
    await abandoned();
  });

  const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
  const abandoned = async (): Promise<void> => {
    while (endpoint.chats[0]?.wasAbandoned !== true) await tick();
  };
});

describe('a structured answer', () => {
  const schema = {
    name: 'colour',
    jsonSchema: {
      type: 'object',
      properties: { colour: { type: 'string' } },
      required: ['colour'],
      additionalProperties: false,
    },
    parse(value: unknown): string {
      const { colour } = value as { colour?: unknown };
      if (typeof colour !== 'string') throw new Error('no colour');
      return colour;
    },
  };

  it('is held to the schema by the server', async () => {
    endpoint.says('{"colour":"red"}');
    expect(await modelAt().structured(asking(), schema)).toEqual({
      value: 'red',
      usage: { inputTokens: 11, outputTokens: 7 },
      text: '{"colour":"red"}',
    });
    expect(endpoint.chats[0]?.body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'colour', strict: true, schema: schema.jsonSchema },
    });
  });

  it('falls back to words where the server takes no schema, and remembers', async () => {
    endpoint.refusesJsonSchema = true;
    endpoint.says('```json\n{"colour": "red"}\n```');
    const model = modelAt();
    for (const _ of [1, 2]) expect((await model.structured(asking(), schema)).value).toBe('red');
    const formats = endpoint.chats.map(({ body }) => body.response_format?.type);
    expect(formats).toEqual(['json_schema', 'json_object', 'json_object']);
    expect(endpoint.chats[1]?.body.messages[0]).toMatchObject({ role: 'system' });
    expect(endpoint.chats[1]?.body.messages[0]?.content).toContain(JSON.stringify(schema.jsonSchema));
  });

  it('does not take a request that is refused anyway for that', async () => {
    endpoint.next(failing(400), failing(400));
    const model = modelAt();
    expect((await failure(model.structured(asking(), schema))).kind).toBe('refused');
    endpoint.says('{"colour":"red"}');
    await model.structured(asking(), schema);
    expect(endpoint.chats.at(-1)?.body.response_format?.type).toBe('json_schema');
  });

  it.each<[string, Reply, ModelError['kind']]>([
    ['of another shape', '{"color":"red"}', 'malformed'],
    ['that is no JSON', 'Red, I think.', 'malformed'],
    ['that was cut off', { text: '{"colour":"re', finishReason: 'length' }, 'malformed'],
    ['that was withheld', { text: '', finishReason: 'content_filter' }, 'refused'],
  ])('%s is a failure', async (_, reply, kind) => {
    endpoint.says(reply);
    expect((await failure(modelAt().structured(asking(), schema))).kind).toBe(kind);
  });
});

describe('a provider that is down', () => {
  it('is passed over after three calls', async () => {
    endpoint.says(HANGS_UP);
    const model = modelAt();
    for (let call = 1; call <= 5; call++) expect((await failure(model.complete(asking()))).kind).toBe('unreachable');
    expect(endpoint.chats).toHaveLength(3);
  });
});
