import { describe, expect, it } from '@jest/globals';
import type { CitedPassage } from '../turn.js';
import { type FoundPassage, type FoundPassages, quotation, quoted } from './quote.js';
import { unsupported } from './word-passages.js';

const QUOTE =
  'The harbour has four cranes. In March 2021 the large crane broke in a storm. It was repaired in May by a company from Rotterdam.';
const passage = (more: Partial<FoundPassage> = {}): FoundPassage => ({
  documentId: 'd',
  title: 'Harbour report',
  n: 2,
  heading: ['Harbour report', 'Crane repairs'],
  page: 12,
  quote: QUOTE,
  starts: 40,
  ends: 40 + QUOTE.length,
  score: 1,
  coverage: 0.9,
  ...more,
});
const found = (passages: readonly FoundPassage[], ...stems: string[]): FoundPassages => ({
  passages,
  terms: stems.map((stem) => ({ stems: [stem] })),
  absent: [],
  corrected: [],
});

describe('quoting passages', () => {
  it('picks the sentences that hold what was asked, literally and in their order', () => {
    const [cited] = quoted(
      'When did the crane break, and who repaired it?',
      found([passage()], 'crane', 'broke', 'repair'),
    );
    expect(cited?.sentences).toEqual([
      'In March 2021 the large crane broke in a storm.',
      'It was repaired in May by a company from Rotterdam.',
    ]);
    expect(cited?.sentences.every((sentence) => QUOTE.includes(sentence))).toBe(true);
    expect(cited).toMatchObject({ score: 1, coverage: 0.9 });
  });

  it('quotes nothing that has none of the names in the question', () => {
    const given = found([passage()], 'crane', 'repair');
    const question = 'Who repaired the crane in Harlow?';
    expect(quoted('Who repaired the crane in Rotterdam?', given)).toHaveLength(1);
    // It is in another one.
    expect(quoted(question, given)).toEqual([]);
    expect(
      quoted('Who repaired the crane in Roterdam?', { ...given, corrected: [{ word: 'roterdam', as: ['rotterdam'] }] }),
    ).toHaveLength(1);
    expect(quoted(question, { ...given, absent: ['harlow'] })).toEqual([]);
    expect(quoted('Who repaired the crane elsewhere?', { ...given, absent: ['elsewhere'] })).toHaveLength(1);
  });

  it('prefers a number where one is asked for', () => {
    expect(quoted('When was it with the crane?', found([passage()], 'crane'))[0]?.sentences).toEqual([
      'In March 2021 the large crane broke in a storm.',
    ]);
    expect(quoted('What about the cranes?', found([passage()], 'crane'))[0]?.sentences).toEqual([
      'The harbour has four cranes.',
    ]);
  });

  it('says nothing of what is not near enough, and leaves out what is beside the point', () => {
    expect(quoted('q', found([passage({ coverage: 0.49 })], 'crane'))).toEqual([]);
    expect(quoted('q', found([], 'crane'))).toEqual([]);
    const some = [passage(), passage({ n: 3, coverage: 0.6 }), passage({ n: 4, coverage: 1 }), passage({ n: 5 })];
    expect(quoted('q', found(some, 'crane')).map(({ n }) => n)).toEqual([2, 4]);
  });

  it('quotes what holds the words of a short question, but for one that says which', () => {
    const text = 'The carrier delivers daily. The carrier was changed from Rapid GmbH to Nordwind Logistik AG.';
    const given = { ...found([passage({ quote: text, coverage: 0.45 })], 'new', 'carrier'), absent: ['new'] };
    expect(quoted('who is the new carrier?', given)[0]?.sentences).toEqual([
      'The carrier was changed from Rapid GmbH to Nordwind Logistik AG.',
    ]);
    expect(quoted('who is the new director?', { ...given, absent: ['new', 'director'] })).toEqual([]);
    expect(quoted('who is the new carrier of the hospital?', { ...given, absent: ['hospital'] })).toEqual([]);
  });

  it('tells where each is from', () => {
    expect(quotation(quoted('the large crane', found([passage()], 'larg', 'crane')))).toBe(
      '**Harbour report**, Crane repairs, page 12: “In March 2021 the large crane broke in a storm.”',
    );
    expect(quotation(quoted('the large crane', found([passage({ heading: [], page: null })], 'larg')))).toBe(
      '**Harbour report**: “In March 2021 the large crane broke in a storm.”',
    );
  });
});

describe("a model's words about passages", () => {
  const cited: CitedPassage[] = quoted('crane', found([passage()], 'crane'));
  const fault = (words: string): string | null => unsupported(words, 'Who repaired the crane?', cited);

  it('stand where the passages say each sentence', () => {
    expect(fault('A company from Rotterdam repaired the crane in May 2021.')).toBeNull();
    expect(fault('The report says “the large crane broke in a storm”. It was repaired in May.')).toBeNull();
  });

  it('do not stand with a number, a quotation or a claim of their own', () => {
    expect(fault('')).toBe('it was empty');
    expect(fault('The large crane was repaired in May 2022.')).toContain('2022');
    expect(fault('The report says “the small crane broke”.')).toContain('the small crane broke');
    expect(fault('It was repaired in May. Engineers celebrated with fireworks afterwards.')).toContain('fireworks');
  });
});
