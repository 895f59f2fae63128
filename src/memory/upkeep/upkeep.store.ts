import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import { WAITING } from '../summaries/summarizer.service.js';
import { UNCOVERED } from '../summaries/summaries.store.js';

/** A conversation that something is to be done in. */
export interface Due {
  readonly userId: string;
  readonly id: string;
  readonly summary: boolean;
  readonly title: boolean;
}

/** Messages of a conversation that is begun only: older ones have been known by their title too long. */
const BEGUN = 10;

const NEEDS = `c.message_count > ${WAITING} AND ${UNCOVERED} > ${WAITING} AS summary,
  c.title IS NOT NULL AND c.title_by = 'auto' AND c.title_seq IS NULL AND c.message_count <= ${BEGUN} AND EXISTS (
    SELECT FROM messages m WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.active
      AND m.role = 'assistant' AND m.status = 'complete') AS title`;

/** What there is to do in the background, and who is at it. */
@Injectable()
export class UpkeepStore {
  constructor(private readonly db: Db) {}

  /** Those of the conversations in which there is something to do. */
  async dueAmong(conversations: readonly { readonly userId: string; readonly id: string }[]): Promise<Due[]> {
    return this.db.query<Due & Record<string, unknown>>(
      `SELECT * FROM (
         SELECT c.user_id AS "userId", c.id, ${NEEDS}
         FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)
         JOIN conversations c ON c.user_id = given.user_id AND c.id = given.id
       ) looked WHERE summary OR title`,
      [conversations.map(({ userId }) => userId), conversations.map(({ id }) => id)],
    );
  }

  /** The same of the next hundred users after this one, as far as something was said there since `since`. */
  async dueAfter(user: string, since: Date): Promise<{ last: string | null; due: Due[] }> {
    const rows = await this.db.query<{ last: string } & { [K in keyof Due]: Due[K] | null }>(
      `WITH batch AS (SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT 100)
       SELECT (SELECT max(id::text) FROM batch) AS last, looked.* FROM batch LEFT JOIN LATERAL (
         SELECT c.user_id AS "userId", c.id, ${NEEDS} FROM conversations c
         WHERE c.user_id = batch.id AND c.last_activity_at > $2
       ) looked ON summary OR title`,
      [user, since],
    );
    return {
      last: rows[0]?.last ?? null,
      due: rows.flatMap(({ userId, id, summary, title }) =>
        userId === null || id === null ? [] : [{ userId, id, summary: summary === true, title: title === true }],
      ),
    };
  }

  /** Takes a piece of work for this instance; until when, or null where another one is at it, or the conversation is gone. */
  async claim(userId: string, conversationId: string, work: string, seconds: number): Promise<Date | null> {
    const row = await this.db.one<{ until: Date }>(
      `INSERT INTO memory_claims (user_id, conversation_id, work, until)
       SELECT user_id, id, $3, clock_timestamp() + make_interval(secs => $4) FROM conversations
       WHERE user_id = $1 AND id = $2 FOR KEY SHARE
       ON CONFLICT (user_id, conversation_id, work) DO UPDATE SET until = excluded.until
         WHERE memory_claims.until < clock_timestamp()
       RETURNING until`,
      [userId, conversationId, work, seconds],
    );
    return row?.until ?? null;
  }

  /** @param until as the claim gave it: one that was too late is another instance's now */
  async release(userId: string, conversationId: string, work: string, until: Date): Promise<void> {
    await this.db.change(
      `DELETE FROM memory_claims WHERE user_id = $1 AND conversation_id = $2 AND work = $3 AND until = $4`,
      [userId, conversationId, work, until],
    );
  }
}
