import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { Session } from './session.entity.js';

type Rotation = Pick<Session, 'tokenHash' | 'previousHash' | 'familyHash' | 'rotationSalt'> & {
  /** Whether the present token was made so recently that the one before it may just be a repeat. */
  readonly fresh: boolean;
};

@Injectable()
export class SessionsStore {
  constructor(private readonly db: Db) {}

  /** Also drops the user's sessions that have run out. */
  async insert(userId: string, session: Pick<Session, 'id' | 'familyHash' | 'tokenHash'>, days: number): Promise<void> {
    await this.db.change(
      `WITH expired AS (DELETE FROM sessions WHERE user_id = $1 AND expires_at <= now())
       INSERT INTO sessions (user_id, id, family_hash, token_hash, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(days => $5))`,
      [userId, session.id, session.familyHash, session.tokenHash, days],
    );
  }

  /** Puts `next` in the place of `present`; false when `present` is not the session's token. */
  async rotate(
    userId: string,
    id: string,
    { present, next, salt }: { present: Buffer; next: Buffer; salt: Buffer },
  ): Promise<boolean> {
    const changed = await this.db.change(
      `UPDATE sessions SET token_hash = $4, previous_hash = $3, rotation_salt = $5, rotated_at = now()
       WHERE user_id = $1 AND id = $2 AND token_hash = $3 AND expires_at > now()`,
      [userId, id, present, next, salt],
    );
    return changed === 1;
  }

  /** Null when the session has ended. */
  rotation(userId: string, id: string, graceSeconds: number): Promise<Rotation | null> {
    return this.db.one<Rotation>(
      `SELECT token_hash AS "tokenHash", previous_hash AS "previousHash", family_hash AS "familyHash",
         rotation_salt AS "rotationSalt", coalesce(rotated_at > now() - make_interval(secs => $3), false) AS fresh
       FROM sessions WHERE user_id = $1 AND id = $2 AND expires_at > now()`,
      [userId, id, graceSeconds],
    );
  }

  async end(userId: string, id: string): Promise<void> {
    await this.db.change('DELETE FROM sessions WHERE user_id = $1 AND id = $2', [userId, id]);
  }

  /** Ends all sessions of the user but `kept`. */
  async endAll(userId: string, kept: string | null = null): Promise<void> {
    await this.db.change('DELETE FROM sessions WHERE user_id = $1 AND ($2::uuid IS NULL OR id <> $2)', [userId, kept]);
  }
}
