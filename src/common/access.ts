import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard on every operation that is not public. */
    actor?: Actor;
    /** The session behind an access token; null when an API key was used. */
    sessionId?: string | null;
  }
}

/** What an operation asks of its caller; without a mark: anyone who is signed in. */
export interface Access {
  readonly public?: true;
  readonly adminOnly?: true;
  readonly sessionOnly?: true;
  readonly ownRateLimit?: true;
}

export const ACCESS = {
  public: 'engram:public',
  adminOnly: 'engram:admin-only',
  sessionOnly: 'engram:session-only',
  ownRateLimit: 'engram:own-rate-limit',
} as const satisfies Record<keyof Access, string>;

/** Open to anyone, without a token. */
export const Public = (): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(ACCESS.public, true), ApiExtension('x-public', true));

/** Administrators only; others get 403 `admin_only`. */
export const AdminOnly = (): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(ACCESS.adminOnly, true), ApiExtension('x-admin-only', true));

/** Not with an API key: 403 `needs_session`. For what would let the finder of a key take the whole account. */
export const SessionOnly = (): ClassDecorator & MethodDecorator => SetMetadata(ACCESS.sessionOnly, true);

/** The operation spends from the caller's rate limit itself (`RateLimits.spend`), after it has looked for a repeated send. */
export const OwnRateLimit = (): ClassDecorator & MethodDecorator => SetMetadata(ACCESS.ownRateLimit, true);

/** Who is asking. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<FastifyRequest>();
  if (actor === undefined) throw new Error('a public operation has no actor');
  return actor;
});
