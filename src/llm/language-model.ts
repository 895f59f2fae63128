/** The ports to language models: what the product asks of one, whoever serves it. Plain types, no framework. */

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it; it may not be valid. */
  readonly arguments: string;
}

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Of an assistant message: what it asked to be called. */
  readonly toolCalls?: readonly ToolCall[];
  /** Of a tool message: which call it answers. */
  readonly toolCallId?: string;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  /** 0 to 2; the server's own when left out. */
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly tools?: readonly Tool[];
  readonly stop?: readonly string[];
  /** Ends the call at once, with a ModelError `aborted`. */
  readonly signal: AbortSignal;
  /** The whole call with its retries, in milliseconds; LLM_TIMEOUT_MS when left out. */
  readonly timeoutMs?: number;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'other';

export type ModelChunk =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'tool-call' } & ToolCall)
  /** The last one of every stream that did not throw. `usage` is null where the server tells none. */
  | {
      readonly type: 'done';
      readonly finishReason: FinishReason;
      readonly usage: Usage | null;
      readonly model: string;
    };

export interface ModelReply {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: Usage | null;
  /** The model that answered, in the server's words. */
  readonly model: string;
}

export interface StructuredSchema<T> {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** For servers that hold the model to it: every object closed (`additionalProperties: false`), every property required. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** Throws when the value does not fit. */
  parse(value: unknown): T;
}

export interface StructuredReply<T> {
  readonly value: T;
  readonly usage: Usage | null;
  /** What the model wrote, before it was read. */
  readonly text: string;
}

/** Every method throws ModelError and nothing else. */
export interface LanguageModel {
  readonly provider: string;
  readonly model: string;
  /** Leaving the loop early ends the call. */
  stream(request: ModelRequest): AsyncIterable<ModelChunk>;
  complete(request: ModelRequest): Promise<ModelReply>;
  /** Waits for an answer of the schema's shape; `malformed` when it is not. */
  structured<T>(request: ModelRequest, schema: StructuredSchema<T>): Promise<StructuredReply<T>>;
}

/** Throws ModelError and nothing else. */
export interface Embedder {
  readonly provider: string;
  readonly model: string;
  /** One vector a text, in their order and all of one length. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embedding>;
}

export interface Embedding {
  readonly vectors: Float32Array[];
  readonly usage: Usage | null;
}

/** What users are told, by kind: no address, no key, nothing that the server said. */
const SAFE = {
  unreachable: 'The language model cannot be reached.',
  timeout: 'The language model did not answer in time.',
  rate_limited: 'The language model is busy; try again in a moment.',
  refused: 'The language model did not accept this request.',
  malformed: 'The language model gave an answer that could not be read.',
  unauthorized: 'The language model did not accept our credentials; an administrator has to check its settings.',
  unknown_model: 'Its provider does not know this language model; an administrator has to check its settings.',
  aborted: 'The request to the language model was stopped.',
  server: 'The language model failed with an error of its own.',
} as const;

export type ModelErrorKind = keyof typeof SAFE;

/** Its message may be shown to a user; what happened in detail is its `cause`, for the log. */
export class ModelError extends Error {
  /** One sentence for a user. */
  readonly safe: string;

  constructor(
    readonly kind: ModelErrorKind,
    cause: unknown,
    /** How long the server asks to be left alone, in milliseconds; null: it does not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(SAFE[kind], { cause });
    this.name = 'ModelError';
    this.safe = SAFE[kind];
  }
}
