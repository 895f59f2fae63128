import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { Conversation } from '../conversation.entity.js';
import type { Message } from '../message.entity.js';
import { PREVIEW_LENGTH } from '../messages.service.js';

export type Doomed = Pick<Message, 'id' | 'seq' | 'parentId' | 'role' | 'active' | 'content'>;

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

  /** The message and, of what the user said, the answers to it; the message first. */
  doomed(userId: string, conversationId: string, messageId: string): Promise<Doomed[]> {
    return this.db.query<Doomed & Record<string, unknown>>(
      `WITH erased AS (
         SELECT id, seq, role FROM messages WHERE user_id = $1 AND conversation_id = $2 AND id = $3
       )
       SELECT m.id, m.seq, m.parent_id AS "parentId", m.role, m.active, m.content FROM erased, messages m
       WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.seq >= erased.seq AND (m.id = erased.id
         OR m.parent_id = erased.id AND erased.role = 'user' AND (m.role = 'assistant' OR m.role = 'system' AND m.type = 'error'))
       ORDER BY m.seq`,
      [userId, conversationId, messageId],
    );
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

  /**
   * Takes out of later answers, in whatever conversation of the user, what they tell of the erased ones: as past results, and
   * as what "it" was taken to mean, and as quotes of what was said. The one thing here that costs what the user's answers since then are many.
   */
  async scrub(userId: string, ids: readonly string[]): Promise<void> {
    await this.db.change(SCRUB, [userId, ids, PREVIEW_LENGTH]);
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

/** The elements of a list in the metadata that do not tell of an erased message. */
const kept = (list: string): string =>
  `(SELECT coalesce(jsonb_agg(each ORDER BY place), '[]') FROM jsonb_array_elements(m.metadata #> '${list}') WITH ORDINALITY AS told (each, place)
     WHERE each ->> 'messageId' IS NULL OR each ->> 'messageId' <> ALL ($2::text[]))`;

/** An answer's lines but those that quote an erased message. */
const WITHOUT_QUOTES = `coalesce((SELECT string_agg(line, E'\\n\\n' ORDER BY place)
       FROM regexp_split_to_table(m.content, E'\\n') WITH ORDINALITY AS lines (line, place)
       WHERE NOT EXISTS (SELECT FROM jsonb_path_query(m.metadata, '$.evidence.messages[*]') AS said
         WHERE said ->> 'messageId' = ANY ($2) AND strpos(line, said ->> 'quote') > 0)
         AND line <> ''), 'What was quoted here was erased.')`;

const SCRUB = `
  WITH scrubbed AS (
    UPDATE messages m SET
      content = CASE WHEN m.metadata #> '{evidence,messages}' IS NULL THEN m.content ELSE ${WITHOUT_QUOTES} END,
      metadata = jsonb_set(jsonb_set(jsonb_set(m.metadata,
        '{evidence,pastResults}', ${kept('{evidence,pastResults}')}, false),
        '{evidence,messages}', ${kept('{evidence,messages}')}, false),
        '{references}', ${kept('{references}')}, false)
    WHERE m.user_id = $1 AND m.type = 'analysis'
      AND m.created_at >= (SELECT min(created_at) FROM messages WHERE user_id = $1 AND id = ANY ($2::text[]::uuid[]))
      AND EXISTS (
        SELECT FROM jsonb_path_query_array(m.metadata, '$.evidence.pastResults[*]') AS past,
          jsonb_path_query_array(m.metadata, '$.evidence.messages[*]') AS quoted,
          jsonb_path_query_array(m.metadata, '$.references[*]') AS back, jsonb_array_elements(past || quoted || back) AS told
        WHERE told ->> 'messageId' = ANY ($2))
    RETURNING m.conversation_id, m.id, m.content, m.metadata #> '{evidence,messages}' IS NOT NULL AS quoted
  )
  UPDATE conversations c SET last_message_preview = left(regexp_replace(s.content, '\\s+', ' ', 'g'), $3)
  FROM scrubbed s WHERE c.user_id = $1 AND c.id = s.conversation_id AND c.tail_id = s.id AND s.quoted`;
