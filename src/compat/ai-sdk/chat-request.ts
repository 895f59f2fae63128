import { z } from 'zod';
import { type FieldError, Problem } from '../../common/problem.js';
import { LONGEST_QUESTION } from '../../chat/chat.dto.js';

/** What `useChat` asks for, without what it merely sends along. */
export interface ChatRequest {
  readonly chatId: string;
  readonly trigger: 'submit-message' | 'regenerate-message';
  /** Submit: the question that is put in other words. Regenerate: the answer, or its question. */
  readonly messageId: string | undefined;
  /** The last message, where the user said it. */
  readonly asked: { readonly id: string | undefined; readonly text: string } | null;
  readonly persona: string | undefined;
  readonly datasetIds: string[] | undefined;
}

const clientId = (what: string) =>
  z.string().regex(/^[\x21-\x7e]{1,128}$/, `${what} must be 1 to 128 visible ASCII characters`);

const message = z.looseObject({
  id: clientId('the id of a message').nullish(),
  role: z.enum(['user', 'assistant', 'system']),
  parts: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
});

const body = z.looseObject({
  id: clientId('id'),
  trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message'),
  messageId: clientId('messageId').nullish(),
  // What came before is stored here already; of the history only its end is read.
  messages: z.array(z.unknown()).optional(),
  message: z.unknown().optional(),
  persona: z.string().min(1).max(64).nullish(),
  datasetIds: z.array(z.uuid()).max(20).nullish(),
});

/** @throws {400} validation_failed, unsupported_part */
export function chatRequest(input: unknown): ChatRequest {
  const { id, trigger, messageId, messages, message: single, persona, datasetIds } = parsed(body, input);
  const last = single ?? messages?.at(-1);
  const said =
    last === undefined || last === null
      ? null
      : parsed(message, last, single === undefined ? `messages.${(messages?.length ?? 1) - 1}` : 'message');
  if (trigger === 'submit-message' && said?.role !== 'user') {
    throw invalid([{ path: 'messages', message: 'The last message must be one of the user' }]);
  }
  return {
    chatId: id,
    trigger,
    messageId: messageId ?? undefined,
    asked: said?.role === 'user' ? { id: said.id ?? undefined, text: questionOf(said) } : null,
    persona: persona ?? undefined,
    datasetIds: datasetIds ?? undefined,
  };
}

/** The id of a chat in a path. @throws {400} validation_failed */
export const chatIdOf = (given: string): string => parsed(clientId('chatId'), given, 'chatId');

function questionOf({ parts }: z.infer<typeof message>): string {
  if (parts.some(({ type }) => type === 'file')) {
    throw new Problem(400, 'unsupported_part', 'Files cannot be sent with a message; upload tables as data sets.');
  }
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text ?? ''] : [])).join('\n');
  if (!/\S/.test(text)) throw invalid([{ path: 'message', message: 'The message must not be blank' }]);
  if (text.length > LONGEST_QUESTION) {
    throw invalid([{ path: 'message', message: `The message must have at most ${LONGEST_QUESTION} characters` }]);
  }
  return text;
}

function parsed<T>(schema: z.ZodType<T>, input: unknown, within?: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map(({ path, message: wrong }) => ({
      path: [...(within === undefined ? [] : [within]), ...path.map(String)].join('.'),
      message: path.length === 0 && within === undefined ? 'The body must be a JSON object' : wrong,
    })),
  );
}

const invalid = (errors: readonly FieldError[]): Problem => {
  const [first] = errors;
  const where = first === undefined || first.message.includes('must') ? '' : `${first.path}: `;
  return new Problem(400, 'validation_failed', `${where}${first?.message ?? 'The input is not valid'}.`, { errors });
};
