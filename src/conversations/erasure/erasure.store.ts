import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { Conversation } from '../conversation.entity.js';
import type { Message } from '../message.entity.js';

export type Doomed = Pick<Message, 'id' | 'seq' | 'parentId' | 'role' | 'active' | 'content' | 'createdAt'>;

/** What of a conversation is other after an erasure. */
export interface PutRight {
  readonly ids: readonly string[];
  readonly parentId: string | null;
  /** Erased messages of the active path. */
  readonly fewer: number;
  readonly preview: string | null;
  /** undefined: it stays. */
  readonly title: string | null | undefined;
}

/** SQL that erases messages. */
@Injectable()
export class ErasureStore {
  constructor(private readonly db: Db) {}

  /** Until the transaction ends nothing is stored in the conversation, and nothing derived from it. null: it is not there. */
  lock(userId: string, conversationId: string): Promise<Pick<Conversation, 'title' | 'titleBy' | 'titleSeq'> | null> {
    return this.db.one<Pick<Conversation, 'title' | 'titleBy' | 'titleSeq'> & Record<string, unknown>>(
      `SELECT title, title_by AS "titleBy", title_seq AS "titleSeq" FROM conversations WHERE user_id = $1 AND id = $2 FOR UPDATE`,
      [userId, conversationId],
    );
  }

  /** The message, of what the user said the answers to it, and the reports that were made of any of these; the message first. */
  doomed(userId: string, conversationId: string, messageId: string): Promise<Doomed[]> {
    return this.db.query<Doomed & Record<string, unknown>>(
      `WITH erased AS (
         SELECT id, seq, role FROM messages WHERE user_id = $1 AND conversation_id = $2 AND id = $3
       ), with_answers AS (
         SELECT m.id FROM erased, messages m
         WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.seq >= erased.seq AND (m.id = erased.id
           OR m.parent_id = erased.id AND erased.role = 'user' AND (m.role = 'assistant' OR m.role = 'system' AND m.type = 'error'))
       )
       SELECT m.id, m.seq, m.parent_id AS "parentId", m.role, m.active, m.content, m.created_at AS "createdAt"
       FROM erased, messages m
       WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.seq >= erased.seq
         AND (m.id IN (SELECT id FROM with_answers) OR m.type = 'report'
           AND m.metadata #> '{report,madeOf}' ?| ARRAY(SELECT id::text FROM with_answers))
       ORDER BY m.seq`,
      [userId, conversationId, messageId],
    );
  }

  /** The messages of a conversation, which answers in others may tell of, and when the first was said; null: there are none. */
  async saidIn(userId: string, conversationId: string): Promise<{ ids: string[]; since: Date | null }> {
    const row = await this.db.one<{ ids: string[]; since: Date | null }>(
      `SELECT coalesce(array_agg(id), '{}') AS ids, min(created_at) AS since FROM messages
       WHERE user_id = $1 AND conversation_id = $2`,
      [userId, conversationId],
    );
    if (row === null) throw new Error('an aggregate gave no row');
    return row;
  }

  /** What followed them follows their parent. */
  async relink(
    userId: string,
    conversationId: string,
    { fromSeq, ids, parentId }: { fromSeq: number; ids: readonly string[]; parentId: string | null },
  ): Promise<void> {
    await this.db.change(
      `UPDATE messages SET parent_id = $4
       WHERE user_id = $1 AND conversation_id = $2 AND seq > $3 AND parent_id = ANY ($5::uuid[]) AND id <> ALL ($5)`,
      [userId, conversationId, fromSeq, parentId, ids],
    );
  }

  async remove(userId: string, conversationId: string, seqs: readonly number[]): Promise<void> {
    await this.db.change(
      `DELETE FROM messages WHERE user_id = $1 AND conversation_id = $2 AND seq = ANY ($3::integer[])`,
      [userId, conversationId, seqs],
    );
  }

  /** The last text of the active path; null: there is none. */
  async lastSaid(userId: string, conversationId: string): Promise<string | null> {
    const row = await this.db.one<{ content: string }>(
      `SELECT content FROM messages WHERE user_id = $1 AND conversation_id = $2 AND active AND content <> ''
       ORDER BY seq DESC LIMIT 1`,
      [userId, conversationId],
    );
    return row?.content ?? null;
  }

  /** The first text of the user on the active path; null: there is none. */
  async firstAsked(userId: string, conversationId: string): Promise<string | null> {
    const row = await this.db.one<{ content: string }>(
      `SELECT content FROM messages WHERE user_id = $1 AND conversation_id = $2 AND active AND role = 'user'
       ORDER BY seq LIMIT 1`,
      [userId, conversationId],
    );
    return row?.content ?? null;
  }

  async putRight(
    userId: string,
    conversationId: string,
    { ids, parentId, fewer, preview, title }: PutRight,
  ): Promise<void> {
    await this.db.change(
      `UPDATE conversations SET erasures = erasures + 1, message_count = message_count - $5, last_message_preview = $6,
         tail_id = CASE WHEN tail_id = ANY ($3::uuid[]) THEN $4::uuid ELSE tail_id END, tail_before_id = NULL,
         last_activity_at = coalesce((SELECT created_at FROM messages m
           WHERE m.user_id = $1 AND m.conversation_id = $2 ORDER BY m.seq DESC LIMIT 1), created_at),
         title = CASE WHEN $7 THEN $8::text ELSE title END, title_seq = CASE WHEN $7 THEN NULL ELSE title_seq END,
         version = version + CASE WHEN $7 THEN 1 ELSE 0 END,
         updated_at = clock_timestamp()
       WHERE user_id = $1 AND id = $2`,
      [userId, conversationId, ids, parentId, fewer, preview, title !== undefined, title ?? null],
    );
  }
}
