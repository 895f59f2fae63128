import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { ModelError, type ModelErrorKind } from '../language-model.js';

/** Longest wait that a server may ask for, in milliseconds; one that asks for more is not asked again. */
const LONGEST_WAIT_MS = 10_000;
const FIRST_WAIT_MS = 250;

/** What went wrong, as a ModelError whose cause names no key. */
export function explained(error: unknown, apiKey: string | null): ModelError {
  if (error instanceof ModelError) return error;
  const cause = new Error(withoutKey(describe(error), apiKey));
  // Not worth another attempt, which would wait as long.
  if (error instanceof APIConnectionTimeoutError) return new ModelError('timeout', cause);
  if (error instanceof APIConnectionError) return new ModelError('unreachable', cause);
  if (error instanceof APIError) return new ModelError(kindOf(error), cause, retryAfterMs(error.headers));
  return new ModelError('malformed', cause);
}

/** An error that came as an event of a stream, or as the body of a 200. */
export function toldInBody(
  body: { readonly code?: unknown; readonly message?: unknown },
  apiKey: string | null,
): ModelError {
  const status = Number(body.code);
  const cause = new Error(withoutKey(`in the answer: ${String(body.code)} ${String(body.message)}`, apiKey));
  return new ModelError(Number.isInteger(status) ? kindOfStatus(status) : 'server', cause);
}

/** Whether the same call may do better in a moment. */
export const isPassing = ({ kind, retryAfterMs }: ModelError): boolean =>
  (kind === 'unreachable' || kind === 'rate_limited' || kind === 'server') &&
  (retryAfterMs === null || retryAfterMs <= LONGEST_WAIT_MS);

/** Milliseconds before attempt `attempt` + 1 (from 1): what the server asked for, else doubling, with a quarter of chance. */
export const waitBefore = (attempt: number, { retryAfterMs }: ModelError): number =>
  retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);

function kindOf({ status, headers, code }: APIError): ModelErrorKind {
  if (status === undefined) return 'server';
  if (code === 'model_not_found') return 'unknown_model';
  // A 429 that no waiting helps.
  if (code === 'insufficient_quota') return 'unauthorized';
  // A page of a server that knows no such address: not a word about the model.
  if (status === 404 && !/json/.test(headers?.get('content-type') ?? '')) return 'malformed';
  return kindOfStatus(status);
}

function kindOfStatus(status: number): ModelErrorKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'unknown_model';
  if (status === 429) return 'rate_limited';
  if (status >= 500 || status === 408 || status === 409) return 'server';
  return status >= 400 ? 'refused' : 'malformed';
}

/** `Retry-After` (seconds or a date) or OpenAI's `retry-after-ms`, in milliseconds. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (milliseconds >= 0) return milliseconds;
  const told = headers?.get('retry-after')?.trim();
  if (told === undefined || told === '') return null;
  const wait = /^\d+(?:\.\d+)?$/.test(told) ? Number(told) * 1000 : Date.parse(told) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** The messages of an error and its causes. */
function describe(error: unknown): string {
  const said: string[] = [];
  for (let at = error; typeof at === 'object' && at !== null && said.length < 4;) {
    const { message, code, cause } = at as { message?: unknown; code?: unknown; cause?: unknown };
    said.push(
      [code, message]
        .filter((part) => typeof part === 'string' && part !== '')
        .join(' ')
        .slice(0, 500),
    );
    at = cause;
  }
  return said.length === 0 ? String(error) : said.join(': ');
}

const withoutKey = (text: string, apiKey: string | null): string =>
  apiKey === null ? text : text.replaceAll(apiKey, '…');
