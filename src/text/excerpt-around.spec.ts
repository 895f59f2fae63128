import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { excerptAround } from './excerpt-around.js';
import { englishStem } from './words.js';

const stems = (...words: string[]): Set<string> => new Set(words.map(englishStem));

describe('an excerpt', () => {
  it('is the part with most of the words, on one line', () => {
    const text = `${'Nothing of interest here. '.repeat(30)}My first\nsprint ends on March 29. ${'And so on. '.repeat(40)}`;
    const { text: shown, words } = excerptAround(text, stems('sprint', 'ends', 'nothing'));
    expect(shown).toMatch(/^….*My first sprint ends on March 29\..*…$/);
    expect(words).toEqual(expect.arrayContaining(['sprint', 'ends']));
  });

  it('is the whole of a short text, and its beginning where no word is in it', () => {
    expect(excerptAround('Hello  there', stems('there'))).toEqual({ text: 'Hello there', words: ['there'] });
    expect(excerptAround('word '.repeat(100), stems('absent')).text).toMatch(/^word .*…$/);
  });

  it('is never longer than it may be, and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), fc.string({ maxLength: 8 }), (text, word) => {
        const { text: shown } = excerptAround(text, new Set([word.toLowerCase()]));
        expect(shown.length).toBeLessThanOrEqual(282);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });
});
