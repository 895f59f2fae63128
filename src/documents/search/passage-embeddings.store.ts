import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { KeptEmbedding } from '../../llm/embedding-tools.js';

export interface Unembedded {
  readonly documentId: string;
  readonly n: number;
  readonly content: string;
}

const FIRST_USER = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class PassageEmbeddingsStore {
  constructor(private readonly db: Db) {}

  /** The first owner after this one who has passages without a vector of this model; then, from the beginning; null: none. */
  async owner(after: string | null, embeddedBy: string): Promise<string | null> {
    const row = await this.db.one<{ userId: string }>(
      `SELECT u.id AS "userId" FROM users u
       WHERE u.id > $1 AND EXISTS (SELECT FROM collections c WHERE c.user_id = u.id) AND (
         EXISTS (SELECT FROM passage_vectors v WHERE v.user_id = u.id AND v.embedded_by IS NULL)
         OR EXISTS (SELECT FROM passage_vectors v WHERE v.user_id = u.id AND v.embedded_by < $2)
         OR EXISTS (SELECT FROM passage_vectors v WHERE v.user_id = u.id AND v.embedded_by > $2))
       ORDER BY u.id LIMIT 1`,
      [after ?? FIRST_USER, embeddedBy],
    );
    return row?.userId ?? null;
  }

  /** Passages without a vector of this model; those of another model count. */
  unembedded(userId: string, embeddedBy: string, limit: number): Promise<Unembedded[]> {
    return this.db.query<Unembedded & Record<string, unknown>>(
      `SELECT v.document_id AS "documentId", v.n, array_to_string(p.heading || p.content, E'\\n') AS content
       FROM (
         (SELECT document_id, n FROM passage_vectors WHERE user_id = $1 AND embedded_by IS NULL LIMIT $3)
         UNION ALL
         (SELECT document_id, n FROM passage_vectors WHERE user_id = $1 AND embedded_by < $2 LIMIT $3)
         UNION ALL
         (SELECT document_id, n FROM passage_vectors WHERE user_id = $1 AND embedded_by > $2 LIMIT $3)
       ) v
       JOIN passages p ON p.user_id = $1 AND p.document_id = v.document_id AND p.n = v.n LIMIT $3`,
      [userId, embeddedBy, limit],
    );
  }

  /** Of passages that are gone by now nothing is stored. */
  async embed(userId: string, embeddedBy: string, rows: readonly (Unembedded & KeptEmbedding)[]): Promise<void> {
    // The text is compared: the passage of this number may be that of a later upload by now.
    await this.db.change(
      `UPDATE passage_vectors v SET embedded_by = $2, signs = g.signs::bit varying, embedding = g.embedding
       FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::bytea[], $7::text[])
         AS g (document_id, n, signs, embedding, content)
       JOIN passages p ON p.user_id = $1 AND p.document_id = g.document_id AND p.n = g.n
         AND array_to_string(p.heading || p.content, E'\\n') = g.content
       WHERE v.user_id = $1 AND v.document_id = g.document_id AND v.n = g.n`,
      [
        userId,
        embeddedBy,
        rows.map(({ documentId }) => documentId),
        rows.map(({ n }) => n),
        rows.map(({ signs }) => signs),
        rows.map(({ embedding }) => embedding),
        rows.map(({ content }) => content),
      ],
    );
  }
}
