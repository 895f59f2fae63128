import { describe, expect, it } from '@jest/globals';
import { columnOf, profileOf } from '../../../../test/support/any-query.js';
import type { DatasetProfile, JoinedDataset } from '../../../datasets/profile.js';
import { relatedColumns } from '../../../datasets/relations/related-columns.js';
import { analyticalQuery, type PlainQuery, QueryFault } from './plain-query.js';

const customers: DatasetProfile = {
  ...profileOf([
    columnOf('id', 'integer', { role: 'identifier' }),
    columnOf('segment', 'text', { values: ['Enterprise', 'Small'] }),
    columnOf('credit', 'number'),
  ]),
  id: 'customers',
  title: 'Customers',
};
const orders = profileOf([columnOf('customer_id', 'integer', { role: 'identifier' }), columnOf('revenue', 'number')]);
const joined: JoinedDataset[] = [
  { name: 'customers', relationId: '1', profile: customers, left: 'customer_id', right: 'id', without: 0 },
];
const profile: DatasetProfile = { ...orders, joined, related: relatedColumns(orders, joined) };

const plain = (more: Partial<PlainQuery>): PlainQuery => ({
  answerable: true,
  intent: 'aggregate',
  datasetId: 'p',
  measures: [{ aggregate: 'sum', column: 'revenue' }],
  groupBy: [],
  filters: [],
  orderBy: null,
  limit: null,
  ...more,
});

describe('a model’s query over related data sets', () => {
  it('groups and filters by their names, spelled as in the data', () => {
    const filters: PlainQuery['filters'] = [
      { column: 'Customers.Segment', grain: null, operator: '=', values: ['ENTERPRISE'] },
    ];
    const query = analyticalQuery(plain({ groupBy: [{ column: 'customers.segment', grain: null }], filters }), [
      profile,
    ]);
    expect(query.groupBy).toEqual([{ column: 'customers.segment' }]);
    expect(query.where).toEqual({
      compare: '=',
      left: { column: 'customers.segment' },
      right: { literal: 'Enterprise' },
    });
  });

  it('takes none of their numbers together, which would count them several times', () => {
    const measures: PlainQuery['measures'] = [{ aggregate: 'sum', column: 'customers.credit' }];
    expect(() => analyticalQuery(plain({ measures }), [profile])).toThrow(QueryFault);
  });
});
