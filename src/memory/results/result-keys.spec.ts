import { expect, it } from '@jest/globals';
import type { AnalyticalQuery } from '../../datasets/query/analytical-query.js';
import { TermKeys } from '../../text/hashes.js';
import { entitiesOf, entityTerm, packMarks, signatureOf, termsOf, unpackMarks } from './result-keys.js';

const query: AnalyticalQuery = {
  datasetId: 'd',
  select: [{ value: { column: 'region' } }, { value: { aggregate: 'avg', of: { column: 'score' } } }],
  where: {
    and: [
      { in: ['Education', 'Healthcare'], left: { column: 'sector' } },
      { not: { compare: '=', left: { column: 'year' }, right: { literal: 2024 } } },
    ],
  },
  groupBy: [{ column: 'region' }],
};

it('names what was recognised, and what the query resolves it to', () => {
  const named = [{ kind: 'time', text: '2020', column: 'year', value: 2020 }];
  expect(entitiesOf(query, named)).toEqual([
    'year=2020',
    'region',
    'score',
    'sector',
    'sector=education',
    'sector=healthcare',
    'year',
    'year=2024',
  ]);
});

it('signs the same question of the same data set the same', () => {
  expect(signatureOf(query)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(signatureOf({ ...query, distinct: false })).toBe(signatureOf(query));
  expect(signatureOf({ ...query, datasetId: 'e' })).not.toBe(signatureOf(query));
});

it('stems the question and the names', async () => {
  const terms = await termsOf('And in 2020?', ['sector=education'], () => Promise.resolve(new Map()));
  expect(terms).toEqual(['2020', 'sector', 'educ']);
});

it('keeps marks apart by owner, and entities from terms', () => {
  const [one, two] = [new TermKeys('one'), new TermKeys('two')];
  const marks = unpackMarks(packMarks(one, [entityTerm('score'), 'score']));
  expect(marks.size).toBe(2);
  expect(marks.has(one.short('score'))).toBe(true);
  expect(marks.has(two.short('score'))).toBe(false);
});
