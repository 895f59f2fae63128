import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { Problem } from '../../src/common/problem.js';
import type { Scalar } from '../../src/common/scalar.js';
import type { DatasetProfile } from '../../src/datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../src/datasets/query/analytical-query.js';
import { compile } from '../../src/datasets/query/compile.js';
import { anyProfile, anyQuery, columnOf, profileOf } from '../support/any-query.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  await pool.query(
    'CREATE TABLE odd (row_number bigint PRIMARY KEY, c1 bigint, c2 float8, c3 text, c4 text, c5 boolean, c6 date, c7 timestamp)',
  );
  await pool.query(`INSERT INTO odd SELECT i, i % 7 - 3, i / 3.0, CASE WHEN i % 4 > 0 THEN 'v' || i % 5 END, chr(32 + i), i % 2 = 0,
    date '2023-01-01' + i * 11, timestamp '2024-02-28 22:00' + i * interval '7 hours' FROM generate_series(1, 60) AS i`);
  await pool.query('INSERT INTO odd (row_number) VALUES (61)');
  await pool.query(
    'CREATE TABLE shop (row_number bigint PRIMARY KEY, c1 text, c2 text, c3 date, c4 bigint, c5 float8, c6 timestamp)',
  );
  for (const [i, row] of SHOP.entries())
    await pool.query('INSERT INTO shop VALUES ($1, $2, $3, $4, $5, $6, $7)', [i + 1, ...row]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

type Query = Omit<AnalyticalQuery, 'datasetId'>;
async function run(
  query: Query,
  profile: DatasetProfile,
  table: string,
): Promise<{ rows: Scalar[][]; matchedRows: number | null }> {
  const { text, values, decode } = compile(query, profile, table);
  const { rows } = await pool.query<Scalar[]>({ text, values: [...values], rowMode: 'array' });
  return decode(rows);
}

it('every query that compiles is one that PostgreSQL understands', async () => {
  const anything = anyProfile.chain((profile) =>
    fc.record({ profile: fc.constant(profile), query: anyQuery(profile) }),
  );
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(anything, async ({ profile, query }) => {
      try {
        await run(query, profile, 'odd');
        ran++;
      } catch (error) {
        // A value outside the range of its type (class 22) is the query's own affair; anything else is ours.
        const { code } = error as { code?: string };
        if (!(error instanceof Problem) && code?.startsWith('22') !== true) throw error;
      }
    }),
    { numRuns: 400 },
  );
  expect(ran).toBeGreaterThan(200);
}, 120_000);

const SHOP: [string | null, string, string | null, number | null, number | null, string][] = [
  ['North', 'Lamp', '2024-01-15', 3, 10.1, '2024-01-15T09:30:00'],
  ['North', 'Chair', '2024-01-16', 1, 20.2, '2024-01-15T10:30:00'],
  ['South', 'lamp', '2024-02-10', 5, 0.3, '2024-01-16T09:00:00.250'],
  ['South', 'Table', '2024-04-01', 3, null, '2024-01-17T23:59:59'],
  [null, 'Table', null, null, 5.5, '2024-01-18T00:00:00'],
  ['East', 'Chair', '2025-01-31', 8, 7, '2024-01-21T12:00:00'],
];
const PROFILE = profileOf([
  columnOf('region', 'text', { values: ['North', 'South', 'East'] }),
  columnOf('product', 'text', { values: ['Lamp', 'Chair', 'lamp', 'Table'] }),
  columnOf('day', 'date'),
  columnOf('units', 'integer'),
  columnOf('price', 'number', { decimals: 1 }),
  columnOf('seen', 'datetime'),
]);
const ask = async (query: Query): Promise<Scalar[][]> => (await run(query, PROFILE, 'shop')).rows;
const region: Expression = { column: 'region' };
const product: Expression = { column: 'product' };
const sum = (column: string): Expression => ({ aggregate: 'sum', of: { column } });
const count: Expression = { aggregate: 'count', of: null };
const products = async (where: Condition): Promise<Scalar[]> =>
  (await ask({ select: [{ value: { column: '#row' } }], where })).flat();

describe('a query means what it says', () => {
  it('groups, aggregates, and rows that were missing', async () => {
    const { rows, matchedRows } = await run(
      {
        select: [
          region,
          count,
          sum('units'),
          sum('price'),
          { aggregate: 'avg', of: { column: 'units' } } as const,
          { aggregate: 'median', of: { column: 'units' } } as const,
        ].map((value) => ({ value })),
        groupBy: [region],
      },
      PROFILE,
      'shop',
    );
    expect(rows).toEqual([
      ['East', 1, 8, 7, 8, 8],
      ['North', 2, 4, 30.3, 2, 2],
      ['South', 2, 8, 0.3, 4, 4],
      [null, 1, null, 5.5, null, null],
    ]);
    expect(matchedRows).toBe(6);
  });

  it('having drops groups, but not from the count of what was looked at', async () => {
    const query = {
      select: [{ value: region }],
      groupBy: [region],
      having: { compare: '>', left: count, right: { literal: 1 } },
    } as const;
    expect(await run(query, PROFILE, 'shop')).toMatchObject({ rows: [['North'], ['South']], matchedRows: 6 });
  });

  it('ties with the last one, and distinct rows', async () => {
    const best = {
      select: [{ value: region }, { value: sum('units') }],
      groupBy: [region],
      orderBy: [{ by: sum('units'), direction: 'desc' as const }],
      limit: 1,
    };
    expect(await ask(best)).toEqual([['East', 8]]);
    expect(await ask({ ...best, withTies: true })).toEqual([
      ['East', 8],
      ['South', 8],
    ]);
    expect(
      await ask({
        select: [{ value: { column: 'units' } }],
        distinct: true,
        orderBy: [{ by: { column: 'units' }, direction: 'desc' }],
      }),
    ).toEqual([[8], [5], [3], [1], [null]]);
    expect(await ask({ select: [{ value: region }], distinct: true })).toEqual([
      ['North'],
      ['South'],
      [null],
      ['East'],
    ]);
    expect(
      await ask({
        select: [{ value: region }],
        distinct: true,
        orderBy: [{ by: { column: 'price' }, direction: 'desc' }],
        limit: 2,
      }),
    ).toEqual([['North'], ['East']]);
  });

  it('windows over the groups', async () => {
    const of = sum('units');
    const orderBy: Expression = { column: 'day', grain: 'month' };
    const select = [
      orderBy,
      of,
      { window: 'share', of } as const,
      { window: 'change', of, orderBy } as const,
      { window: 'percent_change', of, orderBy } as const,
      { window: 'running', of, orderBy } as const,
      { window: 'rank', of } as const,
    ];
    expect(
      await ask({
        select: select.map((value) => ({ value })),
        groupBy: [orderBy],
        where: { missing: false, left: { column: 'day' } },
      }),
    ).toEqual([
      ['2024-01', 4, 20, null, null, 4, 3],
      ['2024-02', 5, 25, 1, 25, 9, 2],
      ['2024-04', 3, 15, -2, -40, 12, 4],
      ['2025-01', 8, 40, 5, 166.666666666667, 20, 1],
    ]);
  });

  it('grains of time and bins', async () => {
    const at = async (value: Expression): Promise<Scalar[]> => (await ask({ select: [{ value }], limit: 3 })).flat();
    expect(await at({ column: 'day', grain: 'quarter' })).toEqual(['2024-Q1', '2024-Q1', '2024-Q1']);
    expect(await at({ column: 'day', grain: 'week' })).toEqual(['2024-01-15', '2024-01-15', '2024-02-05']);
    expect(await at({ column: 'day', grain: 'year' })).toEqual([2024, 2024, 2024]);
    expect(await at({ column: 'day', grain: 'day_of_month' })).toEqual([15, 16, 10]);
    expect(await at({ column: 'seen', grain: 'hour_of_day' })).toEqual([9, 10, 9]);
    expect(await at({ column: 'seen', grain: 'hour' })).toEqual([
      '2024-01-15T09:00:00',
      '2024-01-15T10:00:00',
      '2024-01-16T09:00:00',
    ]);
    expect(await at({ column: 'seen' })).toEqual([
      '2024-01-15T09:30:00',
      '2024-01-15T10:30:00',
      '2024-01-16T09:00:00.250',
    ]);
    expect(await at({ column: 'price', bin: 0.1 })).toEqual([10.1, 20.2, 0.3]);
    const weekday: Expression = { column: 'seen', grain: 'weekday' };
    expect(await ask({ select: [{ value: weekday }, { value: count }], groupBy: [weekday] })).toEqual([
      ['Mon', 2],
      ['Tue', 1],
      ['Wed', 1],
      ['Thu', 1],
      ['Sun', 1],
    ]);
  });

  it('conditions', async () => {
    const literal = (value: Scalar): Expression => ({ literal: value });
    expect(await products({ compare: '=', left: product, right: literal('LAMP') })).toEqual([1, 3]);
    expect(await products({ compare: '!=', left: region, right: literal('north') })).toEqual([3, 4, 6]);
    expect(await products({ in: ['south', null], left: region })).toEqual([3, 4, 5]);
    expect(await products({ in: ['south', null], left: region, negated: true })).toEqual([1, 2, 6]);
    expect(await products({ compare: '=', left: { column: 'day' }, right: literal(2024) })).toEqual([1, 2, 3, 4]);
    expect(await products({ between: ['2024-01', '2024-02'], left: { column: 'day' } })).toEqual([1, 2, 3]);
    expect(await products({ compare: '=', left: { column: 'seen' }, right: literal('2024-01-17') })).toEqual([4]);
    expect(await products({ text: 'contains', left: product, value: 'ÁM' })).toEqual([1, 3]);
    expect(await products({ missing: true, left: { column: 'units' } })).toEqual([5]);
    expect(
      await products({
        compare: '>',
        left: { column: 'units' },
        right: { scalar: { aggregate: 'avg', of: { column: 'units' } } },
      }),
    ).toEqual([3, 6]);
    const busy = {
      select: region,
      groupBy: [region],
      having: { compare: '>', left: sum('units'), right: literal(4) },
    } as const;
    expect(await products({ inQuery: busy, left: region })).toEqual([3, 4, 6]);
    expect(await products({ inQuery: busy, left: region, negated: true })).toEqual([1, 2]);
    const after: Expression = {
      op: '+',
      left: {
        scalar: {
          aggregate: 'min',
          of: { column: '#row' },
          where: { compare: '=', left: product, right: literal('chair') },
        },
      },
      right: literal(1),
    };
    expect(await products({ compare: '=', left: { column: '#row' }, right: after })).toEqual([3]);
  });

  it('arithmetic, a division by nothing, and values that stand alone', async () => {
    const cell = (row: number): Expression => ({
      scalar: {
        aggregate: 'max',
        of: { column: 'units' },
        where: { compare: '=', left: { column: '#row' }, right: { literal: row } },
      },
    });
    const select = [
      { op: '-', left: cell(6), right: cell(3) },
      { op: 'percent_change', left: cell(6), right: cell(3) },
      { op: '/', left: cell(6), right: { op: '-', left: cell(1), right: cell(4) } },
      { op: 'abs_difference', left: cell(3), right: cell(6) },
      { op: '*', left: { literal: 0.1 }, right: { literal: 3 } },
    ] as const;
    expect(await ask({ select: select.map((value) => ({ value })) })).toEqual([[3, 60, null, 3, 0.3]]);
  });

  it('numbers and years inside texts', async () => {
    const texts = [
      '1,450 tonnes',
      '6th',
      'W 28–27',
      'down -3.5',
      'none',
      'A-7',
      'since 1998, again 2004',
      '12345 and 2010',
      '−4',
    ];
    await pool.query('CREATE TABLE texts (row_number bigint PRIMARY KEY, c1 text)');
    for (const [i, text] of texts.entries()) await pool.query('INSERT INTO texts VALUES ($1, $2)', [i + 1, text]);
    const from: Expression = { column: 't' };
    const query: Query = { select: [{ value: { read: 'number', from } }, { value: { read: 'year', from } }] };
    expect((await run(query, profileOf([columnOf('t', 'text')]), 'texts')).rows).toEqual([
      [1450, null],
      [6, null],
      [28, null],
      [-3.5, null],
      [null, null],
      [7, null],
      [1998, 1998],
      [12345, 2010],
      [-4, null],
    ]);
  });
});
