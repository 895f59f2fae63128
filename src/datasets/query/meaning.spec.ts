import { expect, it } from '@jest/globals';
import type { AnalyticalQuery, Condition, Expression } from './analytical-query.js';
import { meaningOf } from './meaning.js';

const score: Expression = { aggregate: 'avg', of: { column: 'score' } };
const sector: Condition = { compare: '=', left: { column: 'sector' }, right: { literal: 'Education' } };
const year: Condition = { compare: '=', left: { column: 'year' }, right: { literal: 2024 } };
const asked = (more: Partial<AnalyticalQuery>): string =>
  meaningOf({ datasetId: 'd', select: [{ value: score }], ...more });

it('is the same whatever the order of conditions and the names of outputs', () => {
  const meaning = asked({ where: { and: [sector, year] } });
  expect(asked({ where: { and: [year, { and: [sector, year] }] }, distinct: false, limit: undefined })).toBe(meaning);
  expect(asked({ select: [{ value: score, as: 'mean' }], where: { and: [year, sector] } })).toBe(meaning);
  expect(asked({ where: { and: [{ in: ['Education'], left: { column: 'sector' } }, year] } })).toBe(meaning);
});

it('is the same however a range or a list is written', () => {
  const at = (compare: '>=' | '<=', value: number): Condition => ({
    compare,
    left: { column: 'year' },
    right: { literal: value },
  });
  expect(asked({ where: { between: [2015, 2020], left: { column: 'year' } } })).toBe(
    asked({ where: { and: [at('<=', 2020), at('>=', 2015)] } }),
  );
  const among = (...values: string[]): Condition => ({ in: values, left: { column: 'sector' } });
  expect(asked({ where: among('b', 'a', 'b') })).toBe(asked({ where: among('a', 'b') }));
});

it('is another one for other values, another data set, order, limit, or what is left out', () => {
  const all = [
    asked({}),
    asked({ where: year }),
    asked({ where: { not: year } }),
    asked({ where: { in: ['a', 'b'], left: { column: 'sector' } } }),
    asked({ where: { in: ['a', 'b'], left: { column: 'sector' }, negated: true } }),
    asked({ where: { in: ['a'], left: { column: 'sector' }, negated: true } }),
    asked({ where: { or: [year, sector] } }),
    asked({ where: { and: [year, sector] } }),
    asked({ datasetId: 'e' }),
    asked({ limit: 1 }),
    asked({ limit: 1, offset: 1 }),
    asked({ groupBy: [{ column: 'sector' }] }),
  ];
  expect(new Set(all).size).toBe(all.length);
});
