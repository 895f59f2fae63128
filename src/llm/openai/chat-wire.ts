import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { FinishReason, ModelMessage, ModelRequest, Tool, ToolCall, Usage } from '../language-model.js';

/*
 * Chat completions as they are on the wire. Written by OpenAI's reference, read by what servers send: fields that are
 * missing, null or unknown do no harm (llama.cpp, vLLM, Ollama, gateways).
 */

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

export function bodyOf(model: string, request: ModelRequest, format?: Body['response_format']): Body {
  const { messages, temperature, maxTokens, tools = [], stop = [] } = request;
  return {
    model,
    messages: messages.map(messageOnWire),
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOnWire) }),
    ...(stop.length === 0 ? {} : { stop: [...stop] }),
    ...(format === undefined ? {} : { response_format: format }),
  };
}

function messageOnWire({ role, content, toolCalls = [], toolCallId }: ModelMessage): OpenAI.ChatCompletionMessageParam {
  if (role === 'tool') return { role, content, tool_call_id: toolCallId ?? '' };
  if (role !== 'assistant' || toolCalls.length === 0) return { role, content };
  return {
    role,
    content,
    tool_calls: toolCalls.map(({ id, name, arguments: given }) => ({
      id,
      type: 'function',
      function: { name, arguments: given },
    })),
  };
}

const toolOnWire = ({ name, description, parameters }: Tool): OpenAI.ChatCompletionTool => ({
  type: 'function',
  function: { name, description, parameters: { ...parameters } },
});

const toolCallPart = z.object({
  index: z.number().nullish(),
  id: z.string().nullish(),
  function: z
    .object({
      name: z.string().nullish(),
      arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    })
    .nullish(),
});
export type ToolCallPart = z.infer<typeof toolCallPart>;

const said = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z.array(toolCallPart).nullish(),
});

const usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });

const event = z.object({
  model: z.string().nullish(),
  choices: z
    .array(z.object({ delta: said.nullish(), message: said.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  // Servers differ in what they leave out of it; an answer is not lost over that.
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
});

/** One event of a stream, or a whole completion, which is read as a stream of one event. */
export interface WireEvent {
  readonly text: string;
  /** Whether the model is at work: text, thoughts or a tool call. */
  readonly alive: boolean;
  readonly refused: boolean;
  readonly toolCalls: readonly ToolCallPart[];
  readonly finishReason: string | null;
  readonly usage: Usage | null;
  readonly model: string | null;
  /** The server gave up in the middle of the answer. */
  readonly error: { readonly code?: unknown; readonly message?: unknown } | null;
}

/** @throws when it is nothing that a chat completion sends */
export function readEvent(value: unknown): WireEvent {
  const { model, choices, usage: counts, error } = event.parse(value);
  if (choices === undefined && (error === undefined || error === null) && counts === undefined) {
    throw new Error('neither choices nor usage nor an error');
  }
  const [choice] = choices ?? [];
  const { content, refusal, reasoning_content, reasoning, tool_calls } = choice?.delta ?? choice?.message ?? {};
  const text = (content ?? '') + (refusal ?? '');
  const toolCalls = tool_calls ?? [];
  const counted = usage.safeParse(counts);
  return {
    text,
    alive: text !== '' || Boolean(reasoning_content) || Boolean(reasoning) || toolCalls.length > 0,
    refused: Boolean(refusal),
    toolCalls,
    finishReason: choice?.finish_reason ?? null,
    usage: counted.success
      ? { inputTokens: counted.data.prompt_tokens, outputTokens: counted.data.completion_tokens }
      : null,
    model: model ?? null,
    error: error === undefined || error === null ? null : typeof error === 'object' ? error : { message: error },
  };
}

const REASONS = new Set<string>(['stop', 'length', 'tool_calls', 'content_filter'] satisfies FinishReason[]);

export const finishReasonOf = (told: string): FinishReason => (REASONS.has(told) ? (told as FinishReason) : 'other');

/** Tool calls put together from pieces, or taken whole. */
export class ToolCalls {
  private readonly calls: { index: number | null; id: string; name: string; arguments: string }[] = [];

  add({ index = null, id, function: called }: ToolCallPart): void {
    const last = this.calls.at(-1);
    const same = index === null ? last : this.calls.findLast((call) => call.index === index);
    // Some servers send every call whole and as number 0: another id is another call.
    const isNew = same === undefined || (Boolean(id) && same.id !== '' && id !== same.id);
    const call = isNew ? { index, id: '', name: '', arguments: '' } : same;
    if (isNew) this.calls.push(call);
    const given = called?.arguments ?? '';
    call.id ||= id ?? '';
    call.name ||= called?.name ?? '';
    call.arguments += typeof given === 'string' ? given : JSON.stringify(given);
  }

  /** Those that name a tool; ids where the server gave none. */
  whole(): ToolCall[] {
    return this.calls
      .filter(({ name }) => name !== '')
      .map(({ id, name, arguments: given }, at) => ({ id: id || `call_${at}`, name, arguments: given || '{}' }));
  }
}
