import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * A server that speaks OpenAI's chat completions, embeddings and models over real HTTP, and says and breaks what a test
 * tells it to. It imports nothing but Node and uses no TypeScript that has to be compiled, so a plain script can use it too.
 */

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string; readonly [more: string]: unknown }[];
  readonly stream?: boolean;
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly tools?: readonly unknown[];
  readonly stop?: readonly string[];
  readonly response_format?: { readonly type: string; readonly [more: string]: unknown };
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; `{}` when there was none. */
  readonly body: ChatRequest;
  /** When it came, by `performance.now()`. */
  readonly at: number;
  /** The client's port: the same for requests over one connection. */
  readonly connection: number;
  /** Whether the client went away before the answer was whole. */
  wasAbandoned: boolean;
}

/** What the model says. */
export interface Said {
  /** In one delta a word; or the deltas themselves. */
  readonly text?: string | readonly string[];
  readonly reasoning?: string;
  /** `pieces`: in how many parts the arguments come; 1 when left out. */
  readonly toolCalls?: readonly { readonly id?: string; readonly name: string; readonly arguments: string }[];
  readonly pieces?: number;
  /** null: none is sent. */
  readonly finishReason?: string | null;
  /** null: none is sent. */
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  /** Before the first delta, and before each further one, in milliseconds. */
  readonly firstMs?: number;
  readonly deltaMs?: number;
  /** Whether `data: [DONE]` closes the stream; true when left out. */
  readonly done?: boolean;
  /** After this many deltas: nothing more comes, or the connection breaks. */
  readonly breaks?: { readonly after: number; readonly how: 'stall' | 'drop' };
  /** Sent as they are after the deltas (before a stall), such as a frame that is no JSON. */
  readonly frames?: readonly string[];
}

/** An answer that is no completion: an error status, a page. */
export interface Raw {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** `silent` accepts the request and never answers; `hangs up` closes the connection instead of answering. */
export interface Fault {
  readonly fault: 'silent' | 'hangs up';
}
export const SILENT: Fault = { fault: 'silent' };
export const HANGS_UP: Fault = { fault: 'hangs up' };

export type Reply = string | Said | Raw | Fault;
export type Script = (request: ChatRequest, nth: number) => Reply;

export const rateLimited = (retryAfter: string): Raw => ({
  status: 429,
  headers: { 'retry-after': retryAfter },
  body: { error: { message: 'Too many requests', type: 'requests', code: 'rate_limit_exceeded' } },
});

export const failing = (status: number, message = 'It failed', code: string | null = null): Raw => ({
  status,
  body: { error: { message, type: 'error', code } },
});

export const page = (status: number): Raw => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<html><body><h1>A proxy of ours</h1></body></html>',
});

/** `n` deltas of `text`, one every `deltaMs` milliseconds. */
export const slowly = (n: number, deltaMs: number, text = 'word '): Said => ({
  text: Array.from({ length: n }, () => text),
  deltaMs,
});

const USAGE = { prompt_tokens: 11, completion_tokens: 7 };

export class ModelEndpoint {
  /** Every request, in the order it came. */
  readonly requests: Received[] = [];
  /** Models that `GET /v1/models` lists; a completion of another one answers 404. Empty: every model is known. */
  models: readonly string[] = [];
  /** Answers 400 to a `response_format` of the type `json_schema`. */
  refusesJsonSchema = false;
  /** Wants this bearer token. */
  apiKey: string | null = null;
  /** The vector of a text. */
  embed: (text: string) => number[] = letters;
  /** Stands in for the answer of `/v1/embeddings`. */
  embeddingsReply: Raw | Fault | null = null;
  /** UTF-16 units of the longest text that it embeds; a request with a longer one is refused. */
  longestEmbedded = Infinity;

  private script: Script;
  private readonly queue: Reply[] = [];
  private asked = 0;
  private readonly server: Server;
  private port = 0;

  private constructor(script: Script) {
    this.script = script;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free port of this machine. */
  static async start(reply: Reply | Script = 'Hello.'): Promise<ModelEndpoint> {
    const endpoint = new ModelEndpoint(typeof reply === 'function' ? reply : () => reply);
    await endpoint.up();
    return endpoint;
  }

  /** What LLM_BASE_URL takes. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** Requests for completions. */
  get chats(): Received[] {
    return this.requests.filter(({ path }) => path.endsWith('/chat/completions'));
  }

  /** From now on every completion is answered so. */
  says(reply: Reply | Script): void {
    this.script = typeof reply === 'function' ? reply : () => reply;
  }

  /** The next completions are answered so, one each; then as before. */
  next(...replies: Reply[]): void {
    this.queue.push(...replies);
  }

  forget(): void {
    this.requests.length = 0;
    this.queue.length = 0;
    this.asked = 0;
  }

  /** Refuses connections until `up`. */
  async down(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }

  /** Listens, on the same port as before. */
  async up(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return this.down();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += String(part);
    const body = (text === '' ? {} : JSON.parse(text)) as ChatRequest;
    const connection = request.socket.remotePort ?? 0;
    const received: Received = { method, path, headers, body, at: performance.now(), connection, wasAbandoned: false };
    this.requests.push(received);
    response.once('close', () => (received.wasAbandoned = !response.writableFinished));

    if (this.apiKey !== null && headers.authorization !== `Bearer ${this.apiKey}`) {
      return raw(response, failing(401, `Incorrect API key provided: ${headers.authorization ?? 'none'}`));
    }
    if (path === '/v1/models') {
      const data = this.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'test' }));
      return raw(response, { status: 200, body: { object: 'list', data } });
    }
    if (path === '/v1/embeddings') return this.embeddings(response, body as unknown as { input: string | string[] });
    if (path !== '/v1/chat/completions') return raw(response, page(404));
    if (this.models.length > 0 && !this.models.includes(body.model)) {
      return raw(response, failing(404, `The model ${body.model} does not exist`, 'model_not_found'));
    }
    if (this.refusesJsonSchema && body.response_format?.type === 'json_schema') {
      return raw(response, failing(400, "'response_format.type' must be 'text' or 'json_object'"));
    }
    return this.complete(response, body, this.queue.shift() ?? this.script(body, this.asked++));
  }

  private async complete(response: ServerResponse, { model, stream }: ChatRequest, reply: Reply): Promise<void> {
    const said = typeof reply === 'string' ? { text: reply } : reply;
    if ('fault' in said || 'status' in said) return raw(response, said);
    return stream === true ? streamed(response, model, said) : whole(response, model, said);
  }

  private embeddings(response: ServerResponse, { input }: { input: string | string[] }): void {
    const texts = [input].flat();
    if (texts.some(({ length }) => length > this.longestEmbedded)) return raw(response, failing(400, 'Too long'));
    const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: this.embed(text) }));
    const usage = { prompt_tokens: texts.length, total_tokens: texts.length };
    raw(response, this.embeddingsReply ?? { status: 200, body: { object: 'list', data, model: 'embedder', usage } });
  }
}

async function streamed(response: ServerResponse, model: string, said: Said): Promise<void> {
  const { firstMs = 0, deltaMs = 0, usage = USAGE, breaks, frames = [], done = true } = said;
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model };
  const send = (choices: unknown[], more: object = {}): boolean =>
    response.write(`data: ${JSON.stringify({ ...head, choices, ...more })}\n\n`);
  const say = (delta: object, finish: string | null = null): boolean =>
    send([{ index: 0, delta, finish_reason: finish }]);

  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  say({ role: 'assistant', content: '' });
  if (firstMs > 0) await sleep(firstMs);
  let sent = 0;
  for (const delta of deltasOf(said)) {
    if (breaks !== undefined && sent === breaks.after) break;
    if (sent > 0 && deltaMs > 0) await sleep(deltaMs);
    if (response.destroyed) return;
    say(delta);
    sent++;
  }
  if (breaks?.how === 'drop') {
    // In two steps, so that what was said arrives before the connection breaks.
    await sleep(20);
    response.destroy();
    return;
  }
  for (const frame of frames) response.write(frame);
  if (breaks !== undefined) return;
  const finish = finishOf(said);
  if (finish !== null) say({}, finish);
  if (usage !== null) send([], { usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens } });
  if (done) response.write('data: [DONE]\n\n');
  // A moment after the last event, as most servers do.
  await sleep(2);
  response.end();
}

async function whole(response: ServerResponse, model: string, said: Said): Promise<void> {
  const { text = '', toolCalls = [], usage = USAGE, firstMs = 0, reasoning } = said;
  if (firstMs > 0) await sleep(firstMs);
  const message = {
    role: 'assistant',
    content: typeof text === 'string' ? text : text.join(''),
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map((call, index) => onWire(call, index)) }),
  };
  const choices = [{ index: 0, message, finish_reason: finishOf(said) }];
  raw(response, {
    status: 200,
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 0,
      model,
      choices,
      ...(usage === null ? {} : { usage }),
    },
  });
}

function* deltasOf({ text = '', reasoning, toolCalls = [], pieces = 1 }: Said): Generator<object> {
  if (reasoning !== undefined) yield { reasoning_content: reasoning };
  for (const content of typeof text === 'string' ? (text.match(/\s*\S+\s*$|\s*\S+/g) ?? []) : text) yield { content };
  for (const [index, call] of toolCalls.entries()) {
    const size = Math.max(1, Math.ceil(call.arguments.length / pieces));
    yield { tool_calls: [onWire({ ...call, arguments: call.arguments.slice(0, size) }, index)] };
    for (let at = size; at < call.arguments.length; at += size) {
      yield { tool_calls: [{ index, function: { arguments: call.arguments.slice(at, at + size) } }] };
    }
  }
}

const finishOf = ({ finishReason, toolCalls = [] }: Said): string | null =>
  finishReason === undefined ? (toolCalls.length > 0 ? 'tool_calls' : 'stop') : finishReason;

const onWire = ({ id, name, arguments: given }: NonNullable<Said['toolCalls']>[number], index: number): object => ({
  index,
  id: id ?? `call_${index}`,
  type: 'function',
  function: { name, arguments: given },
});

function raw(response: ServerResponse, reply: Raw | Fault): void {
  if ('fault' in reply) {
    if (reply.fault === 'hangs up') response.destroy();
    return;
  }
  const { status, headers, body } = reply;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** How often each letter occurs, at length 1: near for texts of near spelling, and the same every time. */
function letters(text: string): number[] {
  const counts = Array.from({ length: 26 }, () => 0);
  for (const letter of text.toLowerCase()) {
    const at = letter.charCodeAt(0) - 97;
    if (at >= 0 && at < 26) counts[at] = (counts[at] ?? 0) + 1;
  }
  const length = Math.hypot(...counts) || 1;
  return counts.map((count) => count / length);
}
