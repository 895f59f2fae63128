import { describe, expect, it } from '@jest/globals';
import { version } from 'uuid';
import { isUuid, newId } from './ids.js';

describe('newId', () => {
  it('gives UUIDs of version 7 that are unique and sort as they were made', () => {
    const before = Date.now();
    const ids = Array.from({ length: 20_000 }, newId);
    expect(ids.every((id) => isUuid(id) && version(id) === 7)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    const time = Number.parseInt((ids[0] ?? '').replaceAll('-', '').slice(0, 12), 16);
    expect(Math.abs(time - before)).toBeLessThan(60_000);
  });

  it('shares no random part with the ids around it', () => {
    const tails = Array.from({ length: 1_000 }, () => newId().slice(-12));
    expect(new Set(tails).size).toBe(tails.length);
  });
});
