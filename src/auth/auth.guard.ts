import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type Access } from '../common/access.js';
import { Problem } from '../common/problem.js';
import { type Caller, Credentials, unauthorized } from './credentials.js';
import { RateLimits } from './rate-limits.js';

/** Stands before every operation: closed unless the operation is marked `@Public()`. */
@Injectable()
export class AuthGuard implements CanActivate {
  /** Marks never change, and reading them costs more than the rest of the guard. */
  private readonly marks = new WeakMap<object, Access>();

  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: Credentials,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.accessOf(context);
    if (access.public) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const credential = credentialOf(request);
    const remembered = this.credentials.remembered(credential);
    if (remembered !== null) return this.admit(request, remembered, access);
    return this.credentials.verify(credential).then((caller) => this.admit(request, caller, access));
  }

  private admit(request: FastifyRequest, { actor, sessionId }: Caller, access: Access): true {
    if (!access.ownRateLimit) this.limits.spend(actor.id);
    if (access.adminOnly && actor.role !== 'admin') {
      throw new Problem(403, 'admin_only', 'Only administrators may do this.');
    }
    if (access.sessionOnly && sessionId === null) {
      throw new Problem(403, 'needs_session', 'This cannot be done with an API key; sign in with the password.');
    }
    request.actor = actor;
    request.sessionId = sessionId;
    return true;
  }

  private accessOf(context: ExecutionContext): Access {
    const handler = context.getHandler();
    let access = this.marks.get(handler);
    if (access === undefined) {
      access = Object.fromEntries(
        Object.entries(ACCESS).map(([name, key]) => [
          name,
          this.reflector.getAllAndOverride<true | undefined>(key, [handler, context.getClass()]),
        ]),
      ) as Access;
      this.marks.set(handler, access);
    }
    return access;
  }
}

/** @throws {401} missing_token, invalid_token */
function credentialOf({ headers }: FastifyRequest): string {
  const { authorization, 'x-api-key': key } = headers;
  if (authorization === undefined) {
    if (typeof key === 'string' && key !== '') return key;
    throw unauthorized('missing_token', 'Sign in, and send the access token or an API key as a bearer token.');
  }
  const [, credential] = /^bearer +(\S+)$/i.exec(authorization.trim()) ?? [];
  if (credential === undefined) {
    throw unauthorized('invalid_token', 'The Authorization header must be: Bearer, a space, and the token.');
  }
  return credential;
}
