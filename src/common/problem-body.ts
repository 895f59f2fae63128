import type { FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { FieldError, Problem } from './problem.js';

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
  const detail =
    problem?.detail ??
    `Something went wrong on our side. The log has more under request ${request.id}; nothing was lost.`;
  const { errors = [], headers = {}, retryAfterSeconds, members = {} } = problem?.extra ?? {};
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
