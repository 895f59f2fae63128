import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Actor } from '../../common/actor.js';
import { isUuid } from '../../common/ids.js';
import { Config } from '../../config/config.js';
import { dataDirectory, keptSecret } from '../../config/data-directory.js';

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Short-lived JWTs that name a session. The role inside is for the client to read; what counts is the account's. */
@Injectable()
export class AccessTokens {
  private readonly key: KeyObject;
  /** Seconds. */
  readonly lifetime: number;

  constructor(config: Config) {
    this.key = createSecretKey(config.jwtSecret ?? keptSecret(dataDirectory(config), 'jwt-secret'), 'utf8');
    this.lifetime = config.tokens.accessMinutes * 60;
  }

  sign(user: { readonly id: string; readonly role: Actor['role'] }, sessionId: string): Promise<string> {
    return new SignJWT({ role: user.role, sid: sessionId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(user.id)
      .setIssuedAt()
      .setExpirationTime(`${this.lifetime} seconds`)
      .sign(this.key);
  }

  /** `expired` for a token of ours that has run out, null for any other text. */
  async verify(token: string): Promise<AccessClaims | 'expired' | null> {
    try {
      const { payload } = await jwtVerify(token, this.key, { algorithms: ['HS256'], requiredClaims: ['exp'] });
      const { sub, sid, exp } = payload;
      if (typeof sub !== 'string' || typeof sid !== 'string' || exp === undefined) return null;
      return isUuid(sub) && isUuid(sid) ? { userId: sub, sessionId: sid, expiresAt: exp * 1000 } : null;
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'expired' : null;
    }
  }
}
