import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, rankedResults, Rarity, type Sought } from './rank-results.js';

const NOW = new Date('2026-11-27T12:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const result = (seq: number, marks: readonly number[], more: Partial<Candidate> = {}): Candidate => ({
  conversationId: 'c',
  seq,
  answeredAt: daysAgo(10),
  signature: `s${seq}`,
  marks: new Set(marks),
  ...more,
});
const sought = (entities: readonly number[], terms: readonly number[] = [], more: Partial<Sought> = {}): Sought => ({
  signature: null,
  entities: entities.map((mark) => ({ name: `e${mark}`, mark })),
  terms: terms.map((mark) => ({ mark })),
  askedAt: NOW,
  ...more,
});
const order = (all: readonly Candidate[], asked: Sought): number[] =>
  rankedResults(all, asked, new Rarity(all)).map(({ item }) => item.seq);

describe('the order of past results', () => {
  it('begins with the same question in meaning', () => {
    const all = [result(1, [1, 2]), result(2, [9], { signature: 'x' })];
    expect(order(all, sought([1, 2], [], { signature: 'x' }))).toEqual([2, 1]);
  });

  it('then goes by shared entities, what few results are about first', () => {
    const common = [5, 6, 7, 8].map((seq) => result(seq, [1]));
    const all = [...common, result(1, [1], { answeredAt: NOW }), result(2, [2], { answeredAt: daysAgo(300) })];
    expect(order(all, sought([1, 2]))[0]).toBe(2);
    expect(rankedResults(all, sought([1, 2]), new Rarity(all))[0]?.shared).toEqual(['e2']);
  });

  it('then by words, then by recency', () => {
    const all = [
      result(1, [1], { answeredAt: NOW }),
      result(2, [1, 7], { answeredAt: daysAgo(90) }),
      result(3, [1], { answeredAt: daysAgo(2) }),
    ];
    expect(order(all, sought([1], [7]))).toEqual([2, 1, 3]);
  });

  it('leaves out what shares nothing, and is empty where nothing is sought', () => {
    expect(order([result(1, [1]), result(2, [2])], sought([2]))).toEqual([2]);
    expect(order([result(1, [1])], sought([]))).toEqual([]);
  });

  it('is the same whatever order they come in, with scores that never rise', () => {
    const one = fc.record({ marks: fc.array(fc.integer({ min: 1, max: 6 })), days: fc.integer({ min: 0, max: 99 }) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 6 })), (list, asked) => {
        const all = list.map(({ marks, days }, seq) => result(seq, marks, { answeredAt: daysAgo(days) }));
        const found = rankedResults(all, sought([...new Set(asked)], [1, 2]), new Rarity(all));
        const again = rankedResults(
          all.toReversed(),
          sought([...new Set(asked)], [1, 2]),
          new Rarity(all.toReversed()),
        );
        expect(again).toEqual(found);
        for (const [at, { score, parts }] of found.entries()) {
          expect(score).toBeLessThanOrEqual(found[at - 1]?.score ?? Infinity);
          expect(score).toBeCloseTo(2 * parts.same + parts.entities + parts.words / 10 + parts.recency / 100);
        }
      }),
    );
  });
});
