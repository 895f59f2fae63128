import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { Fact, FactKind } from './fact.entity.js';
import type { Known, NewFact, NewSource } from './lessons.js';

export interface FactSourceRow {
  readonly conversationId: string;
  readonly messageId: string;
  readonly quote: string;
  readonly saidAt: string;
}

export type FactRow = Omit<Fact, 'user' | 'userId' | 'ended' | 'sourced'> & {
  /** Whether nothing newer is known of its key. */
  readonly isCurrent: boolean;
  /** When it was superseded. */
  readonly validTo: Date | null;
  /** The latest ones, newest first. */
  readonly sources: readonly FactSourceRow[];
};

/** A fact as a turn uses it. */
export type HeldFact = Pick<Fact, 'id' | 'kind' | 'statement' | 'validFrom'> & {
  /** Ids of the messages that say it. */
  readonly sources: readonly string[];
};

export interface FactFilter {
  readonly kind: FactKind | null;
  readonly key: string | null;
  /** null: both. */
  readonly isCurrent: boolean | null;
}

/** What an edit or the user themself brings. */
export type OwnFact = Pick<Fact, 'id' | 'kind' | 'key' | 'value' | 'statement' | 'enabled'>;

const MOST_SOURCES = 10;

const FACTS = `
  SELECT f.id, f.kind, f.key, f.value, f.statement, f.origin, f.rule, f.rule_version AS "ruleVersion", f.model, f.confidence,
    f.enabled, f.valid_from AS "validFrom", later.valid_from AS "validTo", later.valid_from IS NULL AS "isCurrent",
    f.last_used_at AS "lastUsedAt", f.created_at AS "createdAt", said.sources
  FROM memory_facts f
  LEFT JOIN LATERAL (
    SELECT n.valid_from FROM memory_facts n
    WHERE n.user_id = f.user_id AND n.key = f.key AND (n.valid_from, n.id) > (f.valid_from, f.id)
    ORDER BY n.valid_from, n.id LIMIT 1
  ) later ON true
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(s), '[]') AS sources FROM (
      SELECT conversation_id AS "conversationId", message_id AS "messageId", quote, said_at AS "saidAt"
      FROM memory_fact_sources s WHERE s.user_id = f.user_id AND s.fact_id = f.id
      ORDER BY said_at DESC, message_id DESC LIMIT ${MOST_SOURCES}
    ) s
  ) said
  WHERE f.user_id = $1 AND NOT f.ended`;

/** All SQL on facts and their sources. */
@Injectable()
export class FactsStore {
  constructor(private readonly db: Db) {}

  /** Newest first. */
  list(userId: string, { kind, key, isCurrent }: FactFilter, limit: number, before: string | null): Promise<FactRow[]> {
    return this.db.query(
      `${FACTS} AND ($2::text IS NULL OR f.kind = $2) AND ($3::text IS NULL OR f.key = $3)
         AND ($4::boolean IS NULL OR (later.valid_from IS NULL) = $4) AND ($5::uuid IS NULL OR f.id < $5)
       ORDER BY f.id DESC LIMIT $6`,
      [userId, kind, key, isCurrent, before, limit],
    );
  }

  find(userId: string, id: string): Promise<FactRow | null> {
    return this.db.one(`${FACTS} AND f.id = $2`, [userId, id]);
  }

  /** Everything known, superseded and ended included; within the lock. */
  known(userId: string): Promise<Known[]> {
    return this.db.query(
      `SELECT id, key, value, statement, ended, valid_from AS "validFrom" FROM memory_facts WHERE user_id = $1`,
      [userId],
    );
  }

  async addLearned(userId: string, facts: readonly NewFact[], sources: readonly NewSource[]): Promise<void> {
    await this.db.change(
      `INSERT INTO memory_facts (user_id, id, kind, key, value, statement, ended, origin, sourced, rule, rule_version, model, confidence, valid_from)
       SELECT $1, id, kind, key, value, statement, ends, 'learned', true, rule, "ruleVersion", model, confidence, "validFrom"
       FROM jsonb_to_recordset($2) AS new (id uuid, kind text, key text, value text, statement text, ends boolean, rule text,
         "ruleVersion" integer, model text, confidence real, "validFrom" timestamptz)`,
      [userId, JSON.stringify(facts)],
    );
    await this.db.change(
      `INSERT INTO memory_fact_sources (user_id, fact_id, message_id, conversation_id, said_at, quote)
       SELECT $1, "factId", "messageId", "conversationId", "saidAt", quote
       FROM jsonb_to_recordset($2) AS new ("factId" uuid, "messageId" uuid, "conversationId" uuid, "saidAt" timestamptz, quote text)
       ON CONFLICT DO NOTHING`,
      [userId, JSON.stringify(sources)],
    );
  }

  /** What the user states; as a version of `editOf` it keeps that one's sources, and goes with them. */
  async addOwn(userId: string, fact: OwnFact, editOf: string | null): Promise<void> {
    await this.db.change(
      `INSERT INTO memory_facts (user_id, id, kind, key, value, statement, enabled, origin, sourced, confidence, valid_from)
       SELECT $1, $2, $3, $4, $5, $6, $7, CASE WHEN $8::uuid IS NULL THEN 'stated' ELSE 'edited' END,
         coalesce((SELECT sourced FROM memory_facts WHERE user_id = $1 AND id = $8), false), 1,
         greatest(clock_timestamp(), (SELECT max(valid_from) FROM memory_facts WHERE user_id = $1 AND key = $4))`,
      [userId, fact.id, fact.kind, fact.key, fact.value, fact.statement, fact.enabled, editOf],
    );
    if (editOf === null) return;
    await this.db.change(
      `INSERT INTO memory_fact_sources (user_id, fact_id, message_id, conversation_id, said_at, quote)
       SELECT user_id, $3, message_id, conversation_id, said_at, quote FROM memory_fact_sources WHERE user_id = $1 AND fact_id = $2`,
      [userId, editOf, fact.id],
    );
  }

  async setEnabled(userId: string, id: string, enabled: boolean): Promise<void> {
    await this.db.change(`UPDATE memory_facts SET enabled = $3 WHERE user_id = $1 AND id = $2`, [userId, id, enabled]);
  }

  async count(userId: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`SELECT count(*) AS count FROM memory_facts WHERE user_id = $1`, [
      userId,
    ]);
    return row?.count ?? 0;
  }

  async removeAmong(userId: string, ids: readonly string[]): Promise<void> {
    await this.db.change(`DELETE FROM memory_facts WHERE user_id = $1 AND id = ANY($2::uuid[])`, [userId, ids]);
  }

  /** The fact and, where it is the current one, the versions before it, which would hold again else. How many there were. */
  remove(userId: string, id: string): Promise<number> {
    return this.db.change(
      `DELETE FROM memory_facts f USING memory_facts gone
       WHERE gone.user_id = $1 AND gone.id = $2 AND NOT gone.ended AND f.user_id = $1 AND f.key = gone.key
         AND (f.id = gone.id OR ((f.valid_from, f.id) < (gone.valid_from, gone.id) AND NOT EXISTS (
           SELECT FROM memory_facts n
           WHERE n.user_id = $1 AND n.key = gone.key AND (n.valid_from, n.id) > (gone.valid_from, gone.id))))`,
      [userId, id],
    );
  }

  async removeAll(userId: string): Promise<void> {
    await this.db.change(`DELETE FROM memory_facts WHERE user_id = $1`, [userId]);
  }

  /** The facts that were known and held at a moment and are switched on, of each kind the latest first. */
  holding(userId: string, at: Date, limit: number): Promise<HeldFact[]> {
    return this.db.query(
      `SELECT id, kind, statement, valid_from AS "validFrom", sources FROM (
         SELECT f.*, row_number() OVER (PARTITION BY kind ORDER BY valid_from DESC, id DESC) AS place,
           (SELECT coalesce(json_agg(s.message_id ORDER BY s.said_at DESC), '[]') FROM memory_fact_sources s
            WHERE s.user_id = f.user_id AND s.fact_id = f.id) AS sources
         FROM memory_facts f
         WHERE user_id = $1 AND enabled AND NOT ended AND created_at <= $2 AND valid_from <= $2 AND NOT EXISTS (
           SELECT FROM memory_facts n
           WHERE n.user_id = f.user_id AND n.key = f.key AND (n.valid_from, n.id) > (f.valid_from, f.id)
             AND n.created_at <= $2 AND n.valid_from <= $2)
       ) held
       ORDER BY place, array_position('{preference,identity,work,place,remembered,other}', kind), id LIMIT $3`,
      [userId, at, limit],
    );
  }

  /** That these were used now; noted once a minute. */
  async noteUse(userId: string, ids: readonly string[]): Promise<void> {
    await this.db.change(
      `UPDATE memory_facts SET last_used_at = clock_timestamp()
       WHERE user_id = $1 AND id = ANY($2::uuid[])
         AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')`,
      [userId, ids],
    );
  }
}
