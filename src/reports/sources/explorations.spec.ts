import { expect, it } from '@jest/globals';
import { aTable } from '../../../test/support/turn.js';
import type { ColumnProfile } from '../../datasets/profile.js';
import { beforeUnfinished, explorationsOf, outlineOf, periodOf } from './explorations.js';

const day = (min: string, max: string, distinct: number): ColumnProfile => {
  const { profile } = aTable({ day: { type: 'date', role: 'temporal', distinct } }, [[min], [max]]);
  return profile.columns[0] as ColumnProfile;
};

it('takes the grain that gives a few dozen points at most', () => {
  expect(periodOf(day('2000-01-01', '2024-12-31', 9000))).toEqual({ column: 'day', grain: 'year' });
  expect(periodOf(day('2023-01-01', '2024-12-31', 700))).toEqual({ column: 'day', grain: 'month' });
  expect(periodOf(day('2024-12-01', '2024-12-31', 31))).toEqual({ column: 'day', grain: 'day' });
});

it('leaves out a last period that is not over', () => {
  const before = (literal: string): object => ({ compare: '<', left: { column: 'day' }, right: { literal } });
  expect(beforeUnfinished(day('2023-01-01', '2024-06-18', 500))).toEqual(before('2024-06-01'));
  expect(beforeUnfinished(day('2010-01-01', '2024-06-18', 5000))).toEqual(before('2024-01-01'));
  expect(beforeUnfinished(day('2023-01-01', '2024-06-28', 500))).toBeNull();
  // One date for each month says nothing about how much of it there is.
  expect(beforeUnfinished(day('2023-01-01', '2024-06-01', 18))).toBeNull();
});

it('asks nothing of a table that has nothing to ask', () => {
  expect(explorationsOf(aTable({ name: { type: 'text', role: 'identifier' } }, [['a'], ['b']]).profile)).toEqual([]);
});

it('leads with what the owner defined, then what was corrected, then money, and asks by related columns, too', () => {
  const { profile } = aTable(
    {
      weight: { type: 'number', role: 'measure' },
      fee: { type: 'number', role: 'measure', unit: 'EUR' },
      height: { type: 'number', role: 'measure', edited: ['unit'] },
      margin: {
        type: 'number',
        role: 'measure',
        computed: { formula: 'sum(fee) / sum(weight)', expression: { literal: 1 }, level: 'group' },
      },
      broken: {
        type: 'number',
        role: 'measure',
        computed: { formula: 'x', expression: { literal: 1 }, level: 'row', problem: 'There is no x.' },
      },
    },
    [
      [1, 2, 3, 4, 5],
      [2, 3, 4, 5, 6],
    ],
  );
  const { profile: other } = aTable({ 'ports.country': { type: 'text', role: 'dimension' } }, [['a'], ['b']]);
  const whole = { ...profile, related: other.columns };
  expect(outlineOf(whole).measures.map(({ name }) => name)).toEqual(['margin', 'height', 'fee']);
  const [first, ...more] = explorationsOf(whole);
  expect(first).toMatchObject({
    intent: 'aggregate',
    query: {
      groupBy: [{ column: 'ports.country' }],
      select: [{ value: { column: 'ports.country' } }, { value: { of: { column: 'margin' } } }],
    },
  });
  // A ratio of sums has no values of single rows to be spread or correlated.
  expect(JSON.stringify(more)).not.toContain('margin');
});
