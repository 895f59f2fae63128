import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Id of the session that is asking; only on operations marked `@SessionOnly()`. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { sessionId } = context.switchToHttp().getRequest<FastifyRequest>();
  if (typeof sessionId !== 'string') throw new Error('only operations marked SessionOnly have a session');
  return sessionId;
});
