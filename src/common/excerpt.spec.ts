import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { excerpt } from './excerpt.js';

describe('excerpt', () => {
  it.each([
    ['short', 'short'],
    ['  two\n\n lines\tand tabs ', 'two lines and tabs'],
    ['Which region has the lowest infrastructure score in 2023?', 'Which region has the lowest infrastructure score'],
    ['exactly fifty characters end here, not one more yes', 'exactly fifty characters end here, not one more'],
    [`${'x'.repeat(49)}y`, `${'x'.repeat(49)}y`],
    [
      'See https://example.org/a/very/long/path/that/never/ends/at/all',
      'See https://example.org/a/very/long/path/that/neve',
    ],
    ['教育'.repeat(40), '教育'.repeat(25)],
    [' \n\u0000\u0007 ', ''],
  ])('%j', (text, expected) => {
    expect(excerpt(text, 50)).toBe(expected);
  });

  it('does not cut a character in two', () => {
    expect(excerpt('👩‍👩‍👧‍👦'.repeat(10), 50)).toBe('👩‍👩‍👧‍👦'.repeat(4));
  });

  it('is short, on one line, and the beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 10, max: 120 }), (text, max) => {
        const cut = excerpt(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut).not.toMatch(/[\n\t\p{Cc}]/u);
        expect(
          text
            .replaceAll(/[\s\p{Cc}]+/gu, ' ')
            .trimStart()
            .startsWith(cut),
        ).toBe(true);
      }),
    );
  });
});
