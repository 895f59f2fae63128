import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Problem } from './problem.js';
import { problemBody } from './problem-body.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's clients show the body of an error to a person as it is. */
    plainErrors?: true;
  }
}

/** Every error as RFC 9457 `application/problem+json`; what we did not expect is logged whole and told as nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** An answer on the bare connection, where there is no request yet to answer. */
  answerRaw({ code = '' }: { code?: string }, socket: Socket): void {
    if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
    const [status, detail] = RAW[code] ?? [400, 'This is not an HTTP request.'];
    const problem = new Problem(status, CODES[status] ?? 'bad_request', detail);
    const id = randomUUID();
    const body = JSON.stringify(problemBody(problem, { id, url: '' }).body);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\nx-request-id: ${id}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = asProblem(error);
    if (problem === null) {
      this.log.error({ requestId: request.id, err: error }, 'unexpected error');
    }
    if (reply.sent || reply.raw.headersSent) return;
    const { status, body, headers } = problemBody(problem, request);
    void reply.status(status).headers({ ...headers, 'x-request-id': request.id });
    if (wantsSentence(request)) {
      void reply.header('x-error-code', body.code).type('text/plain; charset=utf-8').send(body.detail);
    } else {
      void reply.type('application/problem+json').send(JSON.stringify(body));
    }
  }
}

/** A URL that is none has no route yet. */
const wantsSentence = ({ routeOptions, headers }: FastifyRequest): boolean =>
  (routeOptions as FastifyRequest['routeOptions'] | undefined)?.config.plainErrors === true &&
  headers.accept?.includes('json') !== true;

/** Node's codes for what is no HTTP request at all. */
const RAW: Readonly<Record<string, [status: 400 | 408 | 431, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers or the URL are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
};

/** What the error means to a client, or null when it is a defect of ours. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return fromHttp(error.getStatus(), error.message);
  if (!(error instanceof Error)) return null;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (isDatabaseAway(code, error.message)) {
    return new Problem(
      503,
      'database_unavailable',
      'The database cannot be reached at the moment; try again shortly.',
      {
        retryAfterSeconds: 2,
      },
    );
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return fromHttp(statusCode, error.message);
  return error.message.startsWith('timeout exceeded when trying to connect')
    ? new Problem(503, 'overloaded', 'Too many requests at once; try again shortly.', { retryAfterSeconds: 2 })
    : null;
}

/** Codes of node's sockets, and PostgreSQL's classes 08 (connection) and 57P0x (shutting down); the driver's own have none. */
const isDatabaseAway = (code: unknown, message: string): boolean =>
  typeof code === 'string'
    ? ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'].includes(code) || code.startsWith('08')
    : /^Connection terminated|^Client (?:has encountered a connection error|was closed) and is not queryable/.test(
        message,
      );

const CODES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  413: 'too_large',
  414: 'too_large',
  431: 'too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

/** Routes that take a form say so themselves. */
const WRONG_TYPE = 'Send the body as JSON, with the header "content-type: application/json".';

function fromHttp(status: number, message: string): Problem | null {
  const code = CODES[status] ?? (status < 500 ? 'bad_request' : null);
  if (code === null) return null;
  return new Problem(status as Problem['status'], code, status === 415 ? WRONG_TYPE : message);
}
