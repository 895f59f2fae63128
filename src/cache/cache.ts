import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Config } from '../config/config.js';
import { Db, type Whose } from '../database/db.js';
import { Metrics } from '../metrics/metrics.js';
import { Membership } from './membership.js';

/** Users whose answers are kept, at most; a shelf is some hundred bytes. */
const SHELVES = 20_000;
/** A text beyond this part of the memory would push out too much. */
const LARGEST_PART = 1 / 8;

/** Stands for a user's rows as they were at one time: what was read from them then is true as long as it is theirs. */
export interface Shelf {
  readonly state: string;
}

interface Kept {
  readonly shelf: Shelf;
  readonly text: string;
}

/**
 * Answers that are read often, kept in memory. What comes from here is never older than any write that was acknowledged before
 * the read began, on whatever instance:
 *
 * - What is kept hangs on its user's shelf. A write to the user's rows takes the shelf away, after its commit and before it is
 *   acknowledged (`Db.onWrite`: every statement is looked at, so no path to the tables is missed, and a transaction that is rolled
 *   back costs no more than a read). One who read the old rows before the commit still holds the old shelf, and what is put
 *   there nobody finds.
 * - Beside other instances a shelf also has the state that Redis names for the rows; `Membership` says when there is no
 *   trusting it. Values are only ever in this process: fetching and reading one from Redis costs more than it saves.
 * - After a transaction's first write nothing comes from here inside of it, since nobody else sees yet what it wrote.
 *
 * Where it is not allowed to answer from memory, everything is read from the database, as if there were no cache.
 */
@Injectable()
export class Cache {
  private readonly shelves = new LRUCache<string, Shelf>({ max: SHELVES });
  private readonly texts: LRUCache<string, Kept> | null;
  private readonly reads;

  constructor(
    private readonly db: Db,
    private readonly members: Membership,
    metrics: Metrics,
    { cache: { bytes } }: Config,
  ) {
    this.texts =
      bytes === 0
        ? null
        : new LRUCache({
            maxSize: bytes,
            maxEntrySize: Math.floor(bytes * LARGEST_PART),
            // As V8 keeps them, unless all are of one byte each: never less than it takes.
            sizeCalculation: ({ text }, key) => 2 * (text.length + key.length) + 100,
          });
    this.reads = metrics.counter('engram_cache_reads_total', 'Reads by cache: answered from memory or not.', [
      'cache',
      'result',
    ]);
    const faults = metrics.counter('engram_cache_redis_faults_total', 'Times that Redis was lost, or too slow.');
    metrics.gauge('engram_cache_bytes', 'Memory of what is kept.', () => this.texts?.calculatedSize ?? 0);
    metrics.gauge('engram_cache_allowed', '1 while reads may be answered from memory.', () => Number(members.mayRead));
    members.watch({ drop: () => this.shelves.clear(), fault: () => faults.inc() });
    db.onWrite((whose) => {
      this.forget(whose);
      return members.written(whose);
    });
  }

  /**
   * A text that follows from the rows of one user, as last made or made now by `make`.
   * @param cache its name in the metrics
   * @param key which of the user's texts in this cache
   */
  async text(cache: string, userId: string, key: string, make: () => Promise<string>): Promise<string> {
    const shelf = this.texts === null ? null : await this.shelf(userId);
    const place = `${cache} ${userId} ${key}`;
    const kept = shelf === null ? undefined : this.texts?.get(place);
    const isHit = kept !== undefined && kept.shelf === shelf;
    this.count(cache, shelf === null ? 'bypass' : isHit ? 'hit' : 'miss');
    if (isHit) return kept.text;
    const text = await make();
    if (shelf !== null) this.texts?.set(place, { shelf, text });
    return text;
  }

  /**
   * For what is kept elsewhere: the shelf that it must have been read under (asked for before reading) to be true still.
   * null: nothing may be kept now.
   */
  async shelf(whose: Whose): Promise<Shelf | null> {
    // Redis is not waited for with a connection in hand.
    if (this.db.hasWritten || (this.members.asksRedis && this.db.isInTransaction)) return null;
    const asked = this.members.state(whose);
    const state = typeof asked === 'string' || asked === null ? asked : await asked;
    if (state === null) return null;
    const key = whose ?? '';
    let shelf = this.shelves.get(key);
    if (shelf?.state !== state) this.shelves.set(key, (shelf = { state }));
    return shelf;
  }

  count(cache: string, result: 'hit' | 'miss' | 'bypass'): void {
    this.reads.labels(cache, result).inc();
  }

  private forget(whose: ReadonlySet<Whose>): void {
    for (const one of whose) {
      if (one === null) this.shelves.clear();
      else this.shelves.delete(one);
    }
  }
}
