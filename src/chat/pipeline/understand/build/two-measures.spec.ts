import { describe, expect, it } from '@jest/globals';
import { Talk } from '../../../../../test/support/talk.js';
import { aTable } from '../../../../../test/support/turn.js';

const money = { type: 'number', role: 'measure', defaultAggregate: 'sum', unit: '€' } as const;
const table = aTable(
  { product: { type: 'text', role: 'dimension' }, revenue: money, costs: { ...money, defaultAggregate: 'avg' } },
  [
    ['Desk', 900, 300],
    ['Desk', 700, 100],
    ['Lamp', 400, 360],
    ['Lamp', 100, 40],
  ],
  { title: 'Sales', name: 'sales' },
);

describe('two measures set against each other', () => {
  it.each([
    [
      'difference between revenue and costs by product',
      [
        ['Desk', 1200, 1600, 400],
        ['Lamp', 100, 500, 400],
      ],
    ],
    [
      'revenue minus costs by product',
      [
        ['Desk', 1200, 1600, 400],
        ['Lamp', 100, 500, 400],
      ],
    ],
    ['revenue minus costs', [[1300, 2100, 800]]],
    ['ratio of costs to revenue', [[800 / 2100, 800, 2100]]],
    [
      'ratio of costs to revenue by product',
      [
        ['Lamp', 0.8, 400, 500],
        ['Desk', 0.25, 400, 1600],
      ],
    ],
    ['which product has the largest difference between revenue and costs?', [['Desk', 1200, 1600, 400]]],
  ])('%s', async (question, rows) => {
    expect(await new Talk(table).rows(question)).toEqual(rows);
  });
});
