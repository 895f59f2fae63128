import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatNumber, formatQuantity, literalStyle, numbersIn } from './numbers.js';

describe('formatNumber', () => {
  it.each([
    [1234567, 0, '1,234,567'],
    [51.896, 1, '51.9'],
    [52, 1, '52.0'],
    [-3.25, 1, '-3.3'],
    [-0.0001, null, '-0.0001'],
    [0, 2, '0.00'],
    [0.0042, 1, '0.0042'],
    [1 / 3, null, '0.3333'],
    [12345.678, null, '12,346'],
    [Number.NaN, null, 'not a number'],
  ])('writes %p with %p decimals as %p', (value, decimals, text) => {
    expect(formatNumber(value, { decimals, unit: null })).toBe(text);
  });

  it('keeps five significant digits of averages and never cuts whole digits', () => {
    const average = { decimals: 3, unit: null, rounded: true };
    expect([8206.113, 22447.172, 61.454, 1234567.8].map((value) => formatNumber(value, average))).toEqual([
      '8,206.1',
      '22,447',
      '61.454',
      '1,234,568',
    ]);
  });

  it('never writes a value other than 0 as 0', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.integer({ min: 0, max: 4 }),
        (value, decimals) => {
          fc.pre(Math.abs(value) > 1e-9);
          expect(Number(formatNumber(value, { decimals, unit: null }).replaceAll(',', ''))).not.toBe(0);
        },
      ),
    );
  });
});

it('puts units where people write them', () => {
  expect(formatQuantity(12.3, { decimals: 1, unit: '%' })).toBe('12.3 %');
  expect(formatQuantity(-1200, { decimals: 0, unit: '$' })).toBe('-$1,200');
  expect(formatQuantity(34, { decimals: 0, unit: 'years' })).toBe('34 years');
  expect(formatQuantity(2.5, literalStyle(2.5))).toBe('2.5');
});

describe('numbersIn', () => {
  it('reads separators, decimals and signs, and leaves digits of words alone', () => {
    expect(numbersIn('From -3.5 to 1,234,567 in Q1 of 2024 (CO2, 4th, R² 0.95)').map(({ value }) => value)).toEqual([
      -3.5, 1234567, 2024, 0.95,
    ]);
  });

  it.each<[string, number[]]>([
    ['$1.2M, 3 billion and 40k', [1_200_000, 3_000_000_000, 40_000]],
    ['51,9 Punkte, 1,234 rows, −7', [51.9, 1234, -7]],
    ['2015,2016 and 1.5.', [2015, 2016, 1.5]],
    ['5M2 and 12th', []],
  ])('reads scales, decimal commas and tight lists: %s', (text, values) => {
    expect(numbersIn(text).map(({ value }) => value)).toEqual(values);
  });

  it('tells percentages from percentage points', () => {
    const marks = numbersIn('3 %, 4 percent, 5 per cent, 6 percentage points, 7 % points, 8 points');
    expect(marks.map(({ percent }) => percent)).toEqual([true, true, true, false, false, false]);
  });

  it('reads a range without a sign', () => {
    expect(numbersIn('2015–2020').map(({ value }) => value)).toEqual([2015, 2020]);
  });
});
