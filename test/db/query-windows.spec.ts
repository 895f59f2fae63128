import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Scalar } from '../../src/common/scalar.js';
import { Problem } from '../../src/common/problem.js';
import type { AnalyticalQuery, Expression, WindowName } from '../../src/datasets/query/analytical-query.js';
import { compile } from '../../src/datasets/query/compile.js';
import { columnOf, profileOf } from '../support/any-query.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

/** Nothing was sold in March and April 2023, nor in May 2024. One row has no date, one no number. */
const SALES: readonly (readonly [string, string | null, number | null, number])[] = [
  ['Lamp', '2023-01-10', 10, 2023],
  ['Desk', '2023-02-10', 20, 2023],
  ['Desk', '2023-05-02', 50, 2023],
  ['Lamp', '2024-01-05', 15, 2024],
  ['Lamp', '2024-01-31', 15, 2024],
  ['Desk', '2024-02-29', 10, 2024],
  ['Lamp', '2024-03-01', 40, 2024],
  ['Desk', '2024-04-11', null, 2024],
  ['Desk', '2024-06-11', 70, 2024],
  ['Lamp', null, 99, 2024],
];
const PROFILE = profileOf([
  columnOf('product', 'text', { values: ['Lamp', 'Desk'] }),
  columnOf('day', 'date'),
  columnOf('sold', 'integer'),
  columnOf('year', 'integer', { role: 'temporal' }),
]);

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  await pool.query('CREATE TABLE sales (row_number bigint PRIMARY KEY, c1 text, c2 date, c3 bigint, c4 bigint)');
  for (const [i, row] of SALES.entries())
    await pool.query('INSERT INTO sales VALUES ($1, $2, $3, $4, $5)', [i + 1, ...row]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

type Query = Omit<AnalyticalQuery, 'datasetId'>;
async function ask(query: Query): Promise<Scalar[][]> {
  const { text, values, decode } = compile(query, PROFILE, 'sales');
  const { rows } = await pool.query<Scalar[]>({ text, values: [...values], rowMode: 'array' });
  return decode(rows).rows;
}

const sold: Expression = { aggregate: 'sum', of: { column: 'sold' } };
const product: Expression = { column: 'product' };
const month: Expression = { column: 'day', grain: 'month' };
const known = { missing: false, left: { column: 'day' } } as const;

const over = (
  window: WindowName,
  more: { periods?: number; within?: readonly Expression[]; orderBy?: Expression; direction?: 'asc' | 'desc' },
): Expression => ({ window, of: sold, ...more });

async function byTime(time: Expression, value: Expression): Promise<Scalar[][]> {
  return ask({
    select: [{ value: time }, { value }],
    where: known,
    groupBy: [time],
    orderBy: [{ by: time, direction: 'asc' }],
  });
}

describe('a change against an earlier period', () => {
  it('is against that period, however many rows lie between, and none where it has no rows', async () => {
    expect(await byTime(month, over('change', { orderBy: month, periods: 12 }))).toEqual([
      ['2023-01', null],
      ['2023-02', null],
      ['2023-05', null],
      ['2024-01', 20],
      ['2024-02', -10],
      ['2024-03', null],
      ['2024-04', null],
      ['2024-06', null],
    ]);
    expect(await byTime(month, over('percent_change', { orderBy: month, periods: 1 }))).toEqual([
      ['2023-01', null],
      ['2023-02', 100],
      ['2023-05', null],
      ['2024-01', null],
      ['2024-02', -66.6666666666667],
      ['2024-03', 300],
      ['2024-04', null],
      ['2024-06', null],
    ]);
  });

  it('counts quarters and years as well, and each group for itself', async () => {
    const quarter: Expression = { column: 'day', grain: 'quarter' };
    expect(await byTime(quarter, over('change', { orderBy: quarter, periods: 4 }))).toEqual([
      ['2023-Q1', null],
      ['2023-Q2', null],
      ['2024-Q1', 50],
      ['2024-Q2', 20],
    ]);
    const year: Expression = { column: 'year' };
    const rows = await ask({
      select: [product, year, over('change', { orderBy: year, periods: 1, within: [product] })].map((value) => ({
        value,
      })),
      where: known,
      groupBy: [product, year],
    });
    expect(rows).toEqual([
      ['Desk', 2023, null],
      ['Desk', 2024, 10],
      ['Lamp', 2023, null],
      ['Lamp', 2024, 60],
    ]);
  });

  it('has none for the rows without a time', async () => {
    const rows = await ask({
      select: [{ value: month }, { value: over('change', { orderBy: month, periods: 1 }) }],
      groupBy: [month],
    });
    expect(rows.at(-1)).toEqual([null, null]);
  });

  it('needs steps of time to count', () => {
    const weekday: Expression = { column: 'day', grain: 'weekday' };
    const wrong = (value: Expression, by: Expression) => () =>
      compile({ select: [{ value }], groupBy: [by] }, PROFILE, 'sales');
    expect(wrong(over('change', { orderBy: weekday, periods: 1 }), weekday)).toThrow(Problem);
    expect(wrong(over('change', { orderBy: product, periods: 1 }), product)).toThrow(/no steps of time/);
    expect(wrong(over('share', { periods: 1 }), product)).toThrow(/has no periods/);
    expect(wrong(over('moving_average', { orderBy: month }), month)).toThrow(/over how many periods/);
  });
});

describe('a moving average', () => {
  it('is over the months up to each, and none where one of them has no value', async () => {
    expect(await byTime(month, over('moving_average', { orderBy: month, periods: 3 }))).toEqual([
      ['2023-01', null],
      ['2023-02', null],
      ['2023-05', null],
      ['2024-01', null],
      ['2024-02', null],
      ['2024-03', 26.6666666666667],
      ['2024-04', null],
      ['2024-06', null],
    ]);
  });

  it('is over the days that there are, once as many have gone by', async () => {
    const day: Expression = { column: 'day' };
    const rows = await byTime(day, over('moving_average', { orderBy: day, periods: 31 }));
    expect(rows.slice(0, 5)).toEqual([
      ['2023-01-10', null],
      ['2023-02-10', 20],
      ['2023-05-02', 50],
      ['2024-01-05', 15],
      ['2024-01-31', 15],
    ]);
  });
});

describe('rows of the result kept by a window', () => {
  const top = (n: number, direction: 'asc' | 'desc' = 'desc'): Query => ({
    select: [month, product, sold].map((value) => ({ value })),
    where: { and: [known, { compare: '=', left: { column: 'year' }, right: { literal: 2024 } }] },
    groupBy: [month, product],
    qualify: { compare: '<=', left: over('rank', { within: [product], direction }), right: { literal: n } },
    orderBy: [
      { by: product, direction: 'asc' },
      { by: sold, direction },
    ],
  });

  it('are the best of each group, and the worst', async () => {
    expect(await ask(top(1))).toEqual([
      ['2024-06', 'Desk', 70],
      ['2024-03', 'Lamp', 40],
    ]);
    expect(await ask(top(1, 'asc'))).toEqual([
      ['2024-02', 'Desk', 10],
      ['2024-01', 'Lamp', 30],
    ]);
    expect(await ask({ ...top(2), limit: 3 })).toEqual([
      ['2024-06', 'Desk', 70],
      ['2024-02', 'Desk', 10],
      ['2024-03', 'Lamp', 40],
    ]);
  });

  it('are all that share a place', async () => {
    const year: Expression = { column: 'year' };
    const count: Expression = { aggregate: 'count', of: null };
    const often = await ask({
      select: [year, month, count].map((value) => ({ value })),
      where: known,
      groupBy: [year, month],
      qualify: {
        compare: '=',
        left: { window: 'rank', of: count, within: [year] },
        right: { literal: 1 },
      },
    });
    expect(often).toEqual([
      [2023, '2023-01', 1],
      [2023, '2023-02', 1],
      [2023, '2023-05', 1],
      [2024, '2024-01', 2],
    ]);
  });

  it('are those of a stretch of time, whose changes look back beyond it', async () => {
    const change = over('change', { orderBy: month, periods: 12 });
    const rows = await ask({
      select: [month, change].map((value) => ({ value })),
      where: known,
      groupBy: [month],
      qualify: {
        and: [
          { compare: '>=', left: month, right: { literal: '2024-01' } },
          { missing: false, left: change },
        ],
      },
    });
    expect(rows).toEqual([
      ['2024-01', 20],
      ['2024-02', -10],
    ]);
  });

  it('do not go with distinct rows', () => {
    const qualify = { compare: '<=', left: { window: 'rank', of: { column: 'sold' } }, right: { literal: 1 } } as const;
    expect(() => compile({ select: [{ value: product }], distinct: true, qualify }, PROFILE, 'sales')).toThrow(
      /do not go together/,
    );
  });
});
