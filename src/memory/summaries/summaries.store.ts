import { Injectable } from '@nestjs/common';
import type { MessageStatus, Role } from '../../conversations/message.entity.js';
import { Db } from '../../database/db.js';
import type { SummaryRow } from './summary.entity.js';

/** Characters read of each message; a long one is summarized from its beginning. */
const LONGEST_READ = 4_000;

/** A message that a step is to cover. */
export interface Covered {
  readonly seq: number;
  readonly id: string;
  readonly role: Role;
  readonly status: MessageStatus;
  readonly content: string;
  /** Of all its content. */
  readonly digest: string;
  readonly createdAt: Date;
}

/** All that a step works from, as it is at one moment. */
export interface Standing {
  readonly messageCount: number;
  readonly erasures: number;
  /** The latest version that holds for the active path. */
  readonly latest: SummaryRow | null;
  /** The messages of the active path that come next. */
  readonly next: readonly Covered[];
}

const COLUMNS = `s.upto_seq AS "uptoSeq", s.covered, s.method, s.model, s.text, s.sentences, s.words, s.created_at AS "createdAt"`;

/** The versions that hold for the active path of `c`. Each is looked at with one message, the latest first: never a join of all. */
const HOLDING = `FROM memory_summaries s WHERE s.user_id = c.user_id AND s.conversation_id = c.id AND (
  SELECT u.active FROM messages u WHERE u.user_id = c.user_id AND u.conversation_id = c.id AND u.seq = s.upto_seq)`;

/** How many messages of the active path of `c` no version covers. */
export const UNCOVERED = `c.message_count - coalesce((SELECT s.covered ${HOLDING} ORDER BY s.upto_seq DESC LIMIT 1), 0)`;

const LATEST = `LEFT JOIN LATERAL (SELECT ${COLUMNS} ${HOLDING} AND s.upto_seq < $3 AND s.created_at <= $4
  ORDER BY s.upto_seq DESC LIMIT 1) s ON true`;

const MAX_SEQ = 2_147_483_647;

/** All SQL on summaries. */
@Injectable()
export class SummariesStore {
  constructor(private readonly db: Db) {}

  /** null: there is no such conversation. Reads one version and at most `limit` messages, however long the conversation is. */
  async standing(userId: string, conversationId: string, limit: number): Promise<Standing | null> {
    const row = await this.db.one<Partial<SummaryRow> & Pick<Standing, 'messageCount' | 'erasures'>>(
      `SELECT c.message_count AS "messageCount", c.erasures, s.* FROM conversations c ${LATEST}
       WHERE c.user_id = $1 AND c.id = $2`,
      [userId, conversationId, MAX_SEQ, 'infinity'],
    );
    if (row === null) return null;
    const { messageCount, erasures, ...latest } = row;
    const next = await this.next(userId, conversationId, latest.uptoSeq ?? 0, limit);
    return { messageCount, erasures, next, latest: isVersion(latest) ? latest : null };
  }

  /** The messages of the active path after this number; none where the path has left that message in the meantime. */
  private next(userId: string, conversationId: string, after: number, limit: number): Promise<Covered[]> {
    return this.db.query<Covered & Record<string, unknown>>(
      `SELECT seq, id, role, status, left(content, ${LONGEST_READ}) AS content, md5(content) AS digest, created_at AS "createdAt"
       FROM messages WHERE user_id = $1 AND conversation_id = $2 AND active AND seq > $3 AND ($3 = 0 OR (
         SELECT active FROM messages WHERE user_id = $1 AND conversation_id = $2 AND seq = $3))
       ORDER BY seq LIMIT $4`,
      [userId, conversationId, after, limit],
    );
  }

  /**
   * Stores a version, unless something of what it was made from is no longer so: a message was erased, or is written anew; or
   * another instance was first. Whether it did.
   */
  async add(
    userId: string,
    conversationId: string,
    version: Omit<SummaryRow, 'createdAt'>,
    from: Pick<Standing, 'erasures' | 'next'>,
  ): Promise<boolean> {
    const { uptoSeq, covered, method, model, text, sentences, words } = version;
    const added = await this.db.change(
      `WITH c AS (
         SELECT erasures FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE
       )
       INSERT INTO memory_summaries (user_id, conversation_id, upto_seq, covered, method, model, text, sentences, words)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM c
       WHERE c.erasures = $10 AND NOT EXISTS (
         SELECT FROM unnest($11::integer[], $12::text[]) AS given (seq, digest) WHERE given.digest IS DISTINCT FROM (
           SELECT md5(m.content) FROM messages m
           WHERE m.user_id = $1 AND m.conversation_id = $2 AND m.seq = given.seq AND m.status <> 'streaming'))
       ON CONFLICT DO NOTHING`,
      [
        userId,
        conversationId,
        uptoSeq,
        covered,
        method,
        model,
        text,
        JSON.stringify(sentences),
        JSON.stringify(words),
        from.erasures,
        from.next.map(({ seq }) => seq),
        from.next.map(({ digest }) => digest),
      ],
    );
    return added > 0;
  }

  /** The latest version for the active path that covers only messages with a lower number, and was there at the moment. */
  async before(userId: string, conversationId: string, seq: number, at: Date): Promise<SummaryRow | null> {
    const row = await this.db.one<Partial<SummaryRow>>(
      `SELECT s.* FROM conversations c ${LATEST} WHERE c.user_id = $1 AND c.id = $2`,
      [userId, conversationId, seq, at],
    );
    return row !== null && isVersion(row) ? row : null;
  }

  /** The first message of the active path, and the one with this number. */
  ends(userId: string, conversationId: string, seq: number): Promise<{ messageId: string; seq: number }[]> {
    return this.db.query(
      `(SELECT id AS "messageId", seq FROM messages WHERE user_id = $1 AND conversation_id = $2 AND active ORDER BY seq LIMIT 1)
       UNION ALL
       SELECT id, seq FROM messages WHERE user_id = $1 AND conversation_id = $2 AND seq = $3`,
      [userId, conversationId, seq],
    );
  }
}

const isVersion = (row: Partial<SummaryRow>): row is SummaryRow => typeof row.uptoSeq === 'number';
