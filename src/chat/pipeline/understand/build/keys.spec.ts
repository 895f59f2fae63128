import { describe, expect, it } from '@jest/globals';
import type { Scalar } from '../../../../common/scalar.js';
import { Talk } from '../../../../../test/support/talk.js';
import { aTable } from '../../../../../test/support/turn.js';

const PRODUCTS = ['Laptop', 'Printer', 'Monitor'];
const REGIONS = ['North', 'South'];

/** 48 orders, two a month over two years; a laptop makes the most in all, one order of printers the most by itself. */
const ROWS: readonly (readonly Scalar[])[] = Array.from({ length: 48 }, (_, at) => {
  const month = String((at % 12) + 1).padStart(2, '0');
  const product = PRODUCTS[at % 3] ?? '';
  const revenue = at === 13 ? 500 : product === 'Laptop' ? 100 + at : product === 'Printer' ? 20 + at : 10 + at;
  return [
    4001 + at,
    `${at < 24 ? '2024' : '2025'}-${month}-${at % 24 < 12 ? '03' : '17'}`,
    100 + (at % 5),
    product,
    REGIONS[at % 2] ?? '',
    (at % 4) + 1,
    revenue,
  ];
});

const total = (fits: (row: readonly Scalar[]) => boolean): number =>
  ROWS.filter(fits).reduce((sum, row) => sum + Number(row[6]), 0);

const ROLES = [
  { type: 'integer', role: 'identifier' },
  { type: 'date', role: 'temporal' },
  { type: 'integer', role: 'identifier' },
  { type: 'text', role: 'dimension' },
  { type: 'text', role: 'dimension' },
  { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
  { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
] as const;
const columns = (...names: string[]) => Object.fromEntries(ROLES.map((role, at) => [names[at] ?? '', role]));

const orders = aTable(columns('order_id', 'date', 'customer_id', 'product', 'region', 'quantity', 'revenue'), ROWS, {
  title: 'Orders',
  name: 'orders',
});
/** The same, numbered by codes. */
const coded = aTable(
  {
    ...columns('order_id', 'date', 'customer_id', 'product', 'region', 'quantity', 'revenue'),
    order_id: { type: 'text', role: 'identifier' },
  },
  ROWS.map(([id, ...row]) => [`ORD-${String(id)}`, ...row]),
  { title: 'Sales 2025', name: 'sales_2025' },
);
const german = aTable(columns('Bestellnr', 'Datum', 'Kundennr', 'Produkt', 'Region', 'Menge', 'Umsatz'), ROWS, {
  title: 'Bestellungen',
  name: 'bestellungen',
});

const byProduct = PRODUCTS.map((product) => [product, total((row) => row[3] === product)] as const).toSorted(
  ([, left], [, right]) => right - left,
);
const byMonth = [...new Set(ROWS.map((row) => String(row[1]).slice(0, 7)))]
  .map((month) => [month, total((row) => String(row[1]).startsWith(month))] as const)
  .toSorted(([, left], [, right]) => right - left);
const may = total((row) => String(row[1]).startsWith('2025-05'));

describe('rows that only a number tells apart are summed by what they have in common', () => {
  describe.each([
    ['numbers', orders],
    ['codes', coded],
  ])('orders told apart by %s', (_, table) => {
    it('adds up what a month made', async () => {
      expect(await new Talk(table).rows('What was the revenue in May 2025?')).toEqual([[may]]);
    });

    it.each(['Which product has the highest revenue?', 'Which product made the most revenue?'])(
      '%s',
      async (question) => {
        expect(await new Talk(table).rows(question)).toEqual([byProduct[0]]);
      },
    );

    it('ranks products, not orders', async () => {
      expect(await new Talk(table).rows('top 3 products by revenue')).toEqual(byProduct);
    });

    it('compares the totals', async () => {
      const rows = await new Talk(table).rows('Compare revenue of Laptop and Printer');
      expect(rows).toHaveLength(2);
      expect(rows).toEqual(expect.arrayContaining(byProduct.filter(([product]) => product !== 'Monitor')));
    });

    it('finds the best month', async () => {
      expect(await new Talk(table).rows('Which month had the highest revenue?')).toEqual([byMonth[0]]);
    });

    it('still names one order where an order is asked for', async () => {
      const text = await new Talk(table).text('which order has the highest revenue?');
      expect(text).toContain(table === coded ? 'ORD-4014' : '4014');
    });

    it('counts rows and things', async () => {
      expect(await new Talk(table).rows('How many orders in May 2025?')).toEqual([[2]]);
      expect(await new Talk(table).rows('total revenue by region')).toEqual([
        ['North', total((row) => row[4] === 'North')],
        ['South', total((row) => row[4] === 'South')],
      ]);
    });
  });

  it('lists the orders whose own number is asked for', async () => {
    const { evidence } = await new Talk(orders).ask('orders with more than 400 revenue');
    expect(evidence.primary?.rows.map(([id]) => id)).toEqual([4014]);
  });

  it.each([
    ['Wie hoch war der Umsatz im Mai 2025?', [[may]]],
    ['Welches Produkt hat den höchsten Umsatz?', [byProduct[0]]],
    ['Top 3 Produkte nach Umsatz', byProduct],
    ['Welcher Monat hatte den höchsten Umsatz?', [byMonth[0]]],
  ])('%s', async (question, rows) => {
    expect(await new Talk(german).rows(question)).toEqual(rows);
  });
});

describe('a condition on a thing that has several rows is one on all of them', () => {
  const customers = new Map<number, number>();
  for (const row of ROWS) customers.set(Number(row[2]), (customers.get(Number(row[2])) ?? 0) + Number(row[6]));
  const rich = [...customers].filter(([, revenue]) => revenue > 700).toSorted(([, left], [, right]) => right - left);
  const [selling] = byProduct.filter(([, revenue]) => revenue > 1500);

  it.each([
    [orders, 'How many customers have more than 9 orders?', [[3]]],
    [orders, 'How many customers have more than 9 rows?', [[3]]],
    [coded, 'How many customers have more than 9 orders?', [[3]]],
    [german, 'Wie viele Kunden haben mehr als 9 Bestellungen?', [[3]]],
    [german, 'Wie viele Kunden gibt es?', [[5]]],
    [german, 'Kunden mit mehr als 700 Umsatz', rich],
    [orders, 'customers with more than 700 revenue', rich],
    [orders, 'customers with revenue above 700', rich],
    [orders, 'How many customers have more than 700 revenue?', [[rich.length]]],
    [orders, 'products with more than 1500 revenue', [selling]],
  ])('%#', async (table, question, rows) => {
    expect(await new Talk(table).rows(question)).toEqual(rows);
  });

  it('leaves the conditions beside it to the rows', async () => {
    const of2024 = ROWS.filter((row) => String(row[1]).startsWith('2024'));
    const counts = [100, 101, 102, 103, 104].map((id) => of2024.filter((row) => row[2] === id).length);
    expect(await new Talk(orders).rows('how many customers have more than 4 orders in 2024?')).toEqual([
      [counts.filter((count) => count > 4).length],
    ]);
  });
});

describe('rows that a name tells apart are things', () => {
  const employees = aTable(
    {
      id: { type: 'integer', role: 'identifier' },
      name: { type: 'text', role: 'dimension' },
      hired: { type: 'date', role: 'temporal' },
      department: { type: 'text', role: 'dimension' },
      pay: { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
    },
    ['Ann', 'Bob', 'Cid', 'Dan', 'Eve', 'Flo'].map((name, at) => [
      at + 1,
      name,
      `202${String(at % 3)}-01-0${String(at + 1)}`,
      at % 2 === 0 ? 'Sales' : 'Research',
      100 + at,
    ]),
    { title: 'Employees', name: 'employees' },
  );

  it('ranks them one by one', async () => {
    expect(await new Talk(employees).rows('Who has the highest pay?')).toEqual([['Flo']]);
  });
});
