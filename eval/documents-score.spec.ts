import { describe, expect, it } from '@jest/globals';
import { readWith, recallAt } from './documents-score.js';

const messages = [
  { id: 'a', starts: 0, ends: 10 },
  { id: 'b', starts: 12, ends: 22 },
  { id: 'c', starts: 24, ends: 124 },
];

describe('reading passages instead of messages', () => {
  it('costs the text that is read', () => {
    const places = readWith([{ starts: 0, ends: 22 }], messages, 10);
    expect(places).toEqual([['a'], ['b']]);
    expect([1, 2].map((k) => recallAt(places, ['a', 'b'], k))).toEqual([0.5, 1]);
  });

  it('counts a long message by any passage of it, and text only once', () => {
    const long = [
      { starts: 74, ends: 124 },
      { starts: 64, ends: 84 },
      { starts: 0, ends: 10 },
    ];
    expect(readWith(long, messages, 50)).toEqual([['c'], ['a']]);
  });

  it('does not count a message that is only touched', () => {
    expect(readWith([{ starts: 0, ends: 14 }], messages, 10)).toEqual([['a']]);
  });
});
