import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { Problem } from '../../common/problem.js';
import { parameterProblem } from './problems.js';

/** How many characters a question may have; the same as in the native API. */
const LONGEST_QUESTION = 10_000;
/** And any other message. */
const LONGEST_MESSAGE = 100_000;
/** Messages in one request. */
export const MOST_MESSAGES = 1_000;

export interface Said {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string;
}

/** What we do not do, by the values of a parameter that do not ask for it. */
type Neutral = (value: unknown) => boolean;
const isEmpty: Neutral = (value) => Array.isArray(value) && value.length === 0;
const never: Neutral = () => false;
const isOneOf =
  (...values: unknown[]): Neutral =>
  (value) =>
    values.includes(value);
const isTextFormat: Neutral = (value) => (value as { type?: unknown } | null)?.type === 'text';

/**
 * Parameters that ask for what Engram does not do: refused, unless with a value that asks for nothing. Every other one that
 * is not read (temperature, metadata, user …) is taken and has no effect.
 */
export const UNSUPPORTED: Readonly<Record<string, Neutral>> = {
  tools: isEmpty,
  functions: isEmpty,
  tool_choice: isOneOf('auto', 'none'),
  function_call: isOneOf('auto', 'none'),
  n: isOneOf(1),
  response_format: isTextFormat,
  text: (value) => {
    const { format } = (value ?? {}) as { format?: unknown };
    return format === undefined || format === null || isTextFormat(format);
  },
  logprobs: isOneOf(false),
  audio: never,
  modalities: (value) => Array.isArray(value) && value.every((one) => one === 'text'),
  prediction: never,
  web_search_options: never,
  prompt: never,
  context_management: isEmpty,
  moderation: never,
};

function refuseUnsupported(body: Readonly<Record<string, unknown>> | null | undefined): void {
  if (typeof body !== 'object' || body === null) return; // for the validation to refuse
  for (const [name, isNeutral] of Object.entries(UNSUPPORTED)) {
    const value = body[name];
    if (value !== undefined && value !== null && !isNeutral(value)) throw unsupported(name);
  }
}

export const unsupported = (name: string, instead = ''): Problem =>
  parameterProblem(400, 'unsupported_parameter', name, `Engram does not support ${name} with this value.${instead}`);

/** A body that `schema` takes; everything wrong with it is told at once. */
export const openAiBody = <T>(schema: z.ZodType<T>): PipeTransform<unknown, T> => ({
  transform(body) {
    const parsed = schema.safeParse(body ?? {});
    if (parsed.success) {
      refuseUnsupported(body as Readonly<Record<string, unknown>>);
      return parsed.data;
    }
    if (typeof body === 'object' && body !== null) refuseUnsupported(body as Readonly<Record<string, unknown>>);
    const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    const [first] = errors;
    const detail = first === undefined ? 'The body is not valid.' : `${first.path || 'The body'}: ${first.message}.`;
    throw new Problem(400, 'validation_failed', detail, { errors });
  },
});

const text = z.string().max(LONGEST_MESSAGE, `must have at most ${LONGEST_MESSAGE} characters`);
const TEXT_PARTS = ['text', 'input_text', 'output_text'];

/** Content as one text: a string, or parts of text. */
export const contentSchema = z.union([
  text,
  z
    .array(z.looseObject({ type: z.string(), text: text.optional() }))
    .max(100)
    .transform((parts, context) => {
      const place = parts.findIndex((part) => !TEXT_PARTS.includes(part.type) || part.text === undefined);
      if (place >= 0) {
        context.addIssue({
          code: 'custom',
          path: [place],
          message: `must be text; Engram does not read ${parts[place]?.type ?? 'that'}`,
        });
        return z.NEVER;
      }
      const whole = parts.map((part) => part.text).join('');
      if (whole.length > LONGEST_MESSAGE) {
        context.addIssue({ code: 'custom', message: `must have at most ${LONGEST_MESSAGE} characters` });
        return z.NEVER;
      }
      return whole;
    }),
]);

export const metadataSchema = z.record(z.string().max(64), z.string().max(512)).nullish();

export const modelSchema = z.string().min(1).max(64).nullish();

const isVisible = (content: string): boolean => /[^\s\p{C}]/u.test(content);

/** Messages with something in them. */
export const visible = (said: readonly Said[]): Said[] => said.filter(({ content }) => isVisible(content));

/** The last message, which must be a question of the user's, and those before it. @throws {400} validation_failed */
export function questionOf(
  said: readonly Said[],
  param: 'messages' | 'input',
): { question: string; earlier: readonly Said[] } {
  const last = said.at(-1);
  const wrong = (message: string): Problem =>
    new Problem(400, 'validation_failed', `${param}: ${message}.`, { errors: [{ path: param, message }] });
  if (last === undefined) throw wrong('must hold a message of the user');
  if (last.role !== 'user') throw wrong("the last message must be the user's");
  if (!isVisible(last.content)) throw wrong("the user's last message must hold something visible");
  if (last.content.length > LONGEST_QUESTION) {
    throw wrong(`the user's last message must have at most ${LONGEST_QUESTION} characters`);
  }
  return { question: last.content, earlier: visible(said.slice(0, -1)) };
}
