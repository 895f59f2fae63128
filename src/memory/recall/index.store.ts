import { Injectable } from '@nestjs/common';
import type { MessageStatus, Role } from '../../conversations/message.entity.js';
import { Db } from '../../database/db.js';
import { snowballStems } from '../../database/snowball.js';

export interface Cursor {
  readonly indexedSeq: number;
  readonly lastAt: Date | null;
  readonly sittings: number;
}

export interface Unindexed {
  readonly seq: number;
  readonly role: Role;
  readonly status: MessageStatus;
  readonly active: boolean;
  readonly content: string;
  readonly author: string | null;
  readonly createdAt: Date;
}

export interface Indexed {
  readonly seq: number;
  readonly sitting: number;
  readonly length: number;
  readonly active: boolean;
  readonly tellsWhen: boolean;
  readonly sampled: boolean;
  readonly author: string | null;
  readonly createdAt: Date;
  readonly terms: Buffer;
  readonly keys: readonly string[];
  readonly grams: Buffer;
}

export interface Unembedded {
  readonly conversationId: string;
  readonly seq: number;
  readonly content: string;
}

/** All SQL that fills the index of recall. */
@Injectable()
export class IndexStore {
  constructor(private readonly db: Db) {}

  /**
   * How far a conversation is indexed, locked until the transaction ends. null: it is gone, or (unless `wait`) another
   * instance is at it.
   */
  async lock(userId: string, conversationId: string, wait: boolean): Promise<(Cursor & { lastSeq: number }) | null> {
    // The conversation first, as whoever erases something in it does.
    await this.db.change(
      `INSERT INTO memory_conversations (user_id, conversation_id)
       SELECT user_id, id FROM conversations WHERE user_id = $1 AND id = $2 FOR KEY SHARE ON CONFLICT DO NOTHING`,
      [userId, conversationId],
    );
    const text = `SELECT k.indexed_seq AS "indexedSeq", k.last_at AS "lastAt", k.sittings, c.last_seq AS "lastSeq"
      FROM memory_conversations k JOIN conversations c ON c.user_id = k.user_id AND c.id = k.conversation_id
      WHERE k.user_id = $1 AND k.conversation_id = $2 FOR UPDATE OF k`;
    return this.db.one(wait ? text : `${text} SKIP LOCKED`, [userId, conversationId]);
  }

  unindexed(userId: string, conversationId: string, after: number, limit: number): Promise<Unindexed[]> {
    return this.db.query<Unindexed & Record<string, unknown>>(
      `SELECT seq, role, status, active, content, created_at AS "createdAt",
         CASE jsonb_typeof(metadata -> 'author') WHEN 'string' THEN metadata ->> 'author' END AS author
       FROM messages WHERE user_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
      [userId, conversationId, after, limit],
    );
  }

  /** Stores what messages are found by, and moves the cursor on. */
  async add(userId: string, conversationId: string, cursor: Cursor, rows: readonly Indexed[]): Promise<void> {
    await this.db.change(
      `INSERT INTO memory_messages (user_id, conversation_id, seq, sitting, length, active, tells_when, sampled, author,
         created_at, terms, keys)
       SELECT $1, $2, seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys::bigint[]
       FROM unnest($3::integer[], $4::integer[], $5::integer[], $6::boolean[], $7::boolean[], $8::boolean[],
           $9::text[], $10::timestamptz[], $11::bytea[], $12::text[])
         AS g (seq, sitting, length, active, tells_when, sampled, author, created_at, terms, keys)`,
      [userId, conversationId, ...columns(rows)],
    );
    await this.db.change(
      `INSERT INTO memory_vectors (user_id, conversation_id, seq, grams)
       SELECT $1, $2, seq, grams FROM unnest($3::integer[], $4::bytea[]) AS g (seq, grams)`,
      [userId, conversationId, rows.map(({ seq }) => seq), rows.map(({ grams }) => grams)],
    );
    const authors = [...new Set(rows.flatMap(({ author }) => author ?? []))];
    await this.db.change(
      `UPDATE memory_conversations SET indexed_seq = $3, last_at = $4, sittings = $5, messages = messages + $6,
         terms = terms + $7, authors = (SELECT coalesce(array_agg(a ORDER BY a), '{}') FROM (
           SELECT DISTINCT a FROM unnest(authors || $8::text[]) AS a ORDER BY a LIMIT 100) AS known)
       WHERE user_id = $1 AND conversation_id = $2`,
      [
        userId,
        conversationId,
        cursor.indexedSeq,
        cursor.lastAt,
        cursor.sittings,
        rows.length,
        rows.reduce((sum, { length }) => sum + length, 0),
        authors,
      ],
    );
  }

  /** The next hundred users after this one, and those of their conversations that have messages to index. */
  async behind(afterUser: string): Promise<{ users: string[]; conversations: { userId: string; id: string }[] }> {
    const rows = await this.db.query<{ userId: string; id: string | null }>(
      `WITH batch AS (SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT 100)
       SELECT batch.id AS "userId", late.id FROM batch LEFT JOIN LATERAL (
         SELECT c.id FROM conversations c
         LEFT JOIN memory_conversations k ON k.user_id = c.user_id AND k.conversation_id = c.id
         WHERE c.user_id = batch.id AND c.last_seq > coalesce(k.indexed_seq, 0) ORDER BY c.id LIMIT 20
       ) late ON true ORDER BY batch.id`,
      [afterUser],
    );
    return {
      users: [...new Set(rows.map(({ userId }) => userId))],
      conversations: rows.flatMap(({ userId, id }) => (id === null ? [] : [{ userId, id }])),
    };
  }

  stems(language: string, words: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return snowballStems(this.db, language, words);
  }

  /** Messages without a vector of this model; those of another model count. Newest first. */
  unembedded(userId: string, embeddedBy: string, limit: number): Promise<Unembedded[]> {
    return this.db.query<Unembedded & Record<string, unknown>>(
      `SELECT v.conversation_id AS "conversationId", v.seq, left(m.content, 8000) AS content
       FROM (
         (SELECT conversation_id, seq FROM memory_vectors WHERE user_id = $1 AND embedded_by IS NULL LIMIT $3)
         UNION ALL
         (SELECT conversation_id, seq FROM memory_vectors WHERE user_id = $1 AND embedded_by < $2 LIMIT $3)
         UNION ALL
         (SELECT conversation_id, seq FROM memory_vectors WHERE user_id = $1 AND embedded_by > $2 LIMIT $3)
       ) v
       JOIN messages m ON m.user_id = $1 AND m.conversation_id = v.conversation_id AND m.seq = v.seq
       ORDER BY m.created_at DESC LIMIT $3`,
      [userId, embeddedBy, limit],
    );
  }

  /** Of messages that are gone by now nothing is stored. */
  async embed(
    userId: string,
    embeddedBy: string,
    rows: readonly { conversationId: string; seq: number; signs: string; embedding: Buffer }[],
  ): Promise<void> {
    await this.db.change(
      `UPDATE memory_vectors v SET embedded_by = $2, signs = g.signs::bit varying, embedding = g.embedding
       FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::bytea[]) AS g (conversation_id, seq, signs, embedding)
       WHERE v.user_id = $1 AND v.conversation_id = g.conversation_id AND v.seq = g.seq`,
      [
        userId,
        embeddedBy,
        rows.map(({ conversationId }) => conversationId),
        rows.map(({ seq }) => seq),
        rows.map(({ signs }) => signs),
        rows.map(({ embedding }) => embedding),
      ],
    );
  }
}

const columns = (rows: readonly Indexed[]): unknown[] => [
  rows.map(({ seq }) => seq),
  rows.map(({ sitting }) => sitting),
  rows.map(({ length }) => length),
  rows.map(({ active }) => active),
  rows.map(({ tellsWhen }) => tellsWhen),
  rows.map(({ sampled }) => sampled),
  rows.map(({ author }) => author),
  rows.map(({ createdAt }) => createdAt),
  rows.map(({ terms }) => terms),
  rows.map(({ keys }) => `{${keys.join(',')}}`),
];
