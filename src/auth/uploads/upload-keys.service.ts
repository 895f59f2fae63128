import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/problem.js';
import type { Spooled } from '../../common/spool.js';
import { UploadKeysStore } from './upload-keys.store.js';

/** The largest table is read within this long. */
const BUSY_SECONDS = 10 * 60;

/** What an upload makes, and how to find it again. */
export interface Making<T> {
  /** Of whichever kind: the same form sent for another kind of thing is another upload. */
  readonly kind: string;
  make(): Promise<{ readonly id: string; readonly made: T }>;
  /** What was made before; null: it is gone. */
  again(id: string): Promise<T | null>;
}

/** An upload that is sent again under the same `Idempotency-Key` within a day is the first one. */
@Injectable()
export class UploadKeys {
  constructor(private readonly store: UploadKeysStore) {}

  /**
   * @param key undefined: it is made whatever came before
   * @throws {409} upload_under_way
   * @throws {422} idempotency_mismatch: the key was used for another upload
   */
  async once<T>(userId: string, key: string | undefined, file: Spooled, { kind, make, again }: Making<T>): Promise<T> {
    if (key === undefined) return (await make()).made;
    const digest = await digestOf(kind, file);
    while (!(await this.store.take(userId, key, digest, BUSY_SECONDS))) {
      const first = await this.store.find(userId, key);
      if (first === null) continue; // it failed in the meantime
      if (first.digest !== digest) throw mismatch(key);
      if (first.targetId === null) throw underWay();
      const made = await again(first.targetId);
      if (made !== null) return made;
      await this.store.free(userId, key, first.targetId);
    }
    try {
      const { id, made } = await make();
      await this.store.done(userId, key, id);
      return made;
    } catch (error) {
      await this.store.free(userId, key, null);
      throw error;
    }
  }
}

async function digestOf(kind: string, { path, fileName, fields }: Spooled): Promise<string> {
  const hash = createHash('sha256');
  const named = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify([kind, fileName, named]));
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64url');
}

const mismatch = (key: string): Problem =>
  new Problem(
    422,
    'idempotency_mismatch',
    `The idempotency key ${key} was used before for something else; use a new one.`,
    { errors: [{ path: 'Idempotency-Key', message: 'Idempotency-Key was used before with another body' }] },
  );

const underWay = (): Problem =>
  new Problem(409, 'upload_under_way', 'The same upload is being read; ask again in a moment.', {
    retryAfterSeconds: 2,
  });
