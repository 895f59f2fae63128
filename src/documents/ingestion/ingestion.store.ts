import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import { snowballStems } from '../../database/snowball.js';
import type { Format } from '../parsing/detect.js';
import type { Heading } from '../parsing/passages.js';

/** An upload that this instance is to read. */
export interface Claimed {
  readonly userId: string;
  readonly documentId: string;
  readonly uploadId: string;
  readonly attempts: number;
  readonly format: Format;
  readonly content: Buffer;
}

export type UploadKey = Pick<Claimed, 'userId' | 'documentId' | 'uploadId'>;

/** A passage with what it is found by. */
export interface IndexedPassage {
  readonly n: number;
  readonly starts: number;
  readonly ends: number;
  readonly page: number | null;
  readonly tokens: number;
  readonly length: number;
  readonly sampled: boolean;
  readonly heading: readonly string[];
  readonly content: string;
  readonly terms: Buffer;
  readonly keys: readonly string[];
  readonly grams: Buffer;
}

export interface Summary {
  readonly bytes: number;
  readonly pages: number | null;
  readonly characters: number;
  readonly tokens: number;
  readonly passages: number;
  readonly terms: number;
  readonly title: string | null;
  readonly format: Format;
  readonly language: string;
}

/** What there is of an upload as long as no other one took its place. */
const CURRENT = `user_id = $1 AND document_id = $2 AND upload_id = $3`;
const values = ({ userId, documentId, uploadId }: UploadKey): string[] => [userId, documentId, uploadId];

/** The queue of uploads, of all users; and what becomes of them. */
@Injectable()
export class IngestionStore {
  constructor(private readonly db: Db) {}

  /** The upload that waits longest and that nobody is at, taken for this instance; null: none. */
  claim(leaseSeconds: number): Promise<Claimed | null> {
    return this.db.one<Claimed & Record<string, unknown>>(
      `UPDATE document_sources s SET busy_until = clock_timestamp() + make_interval(secs => $1), attempts = attempts + 1
       FROM (
         SELECT user_id, document_id FROM document_sources
         WHERE busy_until IS NULL OR busy_until < clock_timestamp()
         ORDER BY queued_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ) AS next
       WHERE s.user_id = next.user_id AND s.document_id = next.document_id
       RETURNING s.user_id AS "userId", s.document_id AS "documentId", s.upload_id AS "uploadId", s.attempts, s.format,
         s.content`,
      [leaseSeconds],
    );
  }

  /** Says that it is still at work; whether the upload is still wanted. */
  async hold(key: UploadKey, leaseSeconds: number): Promise<boolean> {
    const held = await this.db.change(
      `UPDATE document_sources SET busy_until = clock_timestamp() + make_interval(secs => $4) WHERE ${CURRENT}`,
      [...values(key), leaseSeconds],
    );
    return held === 1;
  }

  /** Leaves it to whoever comes next, as if it had not been tried. */
  async release(key: UploadKey): Promise<void> {
    await this.db.change(
      `UPDATE document_sources SET busy_until = NULL, attempts = attempts - 1 WHERE ${CURRENT}`,
      values(key),
    );
  }

  /** Leaves it alone for a while. */
  async postpone(key: UploadKey, seconds: number): Promise<void> {
    await this.hold(key, seconds);
  }

  /** Whether the upload is still wanted. */
  async progress(key: UploadKey, status: 'parsing' | 'indexing', done: number, total: number | null): Promise<boolean> {
    const changed = await this.db.change(
      `UPDATE documents SET status = $4, done = $5, total = $6 WHERE user_id = $1 AND id = $2 AND upload_id = $3`,
      [...values(key), status, done, total],
    );
    return changed === 1;
  }

  /** What was there before stays. In a transaction. */
  async fail(key: UploadKey, code: string, message: string): Promise<void> {
    await this.db.change(
      `UPDATE documents SET status = 'failed', error_code = $4, error_message = $5, updated_at = now()
       WHERE user_id = $1 AND id = $2 AND upload_id = $3`,
      [...values(key), code, message],
    );
    await this.db.change(`DELETE FROM document_sources WHERE ${CURRENT}`, values(key));
  }

  /**
   * Makes the upload what the document is, and takes away what it was; whether it is still wanted. In a transaction that
   * goes on with `addText` and `addPassages`.
   */
  async begin(key: UploadKey, summary: Summary): Promise<{ collectionId: string } | null> {
    const { bytes, pages, characters, tokens, passages, terms, title, format, language } = summary;
    const document = await this.db.one<{ collectionId: string }>(
      `UPDATE documents SET status = 'ready', ready_at = clock_timestamp(), updated_at = now(), bytes = $4, pages = $5,
         characters = $6, tokens = $7, passages = $8, terms = $9, title = $10, format = $11, language = $12,
         done = $8, total = $8
       WHERE user_id = $1 AND id = $2 AND upload_id = $3 RETURNING collection_id AS "collectionId"`,
      [...values(key), bytes, pages, characters, tokens, passages, terms, title, format, language],
    );
    if (document === null) return null;
    const { userId, documentId } = key;
    for (const table of ['passages', 'document_words', 'document_texts']) {
      await this.db.change(`DELETE FROM ${table} WHERE user_id = $1 AND document_id = $2`, [userId, documentId]);
    }
    await this.db.change(`DELETE FROM document_sources WHERE ${CURRENT}`, values(key));
    return document;
  }

  async addText(
    { userId, documentId }: UploadKey,
    content: string,
    outline: readonly Heading[],
    words: readonly string[],
  ): Promise<void> {
    await this.db.change(
      `INSERT INTO document_texts (user_id, document_id, content, outline) VALUES ($1, $2, $3, $4)`,
      [userId, documentId, content, JSON.stringify(outline)],
    );
    await this.db.change(
      `INSERT INTO document_words (user_id, document_id, word) SELECT $1, $2, word FROM unnest($3::text[]) AS word`,
      [userId, documentId, words],
    );
  }

  async addPassages(
    { userId, documentId }: UploadKey,
    collectionId: string,
    rows: readonly IndexedPassage[],
  ): Promise<void> {
    await this.db.change(
      `INSERT INTO passages (user_id, document_id, collection_id, n, starts, ends, page, tokens, length, sampled, heading,
         content, terms, keys)
       SELECT $1, $2, $3, n, starts, ends, page, tokens, length, sampled,
         ARRAY(SELECT jsonb_array_elements_text(heading)), content, terms, keys::bigint[]
       FROM unnest($4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::integer[],
           $10::boolean[], $11::jsonb[], $12::text[], $13::bytea[], $14::text[])
         AS g (n, starts, ends, page, tokens, length, sampled, heading, content, terms, keys)`,
      [userId, documentId, collectionId, ...columns(rows)],
    );
    await this.db.change(
      `INSERT INTO passage_vectors (user_id, document_id, n, grams)
       SELECT $1, $2, n, grams FROM unnest($3::integer[], $4::bytea[]) AS g (n, grams)`,
      [userId, documentId, rows.map(({ n }) => n), rows.map(({ grams }) => grams)],
    );
  }

  stems(language: string, words: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return snowballStems(this.db, language, words);
  }
}

const columns = (rows: readonly IndexedPassage[]): unknown[] => [
  rows.map(({ n }) => n),
  rows.map(({ starts }) => starts),
  rows.map(({ ends }) => ends),
  rows.map(({ page }) => page),
  rows.map(({ tokens }) => tokens),
  rows.map(({ length }) => length),
  rows.map(({ sampled }) => sampled),
  rows.map(({ heading }) => JSON.stringify(heading)),
  rows.map(({ content }) => content),
  rows.map(({ terms }) => terms),
  rows.map(({ keys }) => `{${keys.join(',')}}`),
];
