import { Injectable } from '@nestjs/common';
import { Db } from '../database/db.js';
import type { VisibleCollection } from './collections/collections.store.js';
import type { Document } from './document.entity.js';
import type { Format } from './parsing/detect.js';
import type { Heading } from './parsing/passages.js';

/** `userId` is whose collection it is in. */
export type DocumentRow = Omit<Document, 'collection' | 'uploadId' | 'terms' | 'givenTitle' | 'title'> & {
  readonly title: string;
  readonly shared: boolean;
};

export interface PassageRow {
  readonly n: number;
  readonly starts: number;
  readonly ends: number;
  readonly page: number | null;
  readonly heading: readonly string[];
  readonly content: string;
}

export interface Upload {
  readonly id: string;
  readonly uploadId: string;
  readonly collectionId: string;
  readonly name: string;
  readonly title: string | null;
  readonly format: Format;
  readonly content: Buffer;
}

const COLUMNS = `d.user_id AS "userId", d.id, d.collection_id AS "collectionId", d.ready_at AS "readyAt",
  d.created_at AS "createdAt", d.updated_at AS "updatedAt", d.bytes, d.pages, d.characters, d.tokens, d.passages, d.done,
  d.total, d.name, coalesce(d.given_title, d.title, d.name) AS title, d.format, d.language, d.status,
  d.error_code AS "errorCode", d.error_message AS "errorMessage", c.shared`;
/** A document of the user, or in a shared collection of another's; the id is looked for among these owners only. */
const READABLE = `FROM (
    SELECT * FROM collections WHERE user_id = $1
    UNION ALL
    SELECT * FROM collections WHERE shared AND user_id <> $1
  ) AS c JOIN documents d ON d.user_id = c.user_id AND d.collection_id = c.id`;
const PASSAGE = `n, starts, ends, page, heading, content`;

@Injectable()
export class DocumentsStore {
  constructor(private readonly db: Db) {}

  /** One that the user may read. */
  find(userId: string, id: string): Promise<DocumentRow | null> {
    return this.db.one<DocumentRow & Record<string, unknown>>(`SELECT ${COLUMNS} ${READABLE} WHERE d.id = $2`, [
      userId,
      id,
    ]);
  }

  /** Documents of these collections, newest first. */
  list(visible: readonly VisibleCollection[], limit: number, before: string | null): Promise<DocumentRow[]> {
    return this.db.query<DocumentRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) AS c (user_id, id, shared)
       CROSS JOIN LATERAL (
         SELECT * FROM documents WHERE user_id = c.user_id AND collection_id = c.id AND ($4::uuid IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $5
       ) AS d ORDER BY d.id DESC LIMIT $5`,
      [
        visible.map(({ userId }) => userId),
        visible.map(({ id }) => id),
        visible.map(({ shared }) => shared),
        before,
        limit,
      ],
    );
  }

  /**
   * What the user keeps, but for what is in shared collections, and for the document that an upload of this name takes the
   * place of. In a transaction: until it ends no other upload of the user is counted.
   */
  async kept(
    userId: string,
    { collectionId, name }: Pick<Upload, 'collectionId' | 'name'>,
  ): Promise<{ count: number; bytes: number }> {
    await this.db.query(`SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE`, [userId]);
    const kept = await this.db.one<{ count: number; bytes: number }>(
      `SELECT count(*)::integer AS count,
         coalesce(sum(greatest(d.bytes, coalesce(octet_length(s.content), 0))), 0)::float8 AS bytes
       FROM documents d
       JOIN collections c ON c.user_id = d.user_id AND c.id = d.collection_id AND NOT c.shared
       LEFT JOIN document_sources s ON s.user_id = d.user_id AND s.document_id = d.id
       WHERE d.user_id = $1 AND NOT (d.collection_id = $2 AND d.name = $3)`,
      [userId, collectionId, name],
    );
    return kept ?? { count: 0, bytes: 0 };
  }

  /**
   * Takes an upload in: as a new document, or as what the one of this name becomes once it is read. In a transaction. Gives
   * the document's id; null: the collection is gone.
   */
  async take(userId: string, upload: Upload): Promise<string | null> {
    const { id, uploadId, collectionId, name, title, format, content } = upload;
    const document = await this.db.one<{ id: string }>(
      `INSERT INTO documents (user_id, id, collection_id, upload_id, name, given_title, status)
       SELECT user_id, $2, id, $4, $5, $6, 'queued' FROM collections WHERE user_id = $1 AND id = $3
       ON CONFLICT (user_id, collection_id, name) DO UPDATE SET upload_id = excluded.upload_id, status = 'queued', done = 0,
         total = NULL, error_code = NULL, error_message = NULL, updated_at = now(),
         given_title = coalesce(excluded.given_title, documents.given_title)
       RETURNING id`,
      [userId, id, collectionId, uploadId, name, title],
    );
    if (document === null) return null;
    await this.db.change(
      `INSERT INTO document_sources (user_id, document_id, upload_id, format, content) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, document_id) DO UPDATE SET upload_id = excluded.upload_id, format = excluded.format,
         content = excluded.content, queued_at = excluded.queued_at, busy_until = NULL, attempts = 0`,
      [userId, document.id, uploadId, format, content],
    );
    return document.id;
  }

  async entitle(userId: string, id: string, title: string | null): Promise<boolean> {
    const changed = await this.db.change(
      `UPDATE documents SET given_title = $3, updated_at = now() WHERE user_id = $1 AND id = $2`,
      [userId, id, title],
    );
    return changed === 1;
  }

  async remove(userId: string, id: string): Promise<boolean> {
    return (await this.db.change(`DELETE FROM documents WHERE user_id = $1 AND id = $2`, [userId, id])) === 1;
  }

  text(userId: string, documentId: string): Promise<{ content: string; outline: Heading[] } | null> {
    return this.db.one(`SELECT content, outline FROM document_texts WHERE user_id = $1 AND document_id = $2`, [
      userId,
      documentId,
    ]);
  }

  /** Passages of one document from number `from` on, in their order. */
  passages(userId: string, documentId: string, from: number, limit: number): Promise<PassageRow[]> {
    return this.db.query<PassageRow & Record<string, unknown>>(
      `SELECT ${PASSAGE} FROM passages WHERE user_id = $1 AND document_id = $2 AND n >= $3 ORDER BY n LIMIT $4`,
      [userId, documentId, from, limit],
    );
  }
}
