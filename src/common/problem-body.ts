import type { FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { FieldError, Problem } from './problem.js';

/** Both ends of what is longer are told: input that is nested a thousand times over has a path as long. */
const LONGEST_PATH = 300;
const LONGEST_DETAIL = 2_000;
const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most / 2)}…${text.slice(-most / 2)}`;

/** The body of every error; `error` repeats it in OpenAI's form, which is all that OpenAI's clients read. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  errors: readonly FieldError[];
  error: { message: string; type: string; param: string | null; code: string };
}

/** `problem` null = an unexpected error: 500 and no details. */
export function problemBody(
  problem: Problem | null,
  request: Pick<FastifyRequest, 'id' | 'url'>,
): { status: number; body: ProblemDocument; headers: Record<string, string> } {
  const status = problem?.status ?? 500;
  const code = problem?.code ?? 'internal_error';
  const detail = shortened(
    problem?.detail ??
      `Something went wrong on our side. The log has more under request ${request.id}; nothing was lost.`,
    LONGEST_DETAIL,
  );
  const { errors: all = [], headers = {}, retryAfterSeconds, members = {} } = problem?.extra ?? {};
  const errors = all.map(({ path, message }) => ({
    path: shortened(path, LONGEST_PATH),
    message: shortened(message, LONGEST_DETAIL),
  }));
  return {
    status,
    headers: { ...headers, ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }) },
    body: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      instance: request.url.split('?')[0] ?? '',
      code,
      errors,
      error: { message: detail, type: typeOf(status), param: errors[0]?.path ?? null, code },
      ...members,
    },
  };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
