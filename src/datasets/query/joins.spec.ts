import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../../common/problem.js';
import { anyQuery, columnOf, profileOf } from '../../../test/support/any-query.js';
import type { DatasetProfile, JoinedDataset } from '../profile.js';
import { relatedColumns } from '../relations/related-columns.js';
import type { AnalyticalQuery } from './analytical-query.js';
import { compile } from './compile.js';
import { joinsIn } from './joins.js';

const TABLE = 'dataset_rows."d_0"';
const named = (id: string, profile: DatasetProfile): DatasetProfile => ({ ...profile, id, title: id });
const customers = named(
  'Customers',
  profileOf([columnOf('id', 'integer'), columnOf('segment', 'text', { values: ['A', 'B'] }), columnOf('land', 'text')]),
);
const lands = named('Lands', profileOf([columnOf('code', 'text'), columnOf('area', 'number')]));
const orders = named(
  'Orders',
  profileOf([
    columnOf('customer_id', 'integer'),
    columnOf('revenue', 'number'),
    columnOf('segment', 'text'),
    columnOf('day', 'date'),
    columnOf('seen', 'datetime'),
    columnOf('paid', 'boolean'),
  ]),
);
const joined: JoinedDataset[] = [
  { name: 'customers', relationId: '1', profile: customers, left: 'customer_id', right: 'id', without: 2 },
  { name: 'customers.lands', relationId: '2', profile: lands, left: 'customers.land', right: 'code', without: 0 },
];
const profile: DatasetProfile = { ...orders, joined, related: relatedColumns(orders, joined) };

type Query = Omit<AnalyticalQuery, 'datasetId'>;
const sqlOf = (query: Query): string => compile(query, profile, TABLE).text;
const compiledOrNull = (query: Query): string | null => {
  try {
    return sqlOf(query);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
};
const REVENUE = { aggregate: 'sum', of: { column: 'revenue' } } as const;

describe('a statement over related data sets', () => {
  it('joins what it speaks of, once, with what leads there, and nothing else', () => {
    expect(sqlOf({ select: [{ value: REVENUE }] })).not.toContain('JOIN');
    const by = { column: 'customers.segment' };
    const one = compile({ select: [{ value: by }, { value: REVENUE }], groupBy: [by] }, profile, TABLE);
    expect(one.text).toContain(
      'FROM dataset_rows."d_0" LEFT JOIN (SELECT c1 AS j1_c1, c2 AS j1_c2 FROM dataset_rows."d_customers") AS j1 ON c1 = j1_c1 GROUP BY j1_c2',
    );
    expect(one.joins.map(({ name }) => name)).toEqual(['customers']);
    const area = compile({ select: [{ value: { column: 'customers.lands.area' } }] }, profile, TABLE);
    expect(area.joins.map(({ name }) => name)).toEqual(['customers', 'customers.lands']);
    expect(area.text).toContain('ON c1 = j1_c1 LEFT JOIN');
    expect(area.text).toContain('ON j1_c3 = j2_c1');
  });

  it('joins in the inner statement what only that one speaks of', () => {
    const where = { compare: '=', left: { column: 'customers.segment' }, right: { literal: 'A' } } as const;
    const scalar = { scalar: { aggregate: 'avg', of: { column: 'revenue' }, where } } as const;
    const text = sqlOf({
      select: [{ value: { column: 'revenue' } }],
      where: { compare: '>', left: { column: 'revenue' }, right: scalar },
    });
    expect(text.split('LEFT JOIN')).toHaveLength(2);
    expect(text).toMatch(
      /FROM dataset_rows\."d_0" WHERE c2 > \(SELECT avg\(c2\)::float8 FROM dataset_rows\."d_0" LEFT JOIN/,
    );
  });

  it('has its own column where a name is both', () => {
    expect(sqlOf({ select: [{ value: { column: 'segment' } }] })).toContain('SELECT c3 AS o1');
    expect(() => sqlOf({ select: [{ value: { column: 'customers.revenue' } }] })).toThrow('There is no column');
  });

  it('never has more rows than the data set: every join is one to at most one', () => {
    let compiled = 0;
    fc.assert(
      fc.property(anyQuery({ ...profile, columns: [...profile.columns, ...(profile.related ?? [])] }), (query) => {
        const text = compiledOrNull(query);
        if (text === null) return;
        compiled++;
        const joins = text.match(/LEFT JOIN/g)?.length ?? 0;
        expect(text.match(/ ON (?:c1 = j1_c1|j1_c3 = j2_c1)/g)?.length ?? 0).toBe(joins);
        expect(/\bJOIN\b/.test(text.replaceAll('LEFT JOIN', ''))).toBe(false);
      }),
    );
    expect(compiled).toBeGreaterThan(10);
  });
});

describe('what a query joins', () => {
  it('is told by the names in it, inner queries included', () => {
    const names = (query: object): string[] => joinsIn(query, profile).map(({ name }) => name);
    expect(names({ column: 'segment' })).toEqual([]);
    expect(names({ left: { column: 'customers.land' } })).toEqual(['customers']);
    expect(names({ inQuery: { select: { column: 'customers.lands.area' } } })).toEqual([
      'customers',
      'customers.lands',
    ]);
  });
});

describe('related columns', () => {
  it('are called so that they can be told from the data set’s own', () => {
    const labels = new Map(profile.related?.map(({ name, label }) => [name, label]));
    expect(labels.get('customers.id')).toBe('Customer id');
    expect(labels.get('customers.segment')).toBe('Customer segment');
    expect(labels.get('customers.lands.area')).toBe('Area');
  });

  it('may be missing where there is no partner', () => {
    expect(profile.related?.find(({ name }) => name === 'customers.segment')?.nulls).toBe(2);
  });
});
