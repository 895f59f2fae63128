import { describe, expect, it } from '@jest/globals';
import { unstorable } from './plain-input.js';

const nested = (levels: number): unknown => (levels === 0 ? 'end' : { a: nested(levels - 1) });

describe('unstorable', () => {
  it('lets through what PostgreSQL can store', () => {
    for (const input of [
      '',
      'text',
      'emoji 😀 and \u{10FFFF}',
      '\u0001\t\n',
      0,
      null,
      undefined,
      { a: [1, 'b'] },
      nested(64),
    ]) {
      expect(unstorable(input)).toBeNull();
    }
  });

  it('names the place of a NUL character or half a surrogate pair', () => {
    expect(unstorable({ a: [{ b: 'x\0' }] })).toMatchObject({ path: 'a.0.b' });
    expect(unstorable(['fine', 'half \ud83d'])).toMatchObject({ path: '1' });
    expect(unstorable('\udc00')).toMatchObject({ path: '', message: expect.stringMatching(/^the input must not/) });
  });

  it('looks at names too', () => {
    expect(unstorable({ outer: { 'a\0b': 1 } })).toMatchObject({ path: 'outer' });
  });

  it('refuses what is nested too deep, however deep', () => {
    expect(unstorable(nested(65))?.message).toMatch('deeper than 64');
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(unstorable(deep)?.message).toMatch('deeper than 64');
  });
});
