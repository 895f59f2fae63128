import { describe, expect, it } from '@jest/globals';
import type { ColumnProfile, DatasetProfile } from '../profile.js';
import { candidates, likeness } from './candidates.js';

const column = (name: string, more: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  label: name,
  type: 'text',
  role: 'dimension',
  unit: null,
  synonyms: [],
  higherIsBetter: null,
  defaultAggregate: 'sum',
  distinct: more.values?.length ?? 4,
  nulls: 0,
  min: null,
  max: null,
  decimals: 0,
  values: null,
  ...more,
});
const table = (name: string, rowCount: number, columns: readonly ColumnProfile[]): DatasetProfile => ({
  id: name,
  version: 1,
  name,
  title: name,
  description: null,
  source: null,
  licence: null,
  rowCount,
  columns,
});
const found = (from: DatasetProfile, to: DatasetProfile): string[] =>
  candidates(from, to).map(({ left, right }) => `${left.name} → ${right.name}`);

describe('how much names say for a relation', () => {
  const customers = new Set(['customer']);
  it.each([
    ['customer_id', 'id', 1],
    ['customerId', 'customer_id', 1],
    ['customer', 'name', 1],
    ['buyer_customer_id', 'id', 0.9],
    ['customer_id', 'name', 0.7],
    ['id', 'id', 0.3],
    ['quantity', 'id', 0],
  ])('%s and %s of customers: %d', (left, right, score) => {
    expect(likeness(left, right, customers)).toBeCloseTo(score, 5);
  });
});

describe('candidates', () => {
  const ids = { type: 'integer', role: 'identifier', min: 1, max: 4 } as const;
  const customers = table('customers', 4, [
    column('id', ids),
    column('name', { values: ['Ada', 'Ben', 'Cleo', 'Dan'] }),
    column('segment', { values: ['A', 'B'] }),
  ]);

  it('are columns that name the other table, by its key', () => {
    const orders = table('orders', 90, [column('order_id', { ...ids, distinct: 90 }), column('customer_id', ids)]);
    expect(found(orders, customers)).toEqual(['customer_id → id']);
    expect(found(customers, orders)).toEqual([]);
  });

  it('are texts whose values are there, whatever the column is called', () => {
    const calls = table('calls', 50, [column('spoken_to', { values: ['Ada', 'Ben', 'Dan'] })]);
    expect(found(calls, customers)).toEqual(['spoken_to → name']);
    const others = table('calls', 50, [column('spoken_to', { values: ['Ada', 'Eve', 'Finn'] })]);
    expect(found(others, customers)).toEqual([]);
  });

  it('are no small numbers that happen to be numbers of the other table', () => {
    const orders = table('orders', 90, [column('quantity', { ...ids, role: 'measure' })]);
    expect(found(orders, customers)).toEqual([]);
  });

  it('name rows by columns that tell them apart only', () => {
    const plans = table('plans', 50, [column('segment', { values: ['A', 'B'] })]);
    expect(found(plans, customers)).toEqual([]);
  });
});
