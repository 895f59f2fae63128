import { Injectable } from '@nestjs/common';
import type { Scalar } from '../../common/scalar.js';
import type { Companion } from '../../conversations/companion.js';
import type { AnalyticalQuery } from '../../datasets/query/analytical-query.js';
import type { ResultColumn } from '../../datasets/query/result-set.js';
import { Db } from '../../database/db.js';
import type { NamedEntity } from './result-keys.js';

export interface ResultRow {
  readonly conversationId: string;
  readonly seq: number;
  readonly answeredAt: Date;
  readonly signature: string;
  readonly marks: Buffer;
  /** Whether the index of keys has it. */
  readonly keyed: boolean;
  /** Whether it is one of the newest, whatever it is about. */
  readonly newest: boolean;
}

/** A result as its message tells it; null where the message does not hold it any more. */
export interface StoredResult {
  readonly conversationId: string;
  readonly conversationTitle: string | null;
  readonly seq: number;
  readonly messageId: string;
  readonly question: string | null;
  readonly content: string;
  readonly query: AnalyticalQuery | null;
  readonly entities: readonly NamedEntity[] | null;
  readonly answer: Scalar | readonly Scalar[];
  readonly columns: readonly ResultColumn[] | null;
  /** Read where asked for. */
  readonly rows: readonly (readonly Scalar[])[] | null;
}

export type UnreadAnswer = Pick<StoredResult, 'conversationId' | 'seq' | 'question' | 'query' | 'entities'> & {
  readonly rowCount: number;
};

/** Which of the owner's results count. */
export interface Where {
  /** null: of all. */
  readonly conversationId: string | null;
  /** Only what was answered before this. */
  readonly askedAt: Date;
  /** The conversation that the question is in: of its results those with a lower number count, whatever their time. */
  readonly asking: {
    readonly conversationId: string;
    readonly before: number;
    /** Of its results only those from before this, too. */
    readonly until: Date | null;
  } | null;
  readonly period: { readonly from: Date; readonly to: Date } | null;
  /** null: of any. */
  readonly datasetIds: readonly string[] | null;
}

export interface NewResult {
  readonly datasetId: string;
  readonly signature: string;
  readonly marks: Buffer;
  readonly keys: readonly string[];
}

const STORED = (first: number): string => {
  const at = (n: number): string => `$${first + n}`;
  return `INSERT INTO memory_results
     (user_id, conversation_id, seq, answered_at, active, dataset_id, signature, marks, keys)
   SELECT $1, $2, $3, m.created_at, m.active, ${at(0)}::uuid, ${at(1)}::uuid, ${at(2)}::bytea, ${at(3)}::bigint[] FROM m
   ON CONFLICT DO NOTHING`;
};

/** Goes with the settling of the answer, in the same statement: there for the next turn, wherever it is asked. */
export const resultStored = ({ datasetId, signature, marks, keys }: NewResult): Companion => ({
  text: STORED,
  values: [datasetId, signature, marks, `{${keys.join(',')}}`],
});

const COLUMNS = `conversation_id AS "conversationId", seq, answered_at AS "answeredAt", signature, marks, keyed`;
const COUNTS = `active AND ($2::uuid IS NULL OR conversation_id = $2)
  AND CASE WHEN conversation_id = $4 THEN seq < $5 AND ($9::timestamptz IS NULL OR answered_at < $9) ELSE answered_at < $3 END
  AND ($6::timestamptz IS NULL OR answered_at >= $6 AND answered_at < $7) AND ($8::uuid[] IS NULL OR dataset_id = ANY ($8))`;
const NEWEST_FIRST = `ORDER BY answered_at DESC, conversation_id, seq DESC`;

/** All SQL on past results. */
@Injectable()
export class ResultsStore {
  constructor(private readonly db: Db) {}

  /** The newest results, and beside them the newest of this signature; some come twice. */
  candidates(
    userId: string,
    where: Where,
    signature: string | null,
    { newest, same }: { newest: number; same: number },
  ): Promise<ResultRow[]> {
    return this.db.query<ResultRow & Record<string, unknown>>(
      `(SELECT ${COLUMNS}, true AS newest FROM memory_results
        WHERE user_id = $1 AND answered_at <= $3 AND ${COUNTS} ${NEWEST_FIRST} LIMIT $11)
       UNION ALL
       (SELECT ${COLUMNS}, false AS newest FROM memory_results
        WHERE user_id = $1 AND signature = $10::uuid AND answered_at <= $3 AND ${COUNTS} ${NEWEST_FIRST} LIMIT $12)`,
      [...parameters(userId, where), signature, newest, same],
    );
  }

  /**
   * Results with any of these keys, found by the index; with more than `limit`, the newest. Worded so that no planner takes
   * another index for it: the keys are the owner's own already.
   */
  holding(userId: string, where: Where, keys: readonly string[], limit: number): Promise<ResultRow[]> {
    return this.db.query<ResultRow & Record<string, unknown>>(
      `SELECT ${COLUMNS}, false AS newest FROM memory_results
       WHERE keyed AND keys && $10::bigint[] AND (user_id = $1) IS TRUE AND (answered_at <= $3) IS TRUE AND ${COUNTS}
       ${NEWEST_FIRST} LIMIT $11`,
      [...parameters(userId, where), keys, limit],
    );
  }

  /** Brings the user's results up to this time into the index of keys. */
  async key(userId: string, until: Date): Promise<void> {
    await this.db.change(
      `UPDATE memory_results SET keyed = true WHERE user_id = $1 AND answered_at <= $2 AND NOT keyed`,
      [userId, until],
    );
  }

  /** What the messages at these places hold, as far as there are any; `rows`: of which ones the rows are read, too. */
  read(
    userId: string,
    places: readonly { readonly conversationId: string; readonly seq: number; readonly rows: boolean }[],
  ): Promise<StoredResult[]> {
    // As a record, so that the metadata is unpacked once and not for each of its members.
    return this.db.query<StoredResult & Record<string, unknown>>(
      `SELECT m.conversation_id AS "conversationId", c.title AS "conversationTitle", m.seq, m.id AS "messageId",
         q.content AS question, m.content, kept.query, kept.entities, kept.answer,
         kept.evidence #> '{primary,columns}' AS columns,
         CASE WHEN place.rows THEN kept.evidence #> '{primary,rows}' END AS rows
       FROM unnest($2::uuid[], $3::integer[], $4::boolean[]) AS place (conversation_id, seq, rows)
       JOIN messages m ON m.user_id = $1 AND m.conversation_id = place.conversation_id AND m.seq = place.seq
       JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id
       CROSS JOIN LATERAL jsonb_to_record(m.metadata) AS kept (query jsonb, entities jsonb, answer jsonb, evidence jsonb)
       LEFT JOIN messages q ON q.user_id = $1 AND q.id = m.parent_id AND q.role = 'user'`,
      [
        userId,
        places.map(({ conversationId }) => conversationId),
        places.map(({ seq }) => seq),
        places.map(({ rows }) => rows),
      ],
    );
  }

  /** Whether answers of the user from before there were results are still to be read. */
  async isUnread(userId: string): Promise<boolean> {
    const rows = await this.db.query(`SELECT FROM memory_results_unread WHERE user_id = $1`, [userId]);
    return rows.length > 0;
  }

  /** The next analytical answers after a place, in the order of the key; copies in forks are not results of their own. */
  unread(
    userId: string,
    after: { readonly conversationId: string; readonly seq: number },
    limit: number,
  ): Promise<UnreadAnswer[]> {
    return this.db.query<UnreadAnswer & Record<string, unknown>>(
      `SELECT m.conversation_id AS "conversationId", m.seq, q.content AS question, kept.query, kept.entities,
         CASE jsonb_typeof(kept.evidence #> '{primary,rows}')
           WHEN 'array' THEN jsonb_array_length(kept.evidence #> '{primary,rows}') ELSE 0 END AS "rowCount"
       FROM messages m
       JOIN conversations c ON c.user_id = $1 AND c.id = m.conversation_id
       CROSS JOIN LATERAL jsonb_to_record(m.metadata) AS kept (query jsonb, entities jsonb, evidence jsonb)
       LEFT JOIN messages q ON q.user_id = $1 AND q.id = m.parent_id AND q.role = 'user'
       WHERE m.user_id = $1 AND (m.conversation_id, m.seq) > ($2::uuid, $3::integer)
         AND m.type = 'analysis' AND m.status = 'complete' AND (c.forked_from_id IS NULL OR m.created_at >= c.created_at)
       ORDER BY m.conversation_id, m.seq LIMIT $4`,
      [userId, after.conversationId, after.seq, limit],
    );
  }

  async add(
    userId: string,
    rows: readonly (NewResult & { readonly conversationId: string; readonly seq: number })[],
  ): Promise<void> {
    await this.db.change(
      `INSERT INTO memory_results (user_id, conversation_id, seq, answered_at, active, keyed, dataset_id, signature, marks,
         keys)
       SELECT $1, m.conversation_id, m.seq, m.created_at, m.active, true, g.dataset_id, g.signature, g.marks, g.keys::bigint[]
       FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::uuid[], $6::bytea[], $7::text[])
         AS g (conversation_id, seq, dataset_id, signature, marks, keys)
       JOIN messages m ON m.user_id = $1 AND m.conversation_id = g.conversation_id AND m.seq = g.seq
       FOR KEY SHARE OF m
       ON CONFLICT DO NOTHING`,
      [
        userId,
        rows.map(({ conversationId }) => conversationId),
        rows.map(({ seq }) => seq),
        rows.map(({ datasetId }) => datasetId),
        rows.map(({ signature }) => signature),
        rows.map(({ marks }) => marks),
        rows.map(({ keys }) => `{${keys.join(',')}}`),
      ],
    );
  }

  async allRead(userId: string): Promise<void> {
    await this.db.change(`DELETE FROM memory_results_unread WHERE user_id = $1`, [userId]);
  }
}

const parameters = (userId: string, { conversationId, askedAt, asking, period, datasetIds }: Where): unknown[] => [
  userId,
  conversationId,
  askedAt,
  asking?.conversationId ?? null,
  asking?.before ?? null,
  period?.from ?? null,
  period?.to ?? null,
  datasetIds,
  asking?.until ?? null,
];
