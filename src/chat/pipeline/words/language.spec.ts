import { expect, it } from '@jest/globals';
import { counted, listed, lowerFirst, plural, sentence } from './language.js';
import { dateWords } from './dates.js';

it.each([
  ['country', 'countries'],
  ['box', 'boxes'],
  ['day', 'days'],
  ['class', 'classes'],
  ['status', 'statuses'],
  ['income group', 'income groups'],
])('the plural of %s is %s', (one, many) => {
  expect(plural(one)).toBe(many);
});

it('counts in words', () => {
  expect([counted(1, 'row', '1'), counted(2, 'row', '2')]).toEqual(['1 row', '2 rows']);
});

it('lists with one "and"', () => {
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
    '',
    'a',
    'a and b',
    'a, b or c',
  ]);
});

it('keeps the capitals of abbreviations', () => {
  expect([lowerFirst('Average score'), lowerFirst('GDP per capita')]).toEqual(['average score', 'GDP per capita']);
});

it('ends a sentence once', () => {
  expect([sentence('it is so'), sentence('Is it?')]).toEqual(['It is so.', 'Is it?']);
});

it.each([
  ['2024-03-05', '5 March 2024'],
  ['2024-03-05T00:00:00Z', '5 March 2024'],
  ['2024-03-05 14:30:00', '5 March 2024 14:30'],
  ['2024-03', 'March 2024'],
  ['2024-Q3', 'Q3 2024'],
  ['Mon', null],
])('%s is written %s', (iso, words) => {
  expect(dateWords(iso)).toBe(words);
});
