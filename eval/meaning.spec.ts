import { describe, expect, it } from '@jest/globals';
import type { ResultSet } from '../src/datasets/query/result-set.js';
import { chartOf, columnsOf, filtersOf } from './meaning.js';

const column = (name: string) => ({ column: name });

describe('what a query means in flat terms', () => {
  it('flattens what can be said as filters that all hold', () => {
    expect(
      filtersOf({
        and: [
          { compare: '>=', left: column('age'), right: { literal: 3 } },
          { or: ['x', 'y'].map((value) => ({ text: 'equals' as const, left: column('kind'), value })) },
          { in: ['p', 'q'], left: column('place'), negated: true },
          { not: { compare: '<', left: column('size'), right: { literal: 2 } } },
          { between: [1, 5], left: column('rank') },
          { missing: false, left: column('rank') },
        ],
      }),
    ).toEqual([
      { column: 'age', op: '>=', value: 3 },
      { column: 'kind', op: 'in', value: ['x', 'y'] },
      { column: 'place', op: '!=', value: 'p' },
      { column: 'place', op: '!=', value: 'q' },
      { column: 'size', op: '>=', value: 2 },
      { column: 'rank', op: 'between', value: [1, 5] },
    ]);
  });

  it('leaves out an alternative over two columns rather than say something else', () => {
    const either = ['a', 'b'].map((name) => ({ compare: '=' as const, left: column(name), right: { literal: 1 } }));
    expect(filtersOf({ or: either })).toEqual([]);
  });

  it('names the columns under an aggregate, a window and a filter', () => {
    const average = { aggregate: 'avg' as const, of: column('score') };
    const query = {
      datasetId: 'd',
      select: [{ value: column('region') }, { value: { window: 'share' as const, of: average } }],
      where: { compare: '=' as const, left: column('year'), right: { literal: 2024 } },
      groupBy: [column('region')],
    };
    expect(columnsOf(query)).toEqual(['region', 'score', 'year']);
  });

  it('reads the channels of a picture back to the table', () => {
    const names = ['region', 'mean.score'];
    const result: ResultSet = {
      datasetId: 'd',
      datasetVersion: 1,
      query: {
        datasetId: 'd',
        select: [{ value: column('region') }, { value: { aggregate: 'avg', of: column('score') } }],
      },
      columns: names.map((name) => ({ name, label: name, type: 'text', unit: null, kind: 'group' })),
      rows: [],
      truncated: false,
      matchedRows: null,
      sql: '',
      parameters: [],
      ms: 0,
    };
    const spec = { mark: { type: 'bar' }, encoding: { x: { field: 'mean\\.score' }, y: { field: 'region' } } };
    expect(chartOf(spec, [result])).toEqual({
      mark: 'bar',
      x: { column: 'score', aggregate: 'mean' },
      y: { column: 'region', aggregate: null },
      color: null,
      size: null,
    });
  });
});
