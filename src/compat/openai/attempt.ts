import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/**
 * Whether the client tries again: OpenAI's clients send a POST anew, up to twice and without an idempotency key, when the
 * connection broke, and count the attempts in `x-stainless-retry-count`.
 */
export const IsRetry = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  const { 'x-stainless-retry-count': count } = context.switchToHttp().getRequest<FastifyRequest>().headers;
  return typeof count === 'string' && Number(count) > 0;
});
