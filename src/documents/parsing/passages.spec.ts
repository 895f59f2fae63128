import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from './blocks.js';
import { cut, LONGEST } from './passages.js';

/** One token a word, as far as this is concerned. */
const count = (text: string): number => text.match(/\S+/g)?.length ?? 0;

const word = fc.constantFrom(
  'harbour',
  'crane',
  'Zoë',
  'naïve',
  '42',
  '3.5%',
  '東京都',
  '🚢',
  'e.g.',
  'end.',
  'Why?',
  'a',
);
const anyText = fc.array(word, { minLength: 1, maxLength: 600 }).map((words) => words.join(' '));
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: anyText, page: fc.constant(1) }),
  fc.record({
    kind: fc.constant('table' as const),
    text: fc
      .array(
        anyText.map((text) => text.slice(0, 200)),
        { minLength: 1, maxLength: 30 },
      )
      .map((rows) => rows.map((row) => row.trim()).join('\n')),
    page: fc.constant(2),
  }),
  fc.record({
    kind: fc.constant('heading' as const),
    level: fc.integer({ min: 1, max: 6 }),
    text: fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' ')),
    page: fc.constant(null),
  }),
);

describe('passages', () => {
  it('are literally in the text, whole words, none too long, and nothing is left out', () => {
    fc.assert(
      fc.property(fc.array(anyBlock, { minLength: 1, maxLength: 12 }), (blocks) => {
        const { text, passages, outline } = cut(blocks, count);
        expect(text).toBe(blocks.map((block) => block.text).join('\n\n'));
        const covered = new Uint8Array(text.length);
        for (const { starts, ends, tokens } of passages) {
          const quote = text.slice(starts, ends);
          expect(quote).toBe(quote.trim());
          expect(quote).not.toBe('');
          expect(/\s|^$/.test(text.charAt(starts - 1)) && /\s|^$/.test(text.charAt(ends))).toBe(true);
          expect(count(quote)).toBeLessThanOrEqual(LONGEST);
          expect(tokens).toBe(count(quote));
          covered.fill(1, starts, ends);
        }
        for (const { starts, title } of outline) {
          expect(text.startsWith(title, starts)).toBe(true);
          covered.fill(1, starts, starts + title.length);
        }
        for (const [at, is] of covered.entries()) if (is === 0) expect(text.charAt(at)).toMatch(/\s/);
      }),
      { numRuns: 60 },
    );
  });

  it('of a long paragraph overlap by a sentence; those of a table name its columns', () => {
    const sentences = Array.from({ length: 40 }, (_, at) => `This is the sentence of the number ${at}.`).join(' ');
    const { text, passages } = cut([{ kind: 'text', text: sentences, page: null }], count);
    expect(passages.length).toBeGreaterThan(1);
    for (const [at, { starts }] of passages.entries()) {
      if (at > 0) expect(starts).toBeLessThan(passages[at - 1]?.ends ?? 0);
    }
    expect(text.slice(passages[1]?.starts)).toMatch(/^This is the sentence/);
    const rows = ['Item | Price', ...Array.from({ length: 100 }, (_, at) => `Crane ${at} | ${at} million`)];
    const table = cut([{ kind: 'table', text: rows.join('\n'), page: null }], count).passages;
    expect(table[0]?.columns).toBeNull();
    expect(table[1]?.columns).toBe('Item | Price');
  });

  it('of text without spaces end between characters', () => {
    const data = `${'x'.repeat(999)}🚢`.repeat(300);
    const { text, passages } = cut([{ kind: 'text', text: data, page: null }], (part) => Math.ceil(part.length / 3));
    expect(passages.map(({ starts, ends }) => text.slice(starts, ends)).join('')).toBe(data);
    for (const { starts, ends } of passages) expect(text.slice(starts, ends).isWellFormed()).toBe(true);
  });
});
