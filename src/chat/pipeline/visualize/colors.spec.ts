import { expect, it } from '@jest/globals';
import { colorsOf, colorsSoFar, withValues } from './colors.js';

const palette = ['red', 'green', 'blue'];

it('colours values in the order in which the conversation came to them', () => {
  expect([...colorsOf(['b', 'c'], ['a', 'b', 'c'], palette)]).toEqual([
    ['b', 'green'],
    ['c', 'blue'],
  ]);
});

it('gives the later of two with one colour the first that is free', () => {
  expect(new Map(colorsOf(['a', 'd'], ['a', 'b', 'c', 'd'], palette))).toEqual(
    new Map([
      ['a', 'red'],
      ['d', 'green'],
    ]),
  );
});

it('begins the palette again only where every colour is taken', () => {
  const values = ['a', 'b', 'c', 'd', 'e'];
  expect([...colorsOf(values, values, palette).values()]).toEqual(['red', 'green', 'blue', 'red', 'green']);
});

it('keeps what was coloured before, by column, and forgets beyond sixty', () => {
  const many = [...Array(80).keys()];
  expect(withValues({ 'd team': ['a'], 'd town': ['u'] }, 'd team', ['b', 'a'])).toEqual({
    'd team': ['a', 'b'],
    'd town': ['u'],
  });
  expect(withValues({}, 'd n', many)['d n']).toHaveLength(60);
});

it('takes up the last picture of the conversation', () => {
  const past = { messageId: 'm', question: 'q', understanding: null, result: null, answer: null };
  expect(colorsSoFar([{ ...past, colors: { a: ['x'] } }, past])).toEqual({ a: ['x'] });
  expect(colorsSoFar([])).toEqual({});
});
