import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';

export interface RecentlySaid {
  readonly conversationId: string;
  readonly conversationTitle: string | null;
  readonly messageId: string;
  /** The beginning of it. */
  readonly content: string;
  readonly saidAt: Date;
  /** When the conversation was last active. */
  readonly activeAt: Date;
}

/** Messages looked at in one conversation, from its end; and of conversations as many as messages are wanted, the last active first. */
const MOST_MESSAGES = 200;
export const LONGEST_CONTENT = 2_000;

/** What was said lately: no table of its own, only where it begins for a user. */
@Injectable()
export class ShortTermStore {
  constructor(private readonly db: Db) {}

  /**
   * What the user had written in the last `windowHours`, in conversations active in the last `ttlHours`, newest first. Reads the
   * list's index and the ends of conversations, so that nothing in it grows with what is older.
   */
  recent(
    userId: string,
    { at, exceptConversationId, limit, windowHours, ttlHours }: ShortTermQuery,
  ): Promise<RecentlySaid[]> {
    return this.db.query(
      `WITH since AS (
         SELECT greatest($6::timestamptz - make_interval(hours => $4::integer), max(short_term_since)) AS at
         FROM memory_settings WHERE user_id = $1
       ), active AS (
         SELECT c.user_id, c.id, c.title, c.last_seq, c.created_at, c.forked_from_id, c.last_activity_at, since.at AS since
         FROM since, conversations c
         WHERE c.user_id = $1 AND c.id IS DISTINCT FROM $2::uuid
           AND c.last_activity_at > greatest(since.at, $6::timestamptz - make_interval(hours => $5::integer))
         ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $3
       )
       SELECT active.id AS "conversationId", active.title AS "conversationTitle", m.id AS "messageId",
         left(m.content, ${LONGEST_CONTENT}) AS content, m.created_at AS "saidAt", active.last_activity_at AS "activeAt"
       FROM active CROSS JOIN LATERAL (
         SELECT m.* FROM messages m
         WHERE m.user_id = active.user_id AND m.conversation_id = active.id AND m.seq > active.last_seq - ${MOST_MESSAGES}
           AND m.role = 'user' AND m.type = 'text' AND m.created_at > active.since AND m.created_at <= $6
           AND (active.forked_from_id IS NULL OR m.created_at >= active.created_at)
         ORDER BY m.seq DESC LIMIT $3
       ) m
       ORDER BY m.created_at DESC, m.conversation_id, m.seq DESC LIMIT $3`,
      [userId, exceptConversationId, limit, windowHours, ttlHours, at],
    );
  }

  /** When the user last had it forgotten; null: never. */
  async since(userId: string): Promise<Date | null> {
    const row = await this.db.one<{ since: Date | null }>(
      `SELECT short_term_since AS since FROM memory_settings WHERE user_id = $1`,
      [userId],
    );
    return row?.since ?? null;
  }

  async forget(userId: string): Promise<void> {
    await this.db.change(
      `INSERT INTO memory_settings (user_id, short_term_since) VALUES ($1, clock_timestamp())
       ON CONFLICT (user_id) DO UPDATE SET short_term_since = excluded.short_term_since`,
      [userId],
    );
  }
}

export interface ShortTermQuery {
  /** As seen at this moment. */
  readonly at: Date;
  /** Not of this one; null: of all. */
  readonly exceptConversationId: string | null;
  readonly limit: number;
  readonly windowHours: number;
  readonly ttlHours: number;
}
