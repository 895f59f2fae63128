import { describe, expect, it } from '@jest/globals';
import { aTable } from '../../../../test/support/turn.js';
import type { Condition, Expression } from '../../../datasets/query/analytical-query.js';
import { expressionWords, filterPhrase, filterTitle } from './expressions.js';

const { profile } = aTable(
  {
    sector: { type: 'text', role: 'dimension' },
    region: { type: 'text', role: 'dimension' },
    year: { type: 'integer', role: 'temporal' },
    opened: { type: 'date', role: 'temporal', label: 'Date of opening' },
    date: { type: 'date', role: 'temporal' },
    score: { type: 'number', role: 'measure' },
    active: { type: 'boolean', role: 'dimension' },
  },
  [],
);
const column = (name: string): Expression => ({ column: name });
const compare = (
  name: string,
  sign: '=' | '!=' | '<' | '<=' | '>' | '>=',
  literal: string | number | boolean,
): Condition => ({
  compare: sign,
  left: column(name),
  right: { literal },
});

describe('expressionWords', () => {
  it.each<[Expression, string]>([
    [{ aggregate: 'avg', of: column('score') }, 'average score'],
    [{ aggregate: 'count', of: null }, 'number of rows'],
    [{ aggregate: 'count_distinct', of: column('region') }, 'number of different regions'],
    [{ aggregate: 'count', of: null, where: compare('year', '=', 2024) }, 'number of rows in 2024'],
    [{ column: 'date', grain: 'month' }, 'month'],
    [{ column: 'opened', grain: 'year' }, 'year of opening'],
    [{ column: 'year', grain: 'year' }, 'year'],
    [{ window: 'share', of: { aggregate: 'count', of: null } }, 'share of the rows'],
    [{ window: 'share', of: { aggregate: 'sum', of: column('score') } }, 'share of the total score'],
    [
      { op: '-', left: { aggregate: 'max', of: column('score') }, right: { aggregate: 'min', of: column('score') } },
      'highest score minus lowest score',
    ],
  ])('%j is "%s"', (expression, words) => {
    expect(expressionWords(expression, profile)).toBe(words);
  });
});

describe('filters', () => {
  it.each<[Condition, string, string]>([
    [
      { and: [compare('sector', '=', 'Education'), compare('year', '=', 2024)] },
      'for Education in 2024',
      'Education, 2024',
    ],
    [{ in: ['Education', 'Health'], left: column('sector') }, 'for Education and Health', 'Education and Health'],
    [{ and: [compare('year', '>=', 2015), compare('year', '<=', 2020)] }, 'from 2015 to 2020', '2015–2020'],
    [compare('year', '>=', 2015), 'since 2015', 'since 2015'],
    [{ between: [2015, 2020], left: column('year') }, 'from 2015 to 2020', '2015–2020'],
    [compare('date', '<', '2012-03-01'), 'before 1 March 2012', 'before 1 March 2012'],
    [compare('score', '>', 50), 'where score is above 50', 'score > 50'],
    [
      { and: [compare('score', '>', 50), compare('score', '<=', 80)] },
      'where score is above 50 and score is at most 80',
      'score > 50, score ≤ 80',
    ],
    [compare('sector', '!=', 'Economy'), 'without Economy', 'without Economy'],
    [compare('active', '=', true), 'where active is yes', 'active yes'],
    [{ or: [compare('sector', '=', 'A'), compare('sector', '=', 'B')] }, 'for A or B', 'A or B'],
    [{ missing: true, left: column('region') }, 'without a region', 'without a region'],
    [
      { text: 'contains', left: column('region'), value: 'asia' },
      'region containing “asia”',
      'region containing “asia”',
    ],
    [
      { compare: '>', left: column('score'), right: { scalar: { aggregate: 'avg', of: column('score') } } },
      'where score is above the average score',
      'score is above the average score',
    ],
  ])('%j', (where, phrase, title) => {
    expect([filterPhrase(where, profile), filterTitle(where, profile)]).toEqual([phrase, title]);
  });
});
