import { describe, expect, it } from '@jest/globals';
import { parseNumber } from './numbers.js';

const read = (cell: string, style: 'point' | 'comma' = 'point'): [number, string | null] | null => {
  const parsed = parseNumber(cell, style);
  return parsed === null ? null : [parsed.value, parsed.unit];
};

describe('a cell is a number', () => {
  it.each([
    ['12', 12, null],
    ['-0.50', -0.5, null],
    ['+3', 3, null],
    ['.5', 0.5, null],
    ['1,234.5', 1234.5, null],
    ['1 234', 1234, null],
    ['1\u00a0234\u202f567', 1234567, null],
    ["1'234", 1234, null],
    ['12,34,567', 1234567, null],
    ['1.5e3', 1500, null],
    ['−4', -4, null],
    ['– 4', -4, null],
    ['12%', 12, '%'],
    ['12.5 %', 12.5, '%'],
    ['$1,200', 1200, 'USD'],
    ['-$5', -5, 'USD'],
    ['$-5', -5, 'USD'],
    ['US$ 5', 5, 'USD'],
    ['1.50 €', 1.5, 'EUR'],
    ['GBP 7', 7, 'GBP'],
    ['(12.5)', -12.5, null],
    ['$ ( 32 )', -32, 'USD'],
    ['($32)', -32, 'USD'],
    ['(3) %', -3, '%'],
    ['$ -413 ( 413 )', -413, 'USD'],
    ['$1.2 million', 1_200_000, 'USD'],
    ['$1.2m', 1_200_000, 'USD'],
    ['3 billion', 3e9, null],
    ['45 km', 45, 'km'],
    ['5 m', 5, 'm'],
    ['30°C', 30, '°C'],
    ['12[1]', 12, null],
    ['1,234*', 1234, null],
    ['7†', 7, null],
  ])('%s', (cell, value, unit) => expect(read(cell)).toEqual([value, unit]));

  it('with a decimal comma', () => {
    expect(read('1.234,5', 'comma')).toEqual([1234.5, null]);
    expect(read('12,5 %', 'comma')).toEqual([12.5, '%']);
    expect(read('1 234,50 €', 'comma')).toEqual([1234.5, 'EUR']);
    expect(read('-1.000', 'comma')).toEqual([-1000, null]);
    expect(read('1.5', 'comma')).toBeNull();
  });

  it.each([
    '',
    'x',
    '5th',
    '12A',
    '3-2',
    '10:30',
    '7 p.m.',
    '1/2',
    '12 3',
    '1,23',
    '007',
    '1.2.3',
    'No. 5',
    '5 (6)',
    '2004-05',
    '50021–50025',
    'e5',
    '--5',
    '12 apples',
  ])('but %j is not', (cell) => expect(read(cell)).toBeNull());

  it('keeps the decimals that were written', () => {
    expect(['3', '3.10', '$1.25 million', '1,5'].map((cell) => parseNumber(cell, 'point')?.decimals)).toEqual([
      0,
      2,
      0,
      undefined,
    ]);
  });
});
