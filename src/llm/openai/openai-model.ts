import type { OpenAI } from 'openai';
import {
  type LanguageModel,
  type ModelChunk,
  ModelError,
  type ModelReply,
  type ModelRequest,
  type StructuredReply,
  type StructuredSchema,
  type Usage,
} from '../language-model.js';
import { AnswerBytes } from './answer-bytes.js';
import { bodyOf, finishReasonOf, readEvent, ToolCalls, type WireEvent } from './chat-wire.js';
import type { Dialect } from './dialect.js';
import type { Call, Provider } from './provider.js';
import { serverSentData } from './server-sent-data.js';
import { jsonIn, withSchemaInWords } from './structured.js';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

interface Begun {
  readonly first: IteratorResult<ModelChunk, void>;
  readonly rest: AsyncGenerator<ModelChunk, void, undefined>;
}

/** A model behind an endpoint that speaks OpenAI's chat completions. */
export class OpenAiModel implements LanguageModel {
  readonly provider: string;
  private readonly dialect: Dialect;

  constructor(
    private readonly server: Provider,
    readonly model: string,
  ) {
    this.provider = server.name;
    this.dialect = server.dialect(model);
  }

  stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    return this.chunks(request, bodyOf(this.model, request));
  }

  complete(request: ModelRequest): Promise<ModelReply> {
    return collected(this.stream(request));
  }

  async structured<T>(request: ModelRequest, schema: StructuredSchema<T>): Promise<StructuredReply<T>> {
    const { text, usage, finishReason } = await this.inJson(request, schema);
    if (finishReason === 'content_filter') throw new ModelError('refused', new Error('the model declined'));
    try {
      return { value: schema.parse(jsonIn(text)), usage, text };
    } catch (error) {
      throw new ModelError('malformed', error);
    }
  }

  /** Held to the schema by the server where it can do that, else told of it in words. */
  private async inJson<T>(request: ModelRequest, schema: StructuredSchema<T>): Promise<ModelReply> {
    if (this.dialect.takesSchema) {
      const format: Body['response_format'] = {
        type: 'json_schema',
        json_schema: { name: schema.name, schema: { ...schema.jsonSchema }, strict: true },
      };
      try {
        return await collected(this.chunks(request, bodyOf(this.model, request, format)));
      } catch (error) {
        if (!(error instanceof ModelError) || error.kind !== 'refused') throw error;
      }
    }
    const told = withSchemaInWords(request, schema);
    const reply = await collected(this.chunks(told, bodyOf(this.model, told, { type: 'json_object' })));
    this.dialect.takesSchema = false;
    return reply;
  }

  private async *chunks(request: ModelRequest, body: Body): AsyncGenerator<ModelChunk, void, undefined> {
    const call = this.server.call(request.signal, request.timeoutMs);
    let failure: ModelError | null = null;
    try {
      const { first, rest } = await call.attempts(() => this.begun(body, call));
      if (first.done !== true) yield first.value;
      yield* rest;
    } catch (error) {
      failure = call.explained(error);
      throw failure;
    } finally {
      call.end(failure);
    }
  }

  /** An attempt that came as far as its first chunk. */
  private async begun(body: Body, call: Call): Promise<Begun> {
    const adapted = this.dialect.of(body);
    const rest = this.attempt(adapted, call);
    try {
      return { first: await rest.next(), rest };
    } catch (error) {
      if (this.dialect.learn(error, adapted)) return this.begun(body, call);
      throw error;
    }
  }

  private async *attempt(body: Body, call: Call): AsyncGenerator<ModelChunk, void, undefined> {
    const toolCalls = new ToolCalls();
    let usage: Usage | null = null;
    let model = this.model;
    let finishReason: string | null = null;
    let isRefused = false;
    let spoke = false;
    for await (const event of this.events(body, call)) {
      if (event === DONE) {
        finishReason ??= spoke ? 'stop' : null;
        break;
      }
      if (event.error !== null) throw call.told(event.error);
      if (event.text !== '') yield { type: 'text', text: event.text };
      for (const part of event.toolCalls) toolCalls.add(part);
      spoke ||= event.text !== '' || event.toolCalls.length > 0;
      isRefused ||= event.refused;
      usage = event.usage ?? usage;
      model = event.model ?? model;
      finishReason = event.finishReason ?? finishReason;
    }
    if (finishReason === null) throw new ModelError('malformed', new Error('the answer ended before it was finished'));
    const asked = toolCalls.whole();
    for (const toolCall of asked) yield { type: 'tool-call', ...toolCall };
    const reason = isRefused ? 'content_filter' : finishReasonOf(finishReason);
    yield {
      type: 'done',
      // Some servers say 'stop' where the model asks for tools.
      finishReason: reason === 'stop' && asked.length > 0 ? 'tool_calls' : reason,
      usage,
      model,
    };
  }

  private async *events(body: Body, { deadline }: Call): AsyncGenerator<WireEvent | typeof DONE, void, undefined> {
    const response = await deadline.listen(
      this.server.client.chat.completions.create(body, { signal: deadline.signal }).asResponse(),
    );
    const type = response.headers.get('content-type') ?? '';
    if (/json/.test(type)) {
      yield readEvent(await deadline.listen(response.json()));
      return;
    }
    if (!/event-stream/.test(type)) {
      await response.body?.cancel();
      throw new Error(`an answer of the type ${type}`);
    }
    const bytes = new AnswerBytes(response, deadline);
    for await (const data of serverSentData(bytes)) {
      if (data.trim() === '') continue;
      if (data.startsWith('[DONE]')) {
        await bytes.finish();
        yield DONE;
        return;
      }
      const event = readEvent(JSON.parse(data));
      if (event.alive) deadline.heard();
      yield event;
    }
  }
}

const DONE = Symbol('[DONE]');

async function collected(chunks: AsyncIterable<ModelChunk>): Promise<ModelReply> {
  const texts: string[] = [];
  const toolCalls: ModelReply['toolCalls'][number][] = [];
  let end: Extract<ModelChunk, { type: 'done' }> | null = null;
  for await (const chunk of chunks) {
    if (chunk.type === 'text') texts.push(chunk.text);
    else if (chunk.type === 'done') end = chunk;
    else toolCalls.push({ id: chunk.id, name: chunk.name, arguments: chunk.arguments });
  }
  if (end === null) throw new ModelError('malformed', new Error('no end'));
  const { finishReason, usage, model } = end;
  return { text: texts.join(''), toolCalls, finishReason, usage, model };
}
