import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';

/** Collections of one owner; all that is found of them is that owner's. */
export interface Where {
  readonly userId: string;
  readonly collectionIds: readonly string[];
}

export interface Scope {
  /** Passages that can be found, and their terms with repetitions. */
  readonly passages: number;
  readonly length: number;
  /** Documents that are not ready, or are about to be another text. */
  readonly pending: number;
  readonly languages: readonly string[];
}

export interface CandidateRow {
  readonly documentId: string;
  readonly n: number;
  readonly length: number;
  readonly terms: Buffer;
}

export interface Place {
  readonly documentId: string;
  readonly n: number;
}

export interface VectorRow extends Place {
  /** null: it was not asked for. */
  readonly content: string | null;
  readonly grams: Buffer;
  readonly embedding: Buffer | null;
}

export interface HitRow extends Place {
  readonly collectionId: string;
  readonly name: string;
  readonly title: string;
  readonly starts: number;
  readonly ends: number;
  readonly page: number | null;
  readonly heading: string[];
  readonly content: string;
}

const CANDIDATE = `document_id AS "documentId", n, length, terms`;
/** Worded so that no planner takes the table's key for it: the keys of terms are the owner's own already. */
const FILTER = `(user_id = $1) IS TRUE AND (collection_id = ANY($2::uuid[])) IS TRUE`;

const columnsOf = (places: readonly Place[]): unknown[] => [
  places.map(({ documentId }) => documentId),
  places.map(({ n }) => n),
];

/** All SQL that a search asks, of one owner's collections. */
@Injectable()
export class SearchStore {
  constructor(private readonly db: Db) {}

  async scope({ userId, collectionIds }: Where): Promise<Scope> {
    const scope = await this.db.one<Scope & Record<string, unknown>>(
      `SELECT coalesce(sum(passages), 0)::integer AS passages, coalesce(sum(terms), 0)::float8 AS length,
         (count(*) FILTER (WHERE status IN ('queued', 'parsing', 'indexing')))::integer AS pending,
         coalesce(array_agg(DISTINCT language) FILTER (WHERE language IS NOT NULL), '{}') AS languages
       FROM documents WHERE user_id = $1 AND collection_id = ANY($2::uuid[])`,
      [userId, collectionIds],
    );
    if (scope === null) throw new Error('an aggregate gave no row');
    return scope;
  }

  /** Passages with any of these terms, found by the index; with more than `limit`, some of them. */
  candidates({ userId, collectionIds }: Where, keys: readonly string[], limit: number): Promise<CandidateRow[]> {
    return this.db.query<CandidateRow & Record<string, unknown>>(
      `SELECT ${CANDIDATE} FROM passages WHERE keys && $3::bigint[] AND ${FILTER} LIMIT $4`,
      [userId, collectionIds, keys, limit],
    );
  }

  /** In how many of the sampled passages any of each group's terms occurs. Groups by their number, from 1. */
  async sampled(
    { userId, collectionIds }: Where,
    groups: readonly { readonly group: number; readonly key: string }[],
  ): Promise<Map<number, number>> {
    const rows = await this.db.query<{ group: number; holders: number }>(
      `SELECT asked.group, (SELECT count(*) FROM passages WHERE sampled AND keys && asked.keys AND ${FILTER})::integer AS holders
       FROM (SELECT g AS group, array_agg(k) AS keys FROM unnest($3::integer[], $4::bigint[]) AS each (g, k) GROUP BY g) AS asked`,
      [userId, collectionIds, groups.map(({ group }) => group), groups.map(({ key }) => key)],
    );
    return new Map(rows.map(({ group, holders }) => [group, holders]));
  }

  /** Words that occur and begin as this one, about as long. */
  async words({ userId }: Where, word: string, limit: number): Promise<string[]> {
    const [first = ''] = word;
    const rows = await this.db.query<{ word: string }>(
      `SELECT DISTINCT word FROM document_words
       WHERE user_id = $1 AND word >= $2 AND word < $2 || chr(1114109)
         AND length(word) BETWEEN $3::integer - 2 AND $3::integer + 2 LIMIT $4`,
      [userId, first, [...word].length, limit],
    );
    return rows.map((row) => row.word);
  }

  vectors(
    { userId }: Where,
    places: readonly Place[],
    embeddedBy: string | null,
    withContent: boolean,
  ): Promise<VectorRow[]> {
    return this.db.query<VectorRow & Record<string, unknown>>(
      `SELECT v.document_id AS "documentId", v.n, v.grams, CASE WHEN v.embedded_by = $4 THEN v.embedding END AS embedding,
         CASE WHEN $5 THEN (
           SELECT content FROM passages p WHERE p.user_id = $1 AND p.document_id = v.document_id AND p.n = v.n
         ) END AS content
       FROM unnest($2::uuid[], $3::integer[]) AS place (document_id, n)
       JOIN passage_vectors v ON v.user_id = $1 AND v.document_id = place.document_id AND v.n = place.n`,
      [userId, ...columnsOf(places), embeddedBy, withContent],
    );
  }

  /** The passages whose vectors differ from this one in the fewest signs. */
  nearest({ userId, collectionIds }: Where, embeddedBy: string, signs: string, limit: number): Promise<CandidateRow[]> {
    return this.db.query<CandidateRow & Record<string, unknown>>(
      `SELECT p.document_id AS "documentId", p.n, p.length, p.terms
       FROM (
         SELECT v.document_id, v.n,
           CASE WHEN length(signs) = length($4::bit varying) THEN bit_count(signs # $4::bit varying) END AS apart
         FROM passage_vectors v JOIN documents d ON d.user_id = v.user_id AND d.id = v.document_id
         WHERE v.user_id = $1 AND d.collection_id = ANY($2::uuid[]) AND v.embedded_by = $3
         ORDER BY apart NULLS LAST, v.document_id, v.n LIMIT $5
       ) AS near
       JOIN passages p ON p.user_id = $1 AND p.document_id = near.document_id AND p.n = near.n
       WHERE near.apart IS NOT NULL`,
      [userId, collectionIds, embeddedBy, signs, limit],
    );
  }

  /** What is shown of passages of which the places are known. */
  hits({ userId }: Where, places: readonly Place[]): Promise<HitRow[]> {
    return this.db.query<HitRow & Record<string, unknown>>(
      `SELECT p.document_id AS "documentId", p.n, p.collection_id AS "collectionId", d.name,
         coalesce(d.given_title, d.title, d.name) AS title, p.starts, p.ends, p.page, p.heading, p.content
       FROM unnest($2::uuid[], $3::integer[]) AS place (document_id, n)
       JOIN passages p ON p.user_id = $1 AND p.document_id = place.document_id AND p.n = place.n
       JOIN documents d ON d.user_id = $1 AND d.id = p.document_id`,
      [userId, ...columnsOf(places)],
    );
  }
}
