import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { UploadKey } from './upload-key.entity.js';

@Injectable()
export class UploadKeysStore {
  constructor(private readonly db: Db) {}

  /**
   * Takes the key for this upload, unless it is taken; a key is free again after a day, and when whoever had it went silent
   * before it was done. Whether it was.
   */
  async take(userId: string, key: string, digest: string, busySeconds: number): Promise<boolean> {
    await this.db.change(`DELETE FROM upload_keys WHERE user_id = $1 AND created_at < now() - interval '1 day'`, [
      userId,
    ]);
    const taken = await this.db.change(
      `INSERT INTO upload_keys (user_id, key, digest, busy_until)
       VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
       ON CONFLICT (user_id, key) DO UPDATE SET busy_until = excluded.busy_until, created_at = now()
         WHERE upload_keys.target_id IS NULL AND upload_keys.busy_until < clock_timestamp()
           AND upload_keys.digest = excluded.digest`,
      [userId, key, digest, busySeconds],
    );
    return taken === 1;
  }

  find(userId: string, key: string): Promise<Pick<UploadKey, 'digest' | 'targetId'> | null> {
    return this.db.one<Pick<UploadKey, 'digest' | 'targetId'> & Record<string, unknown>>(
      `SELECT digest, target_id AS "targetId" FROM upload_keys WHERE user_id = $1 AND key = $2`,
      [userId, key],
    );
  }

  async done(userId: string, key: string, targetId: string): Promise<void> {
    await this.db.change(`UPDATE upload_keys SET target_id = $3 WHERE user_id = $1 AND key = $2`, [
      userId,
      key,
      targetId,
    ]);
  }

  /** As if it had never been sent. @param targetId what became of it; null: nothing */
  async free(userId: string, key: string, targetId: string | null): Promise<void> {
    await this.db.change(
      `DELETE FROM upload_keys WHERE user_id = $1 AND key = $2 AND target_id IS NOT DISTINCT FROM $3::uuid`,
      [userId, key, targetId],
    );
  }
}
