import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatNumber, numbersIn } from '../words/numbers.js';
import { checkFaithfulness, groundedWords } from './check.js';

describe('checkFaithfulness', () => {
  it('accepts a number that is one of the values as rounded, whatever its sign', () => {
    expect(checkFaithfulness('It fell by 3.2 to 48.7.', [-3.2031, 48.66])).toEqual({
      numbers: 2,
      supported: 2,
      unsupported: [],
    });
  });

  it('finds the number that nothing supports, and says how many are supported', () => {
    const found = checkFaithfulness('51.9 in 2024, up 4.7', [51.896], ['Sales in 2024']);
    expect(found.unsupported).toEqual(['4.7']);
    expect(groundedWords(found)).toBe('grounded: 2 of 3');
  });

  it('does not accept a value rounded beyond what was written', () => {
    expect(checkFaithfulness('51.89', [51.96]).unsupported).toEqual(['51.89']);
  });

  it('rounds by the scale that is written', () => {
    expect(checkFaithfulness('about 1.2 million', [1_234_567]).unsupported).toEqual([]);
    expect(checkFaithfulness('about 1.3 million', [1_234_567]).unsupported).toEqual(['1.3 million']);
  });

  it('does not take points for percent where it was told which they are', () => {
    const told = numbersIn('51.9 points, 38.2 % more');
    expect(checkFaithfulness('51.9 % and 38.2 percent; 38.2 to 51.9', told).unsupported).toEqual(['51.9']);
  });

  it('reads evidence no further than it has to', () => {
    const read: number[] = [];
    function* values() {
      for (const value of [1, 2, 3, 4]) {
        read.push(value);
        yield value;
      }
    }
    expect(checkFaithfulness('2 of 1', values()).supported).toBe(2);
    expect(read).toEqual([1, 2]);
  });

  it('finds all numbers of a text without any supported', () => {
    expect(checkFaithfulness('no numbers here')).toEqual({ numbers: 0, supported: 0, unsupported: [] });
  });

  it('holds for every number this product writes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e11, max: 1e11, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 5 })),
        fc.boolean(),
        (value, decimals, rounded) => {
          fc.pre(Math.abs(value) > 1e-9 || value === 0);
          const text = `about ${formatNumber(value, { decimals, unit: null, rounded })}.`;
          expect(checkFaithfulness(text, [value]).unsupported).toEqual([]);
        },
      ),
    );
  });
});
