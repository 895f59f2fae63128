import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../turn.js';
import { interestOf, mostInteresting, surpriseOf, type Relevance } from './interest.js';

const claim = (text: string, interest: number, more: Partial<Finding> = {}): Finding => ({
  kind: 'extreme',
  text,
  values: { [text]: interest },
  support: [{ result: 0, rows: [0] }],
  interest,
  ...more,
});
const texts = (found: readonly Finding[]): string[] => found.map(({ text }) => text);

describe('interest', () => {
  it('is relevance alone where nothing is known of a claim’s strength, and half of it where it is nothing', () => {
    expect(interestOf('answer')).toBe(1);
    expect(interestOf('part', { effect: 0, surprise: 0 })).toBeCloseTo(0.35, 10);
    expect(interestOf('part', { effect: 0.2, surprise: 1 })).toBeCloseTo(0.7, 10);
    // √0.25 × 1 = 0.5: three quarters are left.
    expect(interestOf('explanation', { surprise: 1, coverage: 0.25 })).toBeCloseTo(0.6, 10);
  });

  it('lies between 0 and 1, and grows with size, surprise and coverage', () => {
    const part = fc.double({ min: -1, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom<Relevance>('answer', 'part', 'remark'),
        part,
        part,
        part,
        part,
        (role, a, b, c, d) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          for (const known of ['effect', 'surprise', 'coverage'] as const) {
            const strength = { effect: c, coverage: d };
            const [less, more] = [low, high].map((value) => interestOf(role, { ...strength, [known]: value }));
            expect(more).toBeGreaterThanOrEqual(less ?? 1);
            expect(less).toBeGreaterThanOrEqual(0);
            expect(more).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

it('surprise is how far from its peers a value is, as a probability', () => {
  const peers = [9, 10, 11, 12, 13];
  expect(surpriseOf(11, peers)).toBe(0);
  // One MAD of 1 is 1 / 1.4826 = 0.6745 standard deviations: half of all normal values are nearer.
  expect(surpriseOf(12, peers)).toBeCloseTo(0.5, 3);
  expect(surpriseOf(100, peers)).toBeCloseTo(1, 10);
  expect(surpriseOf(3, [2, 2, 2])).toBe(0);
});

describe('the most interesting', () => {
  it('come first, no more than asked for', () => {
    expect(texts(mostInteresting([claim('b', 0.5), claim('a', 0.9), claim('c', 0.1)], 2))).toEqual(['a', 'b']);
  });

  it('do not say the same numbers of the same rows twice', () => {
    const change = claim('It rose from 1 to 2', 0.9, { kind: 'change', values: { from: 1, to: 2, change: 1 } });
    const ends = claim('It was lowest with 1, highest with 2', 0.7, { values: { 'name 2020': 2020, low: 1, high: 2 } });
    expect(texts(mostInteresting([ends, change], 5))).toEqual([change.text]);
    const elsewhere = { ...ends, support: [{ result: 1, rows: [0] }] };
    expect(mostInteresting([elsewhere, change], 5)).toHaveLength(2);
    const other = { ...ends, values: { low: 1, high: 3 } };
    expect(mostInteresting([other, change], 5)).toHaveLength(2);
    expect(mostInteresting([{ ...ends, earlier: 'message' }, change], 5)).toHaveLength(2);
  });
});
