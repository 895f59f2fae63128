import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gramSimilarity, gramsOf, packGrams } from '../../text/grams.js';
import { frequency, packTerms, TermKeys } from '../../text/hashes.js';
import {
  type Candidate,
  contextScores,
  type Known,
  placesAround,
  poolOf,
  ranked,
  type Wanted,
  wordScores,
} from './rank.js';

const candidate = (seq: number, frequencies: number[], more: Partial<Candidate> = {}): Candidate => ({
  conversation: 0,
  seq,
  sitting: 1,
  length: 10,
  frequencies,
  ...more,
});
const STATS = { texts: 100, length: 1_000, documents: [2, 50] };
const ASKED: Wanted = { authors: new Set(), asksWhen: false, period: null, askedAt: new Date('2026-11-01T00:00:00Z') };
const known = (seq: number, more: Partial<Known> = {}): Known => ({
  conversation: 0,
  seq,
  sitting: 1,
  words: 0,
  messageId: `m${seq}`,
  role: 'assistant',
  author: null,
  createdAt: new Date('2026-10-01T00:00:00Z'),
  tellsWhen: false,
  similarity: 0,
  ...more,
});

describe('words', () => {
  it('count more the rarer they are, and less in a long message', () => {
    const [rare, common, long] = wordScores(
      [candidate(1, [1, 0]), candidate(9, [0, 1]), candidate(20, [1, 0], { length: 80 })],
      STATS,
    );
    expect(rare).toBe(1);
    expect(common).toBeLessThan(0.5);
    expect(long).toBeLessThan(0.5);
  });
});

describe('context', () => {
  it('is what stands within three places of the same sitting', () => {
    const places = placesAround([candidate(5, [1, 0]), candidate(6, [1, 0], { sitting: 2 })], [1, 1]);
    const at = (seq: number): number => places.findIndex((place) => place.seq === seq);
    const context = contextScores(
      places,
      places.map(({ words }) => words),
    );
    expect(places.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect([context[at(5)], context[at(4)], context[at(2)]]).toEqual([0, 0.4, 0.1]);
  });

  it('brings a message without words of its own into the pool', () => {
    const places = placesAround([candidate(4, [1, 0]), candidate(6, [1, 0]), candidate(50, [0, 1])], [1, 1, 0.1]);
    expect(poolOf(places, 3).map(({ seq }) => seq)).toContain(5);
  });
});

describe('the ranking', () => {
  it('says what each score is made of', () => {
    const places = placesAround([candidate(4, [1, 0]), candidate(5, [0, 1])], [1, 0.2]);
    const [first] = ranked(places, [known(4, { words: 1, role: 'user', similarity: 3 })], ASKED);
    expect(first?.score).toBe(1);
    expect(first?.parts).toMatchObject({ words: 0.5, vector: 0.5, speaker: 1.7, time: 1 });
    expect(first?.parts.context).toBeCloseTo(0.4 * 0.1);
  });

  it('prefers who is named, what tells the time that is asked, and what is of the period', () => {
    const places = placesAround(
      [10, 20, 30, 40].map((seq) => candidate(seq, [1, 0])),
      [1, 1, 1, 1],
    );
    const items = [
      known(10),
      known(20, { author: 'Mel' }),
      known(30, { tellsWhen: true }),
      known(40, { createdAt: new Date('2026-03-05T00:00:00Z') }),
    ];
    const march = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') };
    const order = (wanted: Partial<Wanted>): number | undefined =>
      ranked(places, items, { ...ASKED, ...wanted })[0]?.item.seq;
    expect(order({ authors: new Set(['mel']) })).toBe(20);
    expect(order({ asksWhen: true })).toBe(30);
    expect(order({ period: march })).toBe(40);
  });

  it('is the same whatever the order of what it is given, and every score is within 0 and 1', () => {
    const messages = fc.uniqueArray(
      fc.record({
        conversation: fc.nat(2),
        seq: fc.integer({ min: 1, max: 40 }),
        count: fc.nat(3),
        similarity: fc.double({ min: -1, max: 1, noNaN: true }),
        role: fc.constantFrom('user' as const, 'assistant' as const),
      }),
      { selector: ({ conversation, seq }) => `${conversation}/${seq}`, minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(messages, (given) => {
        const run = (list: typeof given) => {
          const candidates = list.map(({ conversation, seq, count }) =>
            candidate(seq, [count, 1], { conversation, sitting: 1 }),
          );
          const scores = wordScores(candidates, STATS);
          const places = placesAround(candidates, scores);
          const items = list.map(({ conversation, seq, similarity, role }, at) =>
            known(seq, {
              conversation,
              similarity,
              role,
              messageId: `m${conversation}/${seq}`,
              words: scores[at] ?? 0,
            }),
          );
          return ranked(places, items, ASKED).map(({ item, score }) => [item.messageId, score.toFixed(9)]);
        };
        const hits = run(given);
        expect(run(given.toReversed())).toEqual(hits);
        expect(hits.every(([, score]) => Number(score) >= 0 && Number(score) <= 1)).toBe(true);
      }),
    );
  });
});

describe('what is stored', () => {
  it('gives back every count, up to 255', () => {
    const counts = fc.uniqueArray(fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 1, max: 400 })), {
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(counts, fc.nat(0xffffffff), (entries, other) => {
        const packed = packTerms(new Map(entries));
        for (const [key, count] of entries) expect(frequency(packed, key)).toBe(Math.min(count, 255));
        if (!entries.some(([key]) => key === other)) expect(frequency(packed, other)).toBe(0);
      }),
    );
  });

  it('has keys of each owner that no other owner has', () => {
    const words = ['alpha', 'beta', 'gamma'];
    const of = (user: string): string[] => words.map((word) => new TermKeys(user).key(word));
    expect(of('a')).toEqual(of('a'));
    expect(new Set([...of('a'), ...of('b')]).size).toBe(6);
    for (const key of of('a')) expect(BigInt.asIntN(64, BigInt(key)).toString()).toBe(key);
  });

  it('is packed without loss', () => {
    const counts = fc.uniqueArray(fc.tuple(fc.nat({ max: 0x7fff }), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 300,
      selector: ([place]) => place,
    });
    const weight = (count: number): number => 1 + Math.log(count);
    fc.assert(
      fc.property(counts, fc.nat({ max: 0x7fff }), (held, other) => {
        const packed = packGrams(new Map(held));
        const length = Math.sqrt(held.reduce((sum, [, count]) => sum + weight(count) ** 2, 0));
        for (const [place, count] of held.slice(0, 20)) {
          const [found] = gramSimilarity(new Map([[place, 1]]), [packed, null]);
          expect(found).toBeCloseTo((weight(count) * Math.log(3 / 2) ** 2) / length, 5);
        }
        if (!held.some(([place]) => place === other)) {
          expect(gramSimilarity(new Map([[other, 1]]), [packed])[0]).toBe(0);
        }
      }),
    );
  });

  it('is near for near spelling', () => {
    const vector = (text: string): Buffer => packGrams(gramsOf(text.split(' ')));
    const [same, typo, other, none] = gramSimilarity(gramsOf(['adoption']), [
      vector('adoption papers'),
      vector('adopton agency'),
      vector('football match'),
      null,
    ]);
    expect(same).toBeGreaterThan(typo ?? 0);
    expect(typo).toBeGreaterThan(0);
    expect([other, none]).toEqual([0, 0]);
  });
});
