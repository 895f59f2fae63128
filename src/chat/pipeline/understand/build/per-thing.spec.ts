import { describe, expect, it } from '@jest/globals';
import type { Scalar } from '../../../../common/scalar.js';
import { Talk } from '../../../../../test/support/talk.js';
import { aTable } from '../../../../../test/support/turn.js';

const ROWS: readonly (readonly Scalar[])[] = [
  ['A1', '2024-01-05', 'Ann', 'East', 10],
  ['A1', '2024-01-05', 'Ann', 'East', 30],
  ['A2', '2024-01-09', 'Bob', 'East', 20],
  ['A3', '2024-02-11', 'Ann', 'West', 90],
];
const COLUMNS = {
  order_id: { type: 'text', role: 'dimension' },
  order_date: { type: 'date', role: 'temporal' },
  customer: { type: 'text', role: 'dimension' },
  region: { type: 'text', role: 'dimension' },
  revenue: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
} as const;
const { order_id: _, ...WITHOUT_ID } = COLUMNS;

/** Two lines of A1, one of each other order. */
const lines = aTable(COLUMNS, ROWS, { title: 'Sales lines', name: 'sales_lines' });
/** Each row is an order, as the title says. */
const orders = aTable(
  COLUMNS,
  ROWS.map((row, at) => [`A${String(at)}`, ...row.slice(1)]),
  { title: 'Orders', name: 'orders' },
);
/** Nothing says what a row is. */
const plain = aTable(
  WITHOUT_ID,
  ROWS.map((row) => row.slice(1)),
  { title: 'Sales', name: 'sales' },
);

describe('"per order by region" says what one order has, in each region', () => {
  it.each([
    [orders, 'average revenue per order by region', ['East', 20], ['West', 90]],
    [orders, 'revenue per order by region', ['East', 20], ['West', 90]],
    [orders, 'total revenue per order by month', ['2024-01', 20], ['2024-02', 90]],
    [lines, 'average revenue per order by region', ['East', 30], ['West', 90]],
    [lines, 'total per order by month', ['2024-01', 30], ['2024-02', 90]],
    [lines, 'average revenue per customer by region', ['East', 30], ['West', 90]],
    [plain, 'average revenue per order by region', ['East', 20], ['West', 90]],
  ])('%#: %s', async (table, question, ...rows) => {
    expect(await new Talk(table).rows(question)).toEqual(rows);
  });

  it('by one thing and another is an average of rows in each pair', async () => {
    expect(await new Talk(lines).rows('average revenue per customer and region')).toEqual([
      ['Ann', 'East', 20],
      ['Bob', 'East', 20],
      ['Ann', 'West', 90],
    ]);
  });

  it('says what was taken as an order where nothing says what a row is', async () => {
    const { text, understanding } = await new Talk(plain).ask('average revenue per order by region');
    expect(text).toContain('Revenue per order, each row of Sales taken as one.');
    expect(understanding.intent.confidence).toBeLessThan(0.8);
  });

  it('tells that a thing is not in the data', async () => {
    const { text } = await new Talk(plain).ask('average revenue per widget by region');
    expect(text).toContain('“widget” is not in the data');
  });
});

describe('orders are counted, not an order to sort in', () => {
  it.each([
    [orders, 'orders by region'],
    [orders, 'number of orders by region in descending order'],
    [plain, 'number of orders by region'],
  ])('%#: %s', async (table, question) => {
    expect(await new Talk(table).rows(question)).toEqual([
      ['East', 3],
      ['West', 1],
    ]);
  });

  it('counts different ones where one has several rows', async () => {
    expect(await new Talk(lines).rows('orders per customer')).toEqual([
      ['Ann', 2],
      ['Bob', 1],
    ]);
  });

  it('still sorts where sorting is asked for', async () => {
    const rows = await new Talk(orders).rows('number of orders by customer, ordered by customer descending');
    expect(rows.map(([name]) => name)).toEqual(['Bob', 'Ann']);
  });
});
