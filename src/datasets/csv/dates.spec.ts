import { describe, expect, it } from '@jest/globals';
import { type DateStyle, parseDate } from './dates.js';

describe('a cell is a date', () => {
  it.each<[string, DateStyle, string]>([
    ['2024-03-31', 'iso', '2024-03-31'],
    ['2024/3/1', 'iso', '2024-03-01'],
    ['2024-03-31 10:05', 'iso', '2024-03-31T10:05:00'],
    ['2024-03-31T10:05:07.25', 'iso', '2024-03-31T10:05:07.250'],
    ['2024-03-31T23:30:00-02:00', 'iso', '2024-04-01T01:30:00'],
    ['2024-03-31T10:00:00Z', 'iso', '2024-03-31T10:00:00'],
    ['31.12.2023', 'dmy', '2023-12-31'],
    ['3/4/24', 'dmy', '2024-04-03'],
    ['3/4/2024', 'mdy', '2024-03-04'],
    ['12-31-99', 'mdy', '1999-12-31'],
    ['1/2/2024 12:15 AM', 'mdy', '2024-01-02T00:15:00'],
    ['1/2/2024 1:15 pm', 'mdy', '2024-01-02T13:15:00'],
    ['5 January 2004', 'words', '2004-01-05'],
    ['January 5, 2004', 'words', '2004-01-05'],
    ['Jan. 5th 2004', 'words', '2004-01-05'],
    ['Monday, 5 Jan 2004', 'words', '2004-01-05'],
    ['5-Jan-04', 'words', '2004-01-05'],
    ['Sept 2004', 'month', '2004-09-01'],
    ['2004-09', 'month', '2004-09-01'],
  ])('%s (%s)', (cell, style, iso) => expect(parseDate(cell, style)?.iso).toBe(iso));

  it.each<[string, DateStyle]>([
    ['2023-02-29', 'iso'],
    ['2024-13-01', 'iso'],
    ['31/4/2024', 'dmy'],
    ['13/13/2024', 'mdy'],
    ['5 Foo 2004', 'words'],
    ['January 5', 'words'],
    ['1998-99', 'month'],
    ['2024', 'iso'],
    ['2024-01-01 25:00', 'iso'],
    ['1/2/2024 13:00 pm', 'mdy'],
    ['1/2-2024', 'mdy'],
  ])('but %s (%s) is not', (cell, style) => expect(parseDate(cell, style)).toBeNull());

  it('of a leap year', () => {
    expect(['2024-02-29', '2000-02-29', '1900-02-29'].map((cell) => parseDate(cell, 'iso')?.iso ?? null)).toEqual([
      '2024-02-29',
      '2000-02-29',
      null,
    ]);
  });
});
