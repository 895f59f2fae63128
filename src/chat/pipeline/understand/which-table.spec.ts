import { describe, expect, it } from '@jest/globals';
import type { Scalar } from '../../../common/scalar.js';
import { Talk } from '../../../../test/support/talk.js';
import { aTable, type Table } from '../../../../test/support/turn.js';

const DAYS = Array.from(
  { length: 24 },
  (_, at) => `2025-${String((at % 12) + 1).padStart(2, '0')}-0${String((at % 9) + 1)}`,
);

/** Two orders a month, of four customers. */
const ROWS: readonly (readonly Scalar[])[] = DAYS.map((day, at) => [
  5001 + at,
  day,
  100 + (at % 4),
  at % 2 === 0 ? 'Lamp' : 'Desk',
  at % 3 === 0 ? 'North' : 'South',
  10 + at,
]);
const ROLES = [
  { type: 'integer', role: 'identifier' },
  { type: 'date', role: 'temporal' },
  { type: 'integer', role: 'identifier' },
  { type: 'text', role: 'dimension' },
  { type: 'text', role: 'dimension' },
  { type: 'integer', role: 'measure', defaultAggregate: 'sum' },
] as const;
const columns = (...names: string[]) => Object.fromEntries(ROLES.map((role, at) => [names[at] ?? '', role]));

const orders = aTable(columns('order_id', 'date', 'customer_id', 'product', 'area', 'revenue'), ROWS, {
  id: 'orders',
  title: 'Orders',
  name: 'orders',
});
const german = aTable(columns('Bestellnr', 'Datum', 'Kundennr', 'Produkt', 'Gebiet', 'Umsatz'), ROWS, {
  id: 'bestellungen',
  title: 'Bestellungen',
  name: 'bestellungen',
});
const RETURNS: readonly (readonly Scalar[])[] = DAYS.slice(0, 9).map((day, at) => [
  1 + at,
  day,
  5001 + at,
  at % 2 === 0 ? 'broken' : 'unwanted',
  at % 3 === 0 ? 'post' : 'shop',
  5,
]);
const returned = aTable(columns('return_id', 'date', 'order_id', 'reason', 'way', 'refund'), RETURNS, {
  id: 'returns',
  title: 'Returns',
  name: 'returns',
});
const retouren = aTable(columns('Retourennr', 'Datum', 'Bestellnr', 'Grund', 'Weg', 'Erstattung'), RETURNS, {
  id: 'retouren',
  title: 'Retouren',
  name: 'retouren',
});

/** Something else altogether. */
const other = (id: string, dimension: string, measure: string): Table =>
  aTable(
    {
      [dimension]: { type: 'text', role: 'dimension' },
      year: { type: 'integer', role: 'temporal' },
      [measure]: { type: 'number', role: 'measure' },
    },
    ['Ada', 'Bob', 'Cal'].flatMap((name, at) =>
      [2020, 2021, 2022].map((year) => [`${name} ${id}`, year, at + year / 10]),
    ),
    { id, title: `${dimension} ${measure}`, name: id },
  );
const health = other('health', 'region', 'score');
const unrelated: readonly Table[] = [
  other('a', 'species', 'height'),
  other('b', 'river', 'depth'),
  other('c', 'team', 'points'),
  other('d', 'engine', 'power'),
  health,
];

describe('the table that a question is about', () => {
  it.each([
    [orders, 'total revenue by product'],
    [german, 'total Umsatz by Produkt'],
    [german, 'Umsatz nach Produkt'],
  ])('is found behind five others (%#)', async (table, question) => {
    const { understanding, evidence } = await Talk.of(unrelated[0] ?? table, ...unrelated.slice(1), table).ask(
      question,
    );
    expect(understanding.query?.datasetId).toBe(table.profile.id);
    expect(evidence.primary?.rows).toEqual([
      ['Lamp', 252],
      ['Desk', 264],
    ]);
  });

  it.each([
    [returned, orders, 'How many orders in May 2025?'],
    [retouren, german, 'Wie viele Bestellungen im Mai 2025?'],
    [retouren, german, 'How many Bestellungen in May 2025?'],
  ])('is the one called so (%#)', async (newer, table, question) => {
    const { understanding, evidence } = await Talk.of(newer, table).ask(question);
    expect(understanding.query?.datasetId).toBe(table.profile.id);
    expect(evidence.primary?.rows).toEqual([[2]]);
  });

  it('is one that knows what is counted', async () => {
    const { understanding } = await Talk.of(health, orders).ask('How many customers are there per region?');
    expect(understanding.query?.datasetId).not.toBe('health');
  });

  it('is named where another would do as well', async () => {
    const twin = { rows: orders.rows, profile: { ...orders.profile, id: 'shop', title: 'Shop', name: 'shop' } };
    const { text, understanding } = await Talk.of(orders, twin).ask('What is the total revenue by product?');
    expect(text).toContain('This is from Orders; Shop could answer it too.');
    expect(understanding.intent.confidence).toBeLessThan(0.8);
    const named = await Talk.of(orders, twin).ask('What is the total revenue by product of the shop?');
    expect(named.understanding.query?.datasetId).toBe('shop');
    expect(named.text).not.toContain('could answer it too');
  });
});
