import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../common/actor.js';
import { Problem } from '../common/problem.js';
import { UsersService } from '../users/users.service.js';
import { CredentialsStore, type Standing } from './credentials.store.js';
import { parseKey } from './keys/api-key.js';
import { ApiKeysStore } from './keys/api-keys.store.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { hashOf } from './sessions/refresh-token.js';

/** Who a credential stands for; `sessionId` null = an API key. */
export interface Caller {
  readonly actor: Actor;
  readonly sessionId: string | null;
}

interface Known extends Caller {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Until when the account's standing need not be read again. */
  freshUntil: number;
}

/** What another instance changed (signed out, shut, demoted, revoked) is noticed here within this time, 5 s by promise. */
const FRESH_MS = 4_000;
const MOST_KNOWN = 10_000;

/**
 * Turns a bearer credential into its caller. What was verified once is remembered by its text, so that most requests
 * cost neither cryptography nor a query; what this instance itself changes is forgotten at once.
 */
@Injectable()
export class Credentials {
  private readonly known = new LRUCache<string, Known>({ max: MOST_KNOWN });
  /** Counts the forgetting, so that a look-up under way meanwhile is not remembered. */
  private forgotten = 0;

  constructor(
    private readonly store: CredentialsStore,
    private readonly keys: ApiKeysStore,
    private readonly tokens: AccessTokens,
    users: UsersService,
  ) {
    users.onChange((userId) => this.forget(userId));
  }

  /** The caller when the credential was verified moments ago, without waiting; else null. */
  remembered(credential: string): Caller | null {
    const known = this.known.get(credential);
    if (known === undefined) return null;
    const now = Date.now();
    return known.freshUntil > now && known.expiresAt > now ? known : null;
  }

  /**
   * @throws {401} invalid_token, token_expired
   * @throws {403} account_disabled
   */
  async verify(credential: string): Promise<Caller> {
    const asOf = this.forgotten;
    const freshUntil = Date.now() + FRESH_MS;
    const caller = await (credential.startsWith('ek_') ? this.ofKey(credential) : this.ofToken(credential));
    if (asOf === this.forgotten) this.known.set(credential, { ...caller, freshUntil });
    return caller;
  }

  /** The user's credentials are looked up anew at their next use. */
  forget(userId: string): void {
    this.forgotten++;
    for (const known of this.known.values()) {
      if (known.actor.id === userId) known.freshUntil = 0;
    }
  }

  private async ofToken(token: string): Promise<Omit<Known, 'freshUntil'>> {
    const claims = await this.claims(token);
    const standing = await this.store.session(claims.userId, claims.sessionId);
    if (standing === null) throw invalid('This session has ended; sign in again.');
    return { actor: actorOf(standing), sessionId: claims.sessionId, expiresAt: claims.expiresAt };
  }

  /** A token that is only stale keeps its verified claims: signatures do not change. */
  private async claims(token: string): Promise<{ userId: string; sessionId: string; expiresAt: number }> {
    const known = this.known.get(token);
    if (known !== undefined && known.sessionId !== null && known.expiresAt > Date.now()) {
      return { userId: known.actor.id, sessionId: known.sessionId, expiresAt: known.expiresAt };
    }
    const claims = await this.tokens.verify(token);
    if (claims === 'expired') {
      throw unauthorized('token_expired', 'This access token has expired; get a new one with the refresh token.');
    }
    if (claims === null) throw invalid('This is not a valid access token or API key.');
    return claims;
  }

  private async ofKey(text: string): Promise<Omit<Known, 'freshUntil'>> {
    const parts = parseKey(text);
    const standing = parts === null ? null : await this.store.key(parts.prefix, hashOf(parts.secret));
    if (standing === null) throw invalid('This API key does not exist, was revoked, or has expired.');
    const actor = actorOf(standing);
    if (standing.toStamp) await this.keys.used(standing.id, standing.keyId);
    return { actor, sessionId: null, expiresAt: standing.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY };
  }
}

function actorOf({ id, email, role, disabled }: Standing): Actor {
  if (disabled) throw accountDisabled();
  return { id, email, role };
}

export const accountDisabled = (): Problem =>
  new Problem(403, 'account_disabled', 'This account has been disabled by an administrator.');

/** 401, with the challenge that RFC 6750 asks for. */
export const unauthorized = (code: string, detail: string): Problem =>
  new Problem(401, code, detail, {
    headers: { 'www-authenticate': code === 'missing_token' ? 'Bearer' : 'Bearer error="invalid_token"' },
  });

const invalid = (detail: string): Problem => unauthorized('invalid_token', detail);
