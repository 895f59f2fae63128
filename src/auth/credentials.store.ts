import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Db } from '../database/db.js';

/** How the account behind a credential stands at the moment. */
export interface Standing extends Actor {
  readonly disabled: boolean;
}

export interface KeyStanding extends Standing {
  readonly keyId: string;
  readonly expiresAt: Date | null;
  /** Whether the key's `last_used_at` is a minute old. */
  readonly toStamp: boolean;
}

@Injectable()
export class CredentialsStore {
  constructor(private readonly db: Db) {}

  /** Null when the session has ended. */
  session(userId: string, sessionId: string): Promise<Standing | null> {
    return this.db.one<Standing>(
      `SELECT u.id, u.email, u.role, u.disabled_at IS NOT NULL AS disabled
       FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.user_id = $1 AND s.id = $2 AND s.expires_at > now()`,
      [userId, sessionId],
    );
  }

  /** Null for a key that does not exist, is revoked or has run out. */
  key(prefix: string, secretHash: Buffer): Promise<KeyStanding | null> {
    return this.db.one<KeyStanding>(
      `SELECT u.id, u.email, u.role, u.disabled_at IS NOT NULL AS disabled, k.id AS "keyId", k.expires_at AS "expiresAt",
         coalesce(k.last_used_at <= now() - interval '1 minute', true) AS "toStamp"
       FROM api_keys k JOIN users u ON u.id = k.user_id
       WHERE k.prefix = $1 AND k.secret_hash = $2 AND (k.expires_at IS NULL OR k.expires_at > now())`,
      [prefix, secretHash],
    );
  }
}
