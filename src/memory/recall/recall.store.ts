import { Injectable } from '@nestjs/common';
import type { Role } from '../../conversations/message.entity.js';
import { Db } from '../../database/db.js';

export interface Scope {
  /** Messages that are indexed, and their terms with repetitions. */
  readonly messages: number;
  readonly length: number;
  /** Messages that are not indexed yet; an answer that is being written is one. */
  readonly pending: number;
  readonly conversations: number;
  readonly authors: readonly string[];
  /** Conversations with such messages, last active first. */
  readonly stale: readonly string[];
}

export interface CandidateRow {
  readonly conversationId: string;
  readonly seq: number;
  readonly sitting: number;
  readonly length: number;
  readonly terms: Buffer;
}

export interface PlaceRow {
  readonly conversationId: string;
  readonly seq: number;
  readonly sitting: number;
  readonly messageId: string;
  readonly role: Role;
  readonly author: string | null;
  readonly createdAt: Date;
  readonly tellsWhen: boolean;
  readonly grams: Buffer;
  readonly embedding: Buffer | null;
}

/** Where a search looks: all of the owner's conversations, or one; on the active paths, or on all. */
export interface Where {
  readonly conversationId: string | null;
  readonly allBranches: boolean;
  /** Only what was stored before this moment; null: all. */
  readonly before: Date | null;
}

const SCOPE = `
  WITH scope AS (
    SELECT c.id, c.last_seq - coalesce(k.indexed_seq, 0) AS pending, c.last_activity_at, k.messages, k.terms, k.authors
    FROM conversations c
    LEFT JOIN memory_conversations k ON k.user_id = c.user_id AND k.conversation_id = c.id
    WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.id = $2))
  SELECT count(*)::integer AS conversations, coalesce(sum(messages), 0)::integer AS messages,
    coalesce(sum(terms), 0)::float8 AS length, coalesce(sum(pending), 0)::integer AS pending,
    ARRAY(SELECT DISTINCT unnest(authors) FROM scope) AS authors,
    ARRAY(SELECT id::text FROM scope WHERE pending > 0 ORDER BY last_activity_at DESC, id LIMIT 50) AS stale
  FROM scope`;

const CANDIDATE = `conversation_id AS "conversationId", seq, sitting, length, terms`;
const MINE = `user_id = $1 AND ($2::uuid IS NULL OR conversation_id = $2) AND (active OR $3)`;
/** The same, worded so that no planner takes the table's key for it: the keys of terms are the owner's own already. */
const FILTER = `(user_id = $1) IS TRUE AND ($2::uuid IS NULL OR (conversation_id = $2) IS TRUE) AND (active OR $3)`;

/** All SQL that a search asks. */
@Injectable()
export class RecallStore {
  constructor(private readonly db: Db) {}

  async scope(userId: string, conversationId: string | null): Promise<Scope> {
    const scope = await this.db.one<Scope & Record<string, unknown>>(SCOPE, [userId, conversationId]);
    if (scope === null) throw new Error('an aggregate gave no row');
    return scope;
  }

  /** Messages with any of these terms, found by the index; with more than `limit`, the newest. */
  candidates(
    userId: string,
    { conversationId, allBranches, before }: Where,
    keys: readonly string[],
    limit: number,
  ): Promise<CandidateRow[]> {
    return this.db.query<CandidateRow & Record<string, unknown>>(
      `SELECT ${CANDIDATE} FROM memory_messages
       WHERE keys && $4::bigint[] AND ${FILTER} AND ($6::timestamptz IS NULL OR created_at < $6)
       ORDER BY created_at DESC, conversation_id, seq DESC LIMIT $5`,
      [userId, conversationId, allBranches, keys, limit, before],
    );
  }

  /** The same in one short conversation, read from end to end. */
  candidatesIn(
    userId: string,
    { conversationId, allBranches, before }: Where,
    keys: readonly string[],
  ): Promise<CandidateRow[]> {
    return this.db.query<CandidateRow & Record<string, unknown>>(
      `SELECT ${CANDIDATE} FROM memory_messages
       WHERE user_id = $1 AND conversation_id = $2 AND (active OR $3) AND keys && $4::bigint[]
         AND ($5::timestamptz IS NULL OR created_at < $5)`,
      [userId, conversationId, allBranches, keys, before],
    );
  }

  /** The last messages of a period: what is left to look at where no word helps. */
  inPeriod(
    userId: string,
    { conversationId, allBranches }: Where,
    { from, to }: { from: Date; to: Date },
    limit: number,
  ): Promise<CandidateRow[]> {
    return this.db.query<CandidateRow & Record<string, unknown>>(
      `SELECT ${CANDIDATE} FROM memory_messages WHERE ${MINE} AND created_at >= $4 AND created_at < $5
       ORDER BY created_at DESC, conversation_id, seq DESC LIMIT $6`,
      [userId, conversationId, allBranches, from, to, limit],
    );
  }

  /** In how many of the sampled messages each term occurs, in the order of the keys. */
  async sampled(userId: string, { conversationId, allBranches }: Where, keys: readonly string[]): Promise<number[]> {
    const rows = await this.db.query<{ holders: number }>(
      `SELECT (SELECT count(*) FROM memory_messages WHERE sampled AND keys @> ARRAY[asked.key] AND ${FILTER})::integer AS holders
       FROM unnest($4::bigint[]) WITH ORDINALITY AS asked (key, place) ORDER BY place`,
      [userId, conversationId, allBranches, keys],
    );
    return rows.map(({ holders }) => holders);
  }

  /** The messages at these places, as far as there are any. */
  read(
    userId: string,
    places: readonly { readonly conversationId: string; readonly seq: number }[],
    allBranches: boolean,
    embeddedBy: string | null,
  ): Promise<PlaceRow[]> {
    return this.db.query<PlaceRow & Record<string, unknown>>(
      `SELECT i.conversation_id AS "conversationId", i.seq, i.sitting, m.id AS "messageId", m.role, i.author,
         i.created_at AS "createdAt", i.tells_when AS "tellsWhen", v.grams,
         CASE WHEN v.embedded_by = $5 THEN v.embedding END AS embedding
       FROM unnest($2::uuid[], $3::integer[]) AS place (conversation_id, seq)
       JOIN memory_messages i ON i.user_id = $1 AND i.conversation_id = place.conversation_id AND i.seq = place.seq
       JOIN messages m ON m.user_id = $1 AND m.conversation_id = i.conversation_id AND m.seq = i.seq
       JOIN memory_vectors v ON v.user_id = $1 AND v.conversation_id = i.conversation_id AND v.seq = i.seq
       WHERE i.active OR $4`,
      [
        userId,
        places.map(({ conversationId }) => conversationId),
        places.map(({ seq }) => seq),
        allBranches,
        embeddedBy,
      ],
    );
  }

  /** The messages whose vectors differ from this one in the fewest signs. */
  nearest(
    userId: string,
    { conversationId, allBranches, before }: Where,
    embeddedBy: string,
    signs: string,
    limit: number,
  ): Promise<CandidateRow[]> {
    return this.db.query<CandidateRow & Record<string, unknown>>(
      `SELECT i.conversation_id AS "conversationId", i.seq, i.sitting, i.length, i.terms
       FROM (
         SELECT conversation_id, seq,
           CASE WHEN length(signs) = length($5::bit varying) THEN bit_count(signs # $5::bit varying) END AS apart
         FROM memory_vectors WHERE user_id = $1 AND ($2::uuid IS NULL OR conversation_id = $2) AND embedded_by = $4
         ORDER BY apart NULLS LAST, conversation_id, seq LIMIT $6
       ) v
       JOIN memory_messages i ON i.user_id = $1 AND i.conversation_id = v.conversation_id AND i.seq = v.seq
       WHERE (i.active OR $3) AND v.apart IS NOT NULL AND ($7::timestamptz IS NULL OR i.created_at < $7)`,
      [userId, conversationId, allBranches, embeddedBy, signs, limit, before],
    );
  }

  /** The texts of messages of which the places are known. */
  texts(
    userId: string,
    places: readonly { readonly conversationId: string; readonly seq: number }[],
  ): Promise<{ conversationId: string; seq: number; content: string; title: string | null }[]> {
    return this.db.query(
      `SELECT m.conversation_id AS "conversationId", m.seq, m.content, c.title
       FROM unnest($2::uuid[], $3::integer[]) AS place (conversation_id, seq)
       JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
       JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id`,
      [userId, places.map(({ conversationId }) => conversationId), places.map(({ seq }) => seq)],
    );
  }
}
