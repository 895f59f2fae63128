import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { MemorySettings } from './fact.entity.js';

/** A message of a conversation that was not learned from yet; or, without one, that there is nothing to learn from it. */
export interface Unread {
  readonly conversationId: string;
  /** Learned up to here. */
  readonly fromSeq: number;
  /** The conversation's last number. */
  readonly lastSeq: number;
  readonly seq: number | null;
  readonly id: string | null;
  readonly content: string | null;
  readonly createdAt: Date | null;
}

export interface Mark {
  readonly conversationId: string;
  readonly fromSeq: number;
  readonly seq: number;
}

export type Learning = Pick<MemorySettings, 'learning' | 'learnSince'>;

/** How far learning has come, for whom, and who is at it. */
@Injectable()
export class LearningStore {
  constructor(private readonly db: Db) {}

  async settings(userId: string): Promise<Learning> {
    const row = await this.db.one<Learning>(
      `SELECT learning, learn_since AS "learnSince" FROM memory_settings WHERE user_id = $1`,
      [userId],
    );
    return row ?? { learning: true, learnSince: null };
  }

  /** Until the transaction ends nobody else changes what is known about the user. */
  async locked(userId: string): Promise<Learning> {
    const row = await this.db.one<Learning>(
      `INSERT INTO memory_settings (user_id) VALUES ($1) ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
       RETURNING learning, learn_since AS "learnSince"`,
      [userId],
    );
    if (row === null) throw new Error('neither found nor made');
    return row;
  }

  /** Switched on again, or after everything was deleted, what was said before teaches nothing. */
  async setLearning(userId: string, learning: boolean, learnSinceNow: boolean): Promise<void> {
    await this.db.change(
      `UPDATE memory_settings SET learning = $2,
         learn_since = CASE WHEN $3 THEN clock_timestamp() ELSE learn_since END
       WHERE user_id = $1`,
      [userId, learning, learnSinceNow],
    );
  }

  /**
   * What the user wrote and was not read yet, over all conversations in the order it was said. Copies in a forked
   * conversation were said in the original.
   */
  unread(userId: string, learnSince: Date | null, limit: number): Promise<Unread[]> {
    return this.db.query(
      `SELECT c.id AS "conversationId", coalesce(l.seq, 0) AS "fromSeq", c.last_seq AS "lastSeq",
         m.seq, m.id, m.content, m.created_at AS "createdAt"
       FROM conversations c
       LEFT JOIN memory_cursors l ON l.user_id = c.user_id AND l.conversation_id = c.id
       LEFT JOIN messages m ON m.user_id = c.user_id AND m.conversation_id = c.id
         AND m.seq > coalesce(l.seq, 0) AND m.seq <= c.last_seq AND m.role = 'user' AND m.type = 'text'
         AND ($2::timestamptz IS NULL OR m.created_at > $2)
         AND (c.forked_from_id IS NULL OR m.created_at >= c.created_at)
       WHERE c.user_id = $1 AND c.last_seq > coalesce(l.seq, 0)
       ORDER BY m.created_at NULLS FIRST, c.id, m.seq LIMIT $3`,
      [userId, learnSince, limit],
    );
  }

  /** Whether every conversation is still learned from as far as the marks say; within the lock. */
  async isAt(userId: string, marks: readonly Mark[]): Promise<boolean> {
    const row = await this.db.one<{ moved: number }>(
      `SELECT count(*) AS moved FROM unnest($2::uuid[], $3::integer[]) AS mark (id, seq)
       LEFT JOIN memory_cursors l ON l.user_id = $1 AND l.conversation_id = mark.id
       WHERE coalesce(l.seq, 0) <> mark.seq`,
      [userId, marks.map(({ conversationId }) => conversationId), marks.map(({ fromSeq }) => fromSeq)],
    );
    return row?.moved === 0;
  }

  /** Notes how far the conversations were read; those that are gone are passed over. */
  async advance(userId: string, marks: readonly Mark[]): Promise<void> {
    await this.db.change(
      `INSERT INTO memory_cursors (user_id, conversation_id, seq)
       SELECT $1, c.id, mark.seq FROM unnest($2::uuid[], $3::integer[]) AS mark (id, seq)
       JOIN conversations c ON c.user_id = $1 AND c.id = mark.id
       ON CONFLICT (user_id, conversation_id) DO UPDATE SET seq = greatest(memory_cursors.seq, excluded.seq)`,
      [userId, marks.map(({ conversationId }) => conversationId), marks.map(({ seq }) => seq)],
    );
  }

  /** Those of the messages that are still there; they stay so until the transaction ends. */
  async present(userId: string, messageIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT id FROM messages WHERE user_id = $1 AND id = ANY($2::uuid[]) FOR KEY SHARE`,
      [userId, messageIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Users after `after` who said something since they were last looked at, and with whom no instance is at work. The ten
   * seconds are for transactions that were under way then.
   */
  async due(after: string, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT u.id FROM users u LEFT JOIN memory_settings s ON s.user_id = u.id
       WHERE u.id > $1 AND coalesce(s.learning, true) AND (s.busy_until IS NULL OR s.busy_until < clock_timestamp())
         AND EXISTS (SELECT FROM conversations c WHERE c.user_id = u.id
           AND c.last_activity_at > coalesce(s.looked_at - interval '10 seconds', '-infinity'))
       ORDER BY u.id LIMIT $2`,
      [after, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Takes the user for this instance; when it began, or null where another one is at work. */
  async claim(userId: string, seconds: number): Promise<Date | null> {
    const row = await this.db.one<{ now: Date }>(
      `INSERT INTO memory_settings (user_id, busy_until) VALUES ($1, clock_timestamp() + make_interval(secs => $2))
       ON CONFLICT (user_id) DO UPDATE SET busy_until = excluded.busy_until
         WHERE memory_settings.busy_until IS NULL OR memory_settings.busy_until < clock_timestamp()
       RETURNING clock_timestamp() AS now`,
      [userId, seconds],
    );
    return row?.now ?? null;
  }

  /** @param lookedAt null: it could not be finished */
  async release(userId: string, lookedAt: Date | null): Promise<void> {
    await this.db.change(
      `UPDATE memory_settings SET busy_until = NULL, looked_at = coalesce($2, looked_at) WHERE user_id = $1`,
      [userId, lookedAt],
    );
  }
}
