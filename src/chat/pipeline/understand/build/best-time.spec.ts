import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoredTables } from '../../../../../test/support/stored-table.js';
import { Talk } from '../../../../../test/support/talk.js';
import { aTable } from '../../../../../test/support/turn.js';

/** Each row is an order. */
const orders = aTable(
  {
    order_id: { type: 'text', role: 'dimension' },
    order_date: { type: 'date', role: 'temporal' },
    product: { type: 'text', role: 'dimension' },
    region: { type: 'text', role: 'dimension' },
    gift: { type: 'boolean', role: 'dimension' },
    revenue: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
    cost: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
  },
  [
    ['A1', '2023-01-05', 'Lamp', 'East', true, 50, 30],
    ['A2', '2023-01-09', 'Lamp', 'East', true, 50, 30],
    ['A3', '2023-02-02', 'Desk', 'East', false, 90, 40],
    ['A4', '2024-02-11', 'Desk', 'West', false, 80, 40],
    ['A5', '2024-02-12', 'Lamp', 'West', true, 20, 10],
    ['A6', '2024-02-20', 'Lamp', 'West', false, 20, 10],
  ],
  { title: 'Orders', name: 'orders' },
);

let stored: StoredTables;
let talk: Talk;
let again: Talk;
beforeAll(async () => {
  stored = await StoredTables.open();
  const port = await stored.store('orders', orders);
  talk = new Talk(orders, port);
  again = new Talk(orders, port);
});
afterAll(() => stored.close());

describe('where each row is a thing with a time', () => {
  it.each([
    ['which month had the highest revenue in 2023?', [['2023-01', 100]]],
    ['which year has the most orders?', [[2023]]],
    ['which product has the highest revenue?', [['Desk', 170]]],
    [
      'which product in each region has the highest revenue?',
      [
        ['East', 'Lamp', 100],
        ['West', 'Desk', 80],
      ],
    ],
    [
      'revenue in 2023 compared to 2024',
      [
        [2023, 190],
        [2024, 120],
      ],
    ],
    [
      'revenue minus cost by product',
      [
        ['Desk', 90, 170, 80],
        ['Lamp', 60, 140, 80],
      ],
    ],
    ['which products have more than 2 gift orders?', [['Lamp']]],
    ['how many products have more than 2 orders?', [[1]]],
  ])('%s', async (question, rows) => {
    const sorted = (await talk.rows(question)).toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1));
    expect(sorted).toEqual(rows);
  });

  it('compares years of dates as years', async () => {
    await again.ask('What was our total revenue in 2024?');
    expect(await again.rows('how does that compare to 2023?')).toEqual([
      [2023, 190],
      [2024, 120],
    ]);
  });

  it('says which number is taken where none is named', async () => {
    expect(await new Talk(orders).text('what is the average by region?')).toContain('Revenue is taken');
  });
});
