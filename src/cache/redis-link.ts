import { createClient } from '@redis/client';
import { newId } from '../common/ids.js';
import type { Whose } from '../database/db.js';

const PREFIX = 'engram:cache:';
const ID = `${PREFIX}server`;
/** Longer than anything is kept. A tag that ran out is made anew, so nothing hangs on it. */
const TAG_SECONDS = 86_400;
const CONNECT_MS = 1_000;
/** Redis answers in well under a millisecond; after this long it is of no use to a reader, */
const READ_MS = 250;
/** and to a writer, who then has to make sure by the database, it is gone. */
const WRITE_MS = 1_000;

const keyOf = (whose: Whose): string => `${PREFIX}${whose ?? 'anybody'}`;

/**
 * One connection to Redis, which holds a tag for each user, and one for all: a name, never used twice, of the state that the
 * user's rows are in. Values are not kept there; reading one back would cost more than it saves (bench/cache).
 *
 * A connection that was lost is never mended but replaced by another `RedisLink`: Redis may have lost tags in between, and
 * gone back to older ones, so what was kept under them must be dropped.
 */
export class RedisLink {
  private readonly client;
  private readonly own = newId();
  private made = 0;
  private isOpen = false;
  /** Which Redis this is: the same for all instances that use the same one. Known once `identify` was asked. */
  id = '';

  /** @param onEnd the connection is lost; may be called more than once */
  constructor(url: string, onEnd: (error: Error) => void) {
    this.client = createClient({
      url,
      RESP: 2,
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false },
    });
    const end = (error = new Error('the connection was closed')): void => {
      if (this.isOpen) onEnd(error);
    };
    this.client.on('error', end);
    this.client.on('end', end);
  }

  async open(): Promise<void> {
    await within(this.client.connect(), CONNECT_MS);
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
    try {
      this.client.destroy();
    } catch {
      // closed already
    }
  }

  /** Asks who it is. @throws when it is another one than before, or lost all that it held */
  async identify(): Promise<void> {
    const made = this.tag();
    const id = (await within(this.client.set(ID, made, { condition: 'NX', GET: true }), WRITE_MS)) ?? made;
    if (this.id !== '' && this.id !== id) throw new Error('it has lost what it held');
    this.id = id;
  }

  /** The state that these rows are in; null: not known yet, ask again next time. */
  async state(whose: Whose): Promise<string | null> {
    const keys = whose === null ? [keyOf(null)] : [keyOf(null), keyOf(whose)];
    const tags = await within(this.client.mGet(keys), READ_MS);
    if (tags.every((tag) => tag !== null)) return tags.join(' ');
    // Never "there was none" as a state: Redis may have forgotten which one it was.
    const missing = keys.filter((_, place) => tags[place] === null);
    const options = { condition: 'NX', expiration: { type: 'EX', value: TAG_SECONDS } } as const;
    await within(Promise.all(missing.map((key) => this.client.set(key, this.tag(), options))), READ_MS);
    return null;
  }

  /** The rows changed; whoever reads `state` from now on sees another one. */
  async changed(whose: ReadonlySet<Whose>): Promise<void> {
    const options = { expiration: { type: 'EX', value: TAG_SECONDS } } as const;
    await within(Promise.all([...whose].map((one) => this.client.set(keyOf(one), this.tag(), options))), WRITE_MS);
  }

  private tag(): string {
    return `${this.own}.${(this.made++).toString(36)}`;
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Redis did not answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
