import { LRUCache } from 'lru-cache';

interface Window {
  readonly endsAt: number;
  used: number;
}

const MINUTE = 60_000;

/**
 * Counts in windows of a minute that begin with a key's first request. In memory, so each instance counts for itself;
 * of more keys than `most` the ones not seen for longest are forgotten.
 */
export class RateLimiter {
  private readonly windows: LRUCache<string, Window>;

  /** @param perMinute 0 = no limit */
  constructor(
    private readonly perMinute: number,
    most = 50_000,
  ) {
    this.windows = new LRUCache({ max: most });
  }

  /** Takes one from `key`'s minute. Returns 0 when there was one left, else after how many seconds there will be. */
  take(key: string, now = Date.now()): number {
    if (this.perMinute === 0) return 0;
    const window = this.windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      this.windows.set(key, { endsAt: now + MINUTE, used: 1 });
      return 0;
    }
    if (window.used < this.perMinute) {
      window.used++;
      return 0;
    }
    return Math.ceil((window.endsAt - now) / 1000);
  }
}
