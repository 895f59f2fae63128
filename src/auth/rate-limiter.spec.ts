import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from './rate-limiter.js';

describe('RateLimiter', () => {
  it('lets so many through in a minute from the first, then says how long to wait', () => {
    const limiter = new RateLimiter(2);
    expect([0, 1_000, 2_000].map((now) => limiter.take('a', now))).toEqual([0, 0, 58]);
    expect(limiter.take('a', 59_999)).toBe(1);
    expect([60_000, 60_001, 60_002].map((now) => limiter.take('a', now))).toEqual([0, 0, 60]);
  });

  it('counts each key by itself', () => {
    const limiter = new RateLimiter(1);
    expect([limiter.take('a', 0), limiter.take('b', 0), limiter.take('a', 0)]).toEqual([0, 0, 60]);
  });

  it('is off at 0', () => {
    const limiter = new RateLimiter(0);
    expect(Array.from({ length: 1_000 }, () => limiter.take('a', 0)).every((wait) => wait === 0)).toBe(true);
  });

  it('forgets the keys not seen for longest when there are too many', () => {
    const limiter = new RateLimiter(1, 2);
    for (const key of ['a', 'b', 'c']) limiter.take(key, 0);
    expect([limiter.take('c', 1), limiter.take('a', 1)]).toEqual([60, 0]);
  });
});
