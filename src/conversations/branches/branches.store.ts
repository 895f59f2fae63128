import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { MessageRow } from '../message.entity.js';
import { MESSAGE_COLUMNS } from '../messages.store.js';

/** SQL on the tree of a conversation's messages. */
@Injectable()
export class BranchesStore {
  constructor(private readonly db: Db) {}

  /** Locks the conversation and tells the last message of its active path; undefined: it is not there. */
  async lockedTail(userId: string, conversationId: string): Promise<string | null | undefined> {
    const row = await this.db.one<{ tailId: string | null }>(
      `SELECT tail_id AS "tailId" FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE`,
      [userId, conversationId],
    );
    return row?.tailId;
  }

  /**
   * Makes the path that ends at `tailId` the active one (null: the empty path). False: there is no such message in the
   * conversation. Costs what the two branches are long from where they part, whatever the conversation's length.
   */
  async switchTo(userId: string, conversationId: string, tailId: string | null): Promise<boolean> {
    const changed = await this.db.change(
      `WITH RECURSIVE branch AS (
         SELECT id, parent_id, seq, active FROM messages WHERE user_id = $1 AND id = $3::uuid AND conversation_id = $2
         UNION ALL
         SELECT m.id, m.parent_id, m.seq, m.active FROM branch JOIN messages m ON m.user_id = $1 AND m.id = branch.parent_id
         WHERE NOT branch.active
       ), shown AS (
         UPDATE messages SET active = true FROM branch
         WHERE messages.user_id = $1 AND messages.conversation_id = $2 AND messages.seq = branch.seq AND NOT branch.active
         RETURNING 1
       ), hidden AS (
         UPDATE messages SET active = false
         WHERE user_id = $1 AND conversation_id = $2 AND active
           AND seq > coalesce((SELECT max(seq) FROM branch WHERE active), 0)
           AND ($3 IS NULL OR EXISTS (SELECT FROM branch))
         RETURNING 1
       )
       UPDATE conversations SET tail_id = $3, updated_at = clock_timestamp(),
         message_count = message_count + (SELECT count(*) FROM shown) - (SELECT count(*) FROM hidden)
       WHERE user_id = $1 AND id = $2 AND ($3 IS NULL OR EXISTS (SELECT FROM branch))`,
      [userId, conversationId, tailId],
    );
    return changed > 0;
  }

  /** The messages with the same parent, in the order they were made. */
  siblings(userId: string, conversationId: string, parentId: string | null): Promise<MessageRow[]> {
    return this.db.query(
      `SELECT ${MESSAGE_COLUMNS} FROM messages m
       WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.parent_id IS NOT DISTINCT FROM $3::uuid ORDER BY m.seq`,
      [userId, conversationId, parentId],
    );
  }

  /** Who follows whom, of the messages from `seq` on, in the order they were made. */
  links(userId: string, conversationId: string, seq: number): Promise<{ id: string; parentId: string | null }[]> {
    return this.db.query(
      `SELECT id, parent_id AS "parentId" FROM messages
       WHERE user_id = $1 AND conversation_id = $2 AND seq >= $3 ORDER BY seq`,
      [userId, conversationId, seq],
    );
  }

  /**
   * Ids of the path that ends at the message, from its beginning; without reports: each belongs to its own conversation, and
   * goes with the messages there that it was made of.
   */
  async path(userId: string, conversationId: string, messageId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `WITH RECURSIVE path AS (
         SELECT id, parent_id, seq, type = 'report' AND metadata ? 'report' AS report
         FROM messages WHERE user_id = $1 AND id = $3 AND conversation_id = $2
         UNION ALL
         SELECT m.id, m.parent_id, m.seq, m.type = 'report' AND m.metadata ? 'report' FROM path JOIN messages m ON m.user_id = $1 AND m.id = path.parent_id
       ) SELECT id FROM path WHERE NOT report ORDER BY seq`,
      [userId, conversationId, messageId],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Copies messages into an empty conversation, one after the other; each under its new id and without the client's id.
   * and with the number of the original in its metadata (`copiedFrom`).
   */
  async copy(
    userId: string,
    from: string,
    to: string,
    ids: readonly string[],
    newIds: readonly string[],
  ): Promise<void> {
    await this.db.change(
      `WITH copied AS (
         INSERT INTO messages (user_id, conversation_id, seq, id, parent_id, role, type, status, content, metadata, created_at)
         SELECT $1, $3, new.place, new.id, lag(new.id) OVER (ORDER BY new.place), m.role, m.type,
           CASE m.status WHEN 'streaming' THEN 'interrupted' ELSE m.status END, m.content, m.metadata, m.created_at
         FROM unnest($4::uuid[], $5::uuid[]) WITH ORDINALITY AS new (old_id, id, place)
         JOIN messages m ON m.user_id = $1 AND m.id = new.old_id AND m.conversation_id = $2
         RETURNING id, seq, content
       ), last AS (SELECT id, seq, content FROM copied ORDER BY seq DESC LIMIT 1)
       UPDATE conversations SET message_count = last.seq, last_seq = last.seq, tail_id = last.id,
         last_message_preview = left(last.content, 120), last_activity_at = clock_timestamp(), updated_at = clock_timestamp()
       FROM last WHERE user_id = $1 AND conversations.id = $3`,
      [userId, from, to, ids, newIds],
    );
  }

  async markFork(userId: string, id: string, fromId: string, fromMessageId: string): Promise<void> {
    await this.db.change(
      `UPDATE conversations SET forked_from_id = $3, forked_from_message_id = $4 WHERE user_id = $1 AND id = $2`,
      [userId, id, fromId, fromMessageId],
    );
  }
}
