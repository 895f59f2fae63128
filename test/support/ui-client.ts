import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/* The AI SDK's client as an application uses it, in each major version: `Chat` of @ai-sdk/react, without a page around it. */

export interface UiPart {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly data?: Record<string, unknown>;
  readonly providerMetadata?: Record<string, unknown>;
}
export interface UiMessage {
  readonly id: string;
  readonly role: string;
  readonly metadata?: Record<string, unknown>;
  readonly parts: readonly UiPart[];
}

export interface ChatOptions {
  readonly id?: string;
  readonly messages?: readonly UiMessage[];
  readonly transport: unknown;
  readonly onData?: (part: UiPart) => void;
  readonly onFinish?: (end: { isAbort: boolean; isDisconnect: boolean; isError: boolean }) => void;
}
export interface Chat {
  readonly id: string;
  readonly status: 'submitted' | 'streaming' | 'ready' | 'error';
  readonly error: Error | undefined;
  messages: readonly UiMessage[];
  sendMessage(message: { text: string; messageId?: string }, options?: { body?: object }): Promise<void>;
  regenerate(options?: { messageId?: string; body?: object }): Promise<void>;
  resumeStream(): Promise<void>;
  stop(): Promise<void>;
}

export interface TransportOptions {
  readonly api: string;
  readonly headers?: Record<string, string>;
  readonly body?: object;
  readonly fetch?: typeof fetch;
  readonly prepareSendMessagesRequest?: (options: {
    id: string;
    messages: UiMessage[];
    trigger: string;
    messageId?: string;
  }) => { body: object };
}
interface Schema {
  validate(value: unknown): { success: boolean } | PromiseLike<{ success: boolean }>;
}

/** One major version of `ai` and `@ai-sdk/react`. */
export interface UiClient {
  readonly version: string;
  readonly Chat: new (options: ChatOptions) => Chat;
  readonly DefaultChatTransport: new (options: TransportOptions) => unknown;
  /** Whether the client would take a chunk of its stream. */
  accepts(chunk: unknown): Promise<boolean>;
}

export async function uiClient(major: 5 | 6 | 7): Promise<UiClient> {
  const react = createRequire(import.meta.url).resolve(`ai-sdk-react${major}`);
  const core = createRequire(react).resolve('ai');
  const { Chat } = (await import(pathToFileURL(react).href)) as Pick<UiClient, 'Chat'>;
  const ai = (await import(pathToFileURL(core).href)) as Pick<UiClient, 'DefaultChatTransport'> & {
    uiMessageChunkSchema: Schema | (() => Schema);
  };
  const { version } = createRequire(react)('ai/package.json') as { version: string };
  const { uiMessageChunkSchema: given } = ai;
  const schema = typeof given === 'function' ? given() : given;
  return {
    version,
    Chat,
    DefaultChatTransport: ai.DefaultChatTransport,
    accepts: async (chunk) => (await schema.validate(chunk)).success,
  };
}

export const textOf = (message: UiMessage | undefined): string =>
  (message?.parts ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');

export const roles = (chat: Pick<Chat, 'messages'>): string[] => chat.messages.map(({ role }) => role);

export const last = (chat: Pick<Chat, 'messages'>): UiMessage | undefined => chat.messages.at(-1);

/** Where Engram is such a client's chat. */
export const API = '/api/v1/compat/ai-sdk/chat';
