import { expect, it } from '@jest/globals';
import { sentencesOf } from './sentences.js';
import { chosen, counted } from './sum-basic.js';

const NONE = { all: 0, of: {} };

it('takes the sentences with the most frequent words, and none that only repeats one', () => {
  const sentences = [
    ['harbour', 'strike', 'trade'],
    ['harbour', 'strike', 'trade'],
    ['lunch', 'good', 'soup'],
    ['trade', 'fell', 'spring'],
  ];
  const words = counted(NONE, sentences);
  let room = 2;
  expect(chosen(sentences, words, 99, () => room-- > 0)).toEqual([0, 2]);
  // With room for all, the repetition comes last.
  expect(chosen(sentences, words, 99, () => true)).toEqual([0, 2, 3, 1]);
});

it('keeps what weighed most over all, not what was said last', () => {
  const before = counted(
    NONE,
    Array.from({ length: 30 }, () => ['budget', 'school']),
  );
  const lately = [
    ['parking', 'garage', 'closed', 'today'],
    ['parking', 'garage', 'open', 'today'],
  ];
  const words = counted(before, lately);
  expect(chosen([['budget', 'school', 'approved', 'may'], ...lately], words, 99, () => true)[0]).toBe(0);
  expect(words.all).toBe(68);
});

it('keeps account of a bounded number of words, the most frequent', () => {
  const rare = Array.from({ length: 500 }, (_, n) => [`w${n}`]);
  const { all, of } = counted(NONE, [...rare, ['often', 'often']]);
  expect([all, Object.keys(of).length, of['often']]).toEqual([502, 200, 2]);
});

it('chooses nothing from nothing, and nothing that says nothing', () => {
  expect(chosen([], NONE, 99, () => true)).toEqual([]);
  expect(chosen([[], []], NONE, 99, () => true)).toEqual([]);
});

it('finds the sentences of a message, letter by letter', () => {
  const content = [
    '# Results',
    'Dr. Lee moved to Oslo. She starts **on 3 May**!',
    '- Rent rose by 4.5 % in 2024',
    '| a | b |',
    '```js',
    'const secret = 1; doIt();',
    '```',
    'ok',
    `${'long words '.repeat(40)}end`,
  ].join('\n');
  const found = sentencesOf(content);
  expect(found).toEqual([
    'Lee moved to Oslo.',
    'She starts **on 3 May**!',
    'Rent rose by 4.5 % in 2024',
    expect.stringMatching(/^long words .* (?:long|words)$/),
  ]);
  for (const sentence of found) expect(content).toContain(sentence);
  expect(sentencesOf('東京の人口は何人ですか。大阪の人口も教えてください。')).toHaveLength(2);
});
