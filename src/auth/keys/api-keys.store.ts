import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { ApiKey } from './api-key.entity.js';

const COLUMNS = `user_id AS "userId", id, name, prefix, created_at AS "createdAt", expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt"`;

export type ListedKey = Omit<ApiKey, 'secretHash' | 'user'>;

@Injectable()
export class ApiKeysStore {
  constructor(private readonly db: Db) {}

  /** Newest first. */
  page(userId: string, limit: number, before: string | null): Promise<ListedKey[]> {
    return this.db.query<ListedKey>(
      `SELECT ${COLUMNS} FROM api_keys WHERE user_id = $1 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $2`,
      [userId, limit, before],
    );
  }

  /** Null when the user has `most` keys already. */
  insert(
    userId: string,
    key: Pick<ApiKey, 'id' | 'name' | 'prefix' | 'secretHash' | 'expiresAt'>,
    most: number,
  ): Promise<ListedKey | null> {
    return this.db.one<ListedKey>(
      `INSERT INTO api_keys (user_id, id, name, prefix, secret_hash, expires_at)
       SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM api_keys WHERE user_id = $1) < $7
       RETURNING ${COLUMNS}`,
      [userId, key.id, key.name, key.prefix, key.secretHash, key.expiresAt, most],
    );
  }

  async delete(userId: string, id: string): Promise<boolean> {
    return (await this.db.change('DELETE FROM api_keys WHERE user_id = $1 AND id = $2', [userId, id])) === 1;
  }

  async used(userId: string, id: string): Promise<void> {
    await this.db.change('UPDATE api_keys SET last_used_at = now() WHERE user_id = $1 AND id = $2', [userId, id]);
  }
}
