import { describe, expect, it } from '@jest/globals';
import { aTable, aTurn, portOf } from '../../../../test/support/turn.js';
import type { Scalar } from '../../../common/scalar.js';
import type { Understanding } from '../turn.js';
import { understand } from './understand.js';

const lakes = aTable(
  {
    lake: { type: 'text', role: 'dimension' },
    land: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    depth: { type: 'number', role: 'measure' },
  },
  ['Aral', 'Boden', 'Como', 'Dal', 'Erie', 'Faro', 'Garda'].flatMap((lake, at) =>
    [2020, 2021].map((year): Scalar[] => [lake, at < 4 ? 'West' : 'East', year, 10 * (at + 1) + (year - 2020)]),
  ),
  { title: 'Water' },
);
const weather = aTable(
  {
    day: { type: 'date', role: 'temporal' },
    precipitation: { type: 'number', role: 'measure', defaultAggregate: 'sum' },
    sky: { type: 'text', role: 'dimension' },
  },
  [
    ['2024-05-01', 12.5, 'rain'],
    ['2024-05-02', 0, 'sun'],
    ['2024-05-03', 3, 'rain'],
    ['2024-05-04', 40, 'snow'],
  ],
  { title: 'Station' },
);

function read(table: typeof lakes, question: string): Understanding {
  const { understanding: _, ...turn } = aTurn(table, null);
  return understand({ ...turn, question }).understanding;
}
const depth = { aggregate: 'avg', of: { column: 'depth' } };

describe('the ends of a ranking', () => {
  it('are both given where both are asked for', () => {
    const both = read(lakes, 'Which lake has the highest and lowest depth in 2021?').query;
    expect(both?.limit).toBeUndefined();
    expect(both?.orderBy).toEqual([{ by: depth, direction: 'desc' }]);
    const values = read(lakes, 'What is the highest and lowest depth?').query;
    expect(values?.select.map(({ value }) => value)).toEqual([
      { aggregate: 'max', of: { column: 'depth' } },
      { aggregate: 'min', of: { column: 'depth' } },
    ]);
  });

  it('are single days where a day is one row', async () => {
    const { query } = read(weather, 'What were the wettest and the driest day?');
    const rows = query === null ? [] : (await portOf(weather).run(query)).rows;
    expect(rows).toEqual([
      ['2024-05-04', 40],
      ['2024-05-02', 0],
    ]);
  });

  it('are several for a plural, and it is said that their number was not', () => {
    const { query, reading, expects } = read(lakes, 'Which lakes have the lowest depth in 2020?');
    expect(query?.limit).toBe(5);
    expect(expects).toBe('values');
    expect(reading).toBe('How many was not said: the first 5.');
    expect(read(lakes, 'Which lake has the lowest depth in 2020?').query?.limit).toBe(1);
  });

  it('are measured by the number even where some rows are called so', () => {
    const { query } = read(weather, 'Which day had the most rain?');
    expect(query?.where).toBeUndefined();
    expect(query?.orderBy?.[0]?.by).toMatchObject({ of: { column: 'precipitation' } });
  });
});

describe('the place of one among all', () => {
  it('counts those ahead of it, and names how many there are', () => {
    const { query, reading } = read(lakes, 'How does Como rank by depth in 2021?');
    expect(query?.select.map(({ as }) => as)).toEqual(['rank', 'among']);
    expect(query?.select[0]?.value).toMatchObject({
      op: '+',
      left: { scalar: { aggregate: 'count_distinct', of: { column: 'lake' } } },
      right: { literal: 1 },
    });
    expect(reading).toBe('Rank 1 has the highest average depth.');
  });
});
