import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { Collection } from './collection.entity.js';

/** `userId` is whose it is: of a shared one the administrator who made it. */
export type CollectionRow = Omit<Collection, 'user'> & { readonly documents: number; readonly passages: number };

/** What a search needs to know of a collection. */
export interface VisibleCollection {
  readonly userId: string;
  readonly id: string;
  readonly shared: boolean;
}

const COLUMNS = `c.user_id AS "userId", c.id, c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.version, c.shared,
  c.name, c.description`;
const COUNTS = `LEFT JOIN LATERAL (
    SELECT count(*)::integer AS documents, coalesce(sum(d.passages), 0)::integer AS passages
    FROM documents d WHERE d.user_id = c.user_id AND d.collection_id = c.id
  ) AS counted ON true`;
/** Those of the user, and the shared ones of others; `$2` null: whichever. */
const VISIBLE = `
  SELECT * FROM collections WHERE user_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
  UNION ALL
  SELECT * FROM collections WHERE shared AND user_id <> $1 AND ($2::uuid[] IS NULL OR id = ANY($2))`;

@Injectable()
export class CollectionsStore {
  constructor(private readonly db: Db) {}

  /** All that the user may read, or those of them with these ids. */
  visible(userId: string, ids: readonly string[] | null): Promise<VisibleCollection[]> {
    return this.db.query<VisibleCollection & Record<string, unknown>>(
      `SELECT user_id AS "userId", id, shared FROM (${VISIBLE}) AS c`,
      [userId, ids],
    );
  }

  find(userId: string, id: string): Promise<CollectionRow | null> {
    return this.db.one<CollectionRow & Record<string, unknown>>(
      `SELECT ${COLUMNS}, counted.* FROM (${VISIBLE}) AS c ${COUNTS}`,
      [userId, [id]],
    );
  }

  /** Own ones, then shared ones, each newest first; `after` is the part (0 own, 1 shared) and id of the last one seen. */
  list(userId: string, limit: number, after: readonly [number, string] | null): Promise<CollectionRow[]> {
    const [part, id] = after ?? [-1, 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    return this.db.query<CollectionRow & Record<string, unknown>>(
      `SELECT ${COLUMNS}, counted.* FROM (
         SELECT * FROM (${VISIBLE}) AS seen
         WHERE shared::integer > $3 OR (shared::integer = $3 AND id < $4)
         ORDER BY shared, id DESC LIMIT $5
       ) AS c ${COUNTS} ORDER BY c.shared, c.id DESC`,
      [userId, null, part, id, limit],
    );
  }

  /** Whether the name was free. */
  async insert(
    userId: string,
    { id, name, description, shared }: Pick<Collection, 'id' | 'name' | 'description' | 'shared'>,
  ): Promise<boolean> {
    const inserted = await this.db.change(
      `INSERT INTO collections (user_id, id, name, description, shared) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, name) DO NOTHING`,
      [userId, id, name, description, shared],
    );
    return inserted === 1;
  }

  /** Whether the version was still `version`; then it is one more. */
  async update(
    userId: string,
    id: string,
    version: number,
    { name, description }: Pick<Collection, 'name' | 'description'>,
  ): Promise<boolean> {
    const changed = await this.db.change(
      `UPDATE collections SET name = $4, description = $5, version = version + 1, updated_at = now()
       WHERE user_id = $1 AND id = $2 AND version = $3`,
      [userId, id, version, name, description],
    );
    return changed === 1;
  }

  /** Ids of its documents. In a transaction: until it ends none is added. */
  async documentsOf(userId: string, id: string): Promise<string[]> {
    await this.db.query(`SELECT FROM collections WHERE user_id = $1 AND id = $2 FOR UPDATE`, [userId, id]);
    const rows = await this.db.query<{ id: string }>(
      `SELECT id FROM documents WHERE user_id = $1 AND collection_id = $2`,
      [userId, id],
    );
    return rows.map((row) => row.id);
  }

  async remove(userId: string, id: string): Promise<boolean> {
    return (await this.db.change(`DELETE FROM collections WHERE user_id = $1 AND id = $2`, [userId, id])) === 1;
  }
}
