import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../../common/problem.js';
import { anyProfile, anyQuery, columnOf, profileOf } from '../../../test/support/any-query.js';
import type { AnalyticalQuery, Condition, Expression } from './analytical-query.js';
import { compile } from './compile.js';

const TABLE = 'dataset_rows."d_0"';

const column = columnOf;
const PROFILE = profileOf([
  column('city', 'text', { values: ['Zürich', 'ZURICH', 'Rome', 'New  York'] }),
  column('street', 'text'),
  column('people', 'integer'),
  column('area', 'number', { unit: 'km²' }),
  column('founded', 'date'),
  column('seen', 'datetime'),
  column('capital', 'boolean', { values: ['true', 'false'] }),
  column('year', 'integer', { role: 'temporal' }),
]);

type Query = Omit<AnalyticalQuery, 'datasetId'>;
const sqlOf = (query: Query): string => compile(query, PROFILE, TABLE).text;
const where = (condition: Condition): { sql: string; values: readonly unknown[] } => {
  const { text, values } = compile({ select: [{ value: { column: 'city' } }], where: condition }, PROFILE, TABLE);
  return { sql: / WHERE (.*) ORDER BY row_number/.exec(text)?.[1] ?? '', values };
};
const is = (left: Expression, value: string | number | boolean | null): { sql: string; values: readonly unknown[] } =>
  where({ compare: '=', left, right: { literal: value } });

function wrong(query: Query): { path: string; message: string } {
  try {
    compile(query, PROFILE, TABLE);
  } catch (error) {
    if (error instanceof Problem && error.code === 'query_invalid')
      return error.extra.errors?.[0] ?? { path: '?', message: '' };
    throw error;
  }
  throw new Error('it compiled');
}

describe('a literal', () => {
  it('beside text is looked up among the values, whatever its case, accents and blanks', () => {
    expect(is({ column: 'city' }, ' zurich ')).toEqual({
      sql: 'c1 IN ($1::text, $2::text)',
      values: ['Zürich', 'ZURICH'],
    });
    expect(is({ column: 'city' }, 'new york')).toEqual({ sql: 'c1 = $1::text', values: ['New  York'] });
    expect(is({ column: 'city' }, 'Paris')).toEqual({ sql: 'FALSE', values: [] });
    expect(is({ column: 'street' }, 'Via Roma')).toEqual({ sql: 'lower(c2) = lower($1::text)', values: ['Via Roma'] });
    expect(where({ text: 'starts_with', left: { column: 'city' }, value: 'zür' }).values).toEqual(['Zürich', 'ZURICH']);
    expect(where({ text: 'contains', left: { column: 'street' }, value: '50%_\\É' }).values).toEqual([
      '%50\\%\\_\\\\e%',
    ]);
  });

  it('beside a number is read as one', () => {
    expect(is({ column: 'people' }, '1,200').values).toEqual([1200]);
    expect(is({ column: 'area' }, '12.5 %').values).toEqual([12.5]);
    expect(where({ in: ['3', 4], left: { column: 'people' } })).toEqual({
      sql: '(c3 IN ($1::bigint, $2::bigint))',
      values: [3, 4],
    });
    expect(where({ between: ['2', 9.5], left: { column: 'people' } }).sql).toBe(
      '(c3 >= $1::bigint AND c3 <= $2::numeric)',
    );
  });

  it('beside a date is the stretch of time it names', () => {
    const founded = { column: 'founded' };
    expect(is(founded, 2024).values).toEqual(['2024-01-01', '2025-01-01']);
    expect(is(founded, '2024-Q4').values).toEqual(['2024-10-01', '2025-01-01']);
    expect(is(founded, 'December 2023').values).toEqual(['2023-12-01', '2024-01-01']);
    expect(is(founded, '28 Feb 2023').values).toEqual(['2023-02-28', '2023-03-01']);
    expect(where({ compare: '>', left: founded, right: { literal: 2024 } })).toEqual({
      sql: 'c5 >= $1::date',
      values: ['2025-01-01'],
    });
    expect(where({ compare: '<=', left: founded, right: { literal: '2024-03' } })).toEqual({
      sql: 'c5 < $1::date',
      values: ['2024-04-01'],
    });
    expect(where({ compare: '>', left: { literal: 2024 }, right: founded })).toEqual({
      sql: 'c5 < $1::date',
      values: ['2024-01-01'],
    });
    expect(is({ column: 'seen' }, '2024-03-01T10:00:00')).toEqual({
      sql: 'c6 = $1::timestamp',
      values: ['2024-03-01T10:00:00'],
    });
    expect(is({ column: 'founded', grain: 'month_of_year' }, 'march').values).toEqual(['Mar']);
    expect(is({ column: 'founded', grain: 'weekday' }, 7).values).toEqual(['Sun']);
  });

  it('that is nothing is a missing value', () => {
    expect(is({ column: 'city' }, null).sql).toBe('c1 IS NULL');
    expect(where({ in: [null, 'rome'], left: { column: 'city' }, negated: true }).sql).toBe(
      'NOT (c1 = $1::text OR c1 IS NULL)',
    );
  });
});

describe('a query that makes no sense', () => {
  const count: Expression = { aggregate: 'count', of: null };
  const cases: [string, Query, string, RegExp][] = [
    [
      'a column that is not there',
      { select: [{ value: { column: 'citty' } }] },
      'select.0.value.column',
      /did you mean "city"/,
    ],
    [
      'an average of text',
      { select: [{ value: { aggregate: 'avg', of: { column: 'city' } } }] },
      'select.0.value.of',
      /is text/,
    ],
    [
      'a column beside an aggregate',
      { select: [{ value: { column: 'city' } }, { value: count }] },
      'select.0.value',
      /neither grouped/,
    ],
    [
      'an aggregate in where',
      { select: [{ value: count }], where: { compare: '>', left: count, right: { literal: 1 } } },
      'where.left',
      /cannot stand/,
    ],
    [
      'an aggregate of an aggregate',
      { select: [{ value: { aggregate: 'sum', of: count } }] },
      'select.0.value.of',
      /cannot stand/,
    ],
    [
      'a window in having',
      {
        select: [{ value: count }],
        having: { compare: '=', left: { window: 'rank', of: count }, right: { literal: 1 } },
      },
      'having.left',
      /over the result/,
    ],
    [
      'a word beside a number',
      { select: [{ value: count }], where: { compare: '=', left: { column: 'people' }, right: { literal: 'many' } } },
      'where.right',
      /"many" is not/,
    ],
    [
      'text against a number',
      { select: [{ value: count }], where: { compare: '=', left: { column: 'people' }, right: { column: 'city' } } },
      'where',
      /cannot be compared/,
    ],
    ['a grain of text', { select: [{ value: { column: 'city', grain: 'month' } }] }, 'select.0.value', /has no month/],
    [
      'an hour of a day',
      { select: [{ value: { column: 'founded', grain: 'hour' } }] },
      'select.0.value',
      /without a time/,
    ],
    ['bins of text', { select: [{ value: { column: 'city', bin: 5 } }] }, 'select.0.value', /only numbers/],
    [
      'a change without an order',
      { select: [{ value: { window: 'change', of: { column: 'area' } } }] },
      'select.0.value.orderBy',
      /needs an order/,
    ],
    [
      'a correlation with nothing',
      { select: [{ value: { aggregate: 'correlation', of: { column: 'area' } } }] },
      'select.0.value.with',
      /second column/,
    ],
  ];
  it.each(cases)('%s', (_, query, path, message) => {
    const error = wrong(query);
    expect(error.path).toBe(path);
    expect(error.message).toMatch(message);
  });

  it('however deep or long', () => {
    let deep: Condition = { missing: true, left: { column: 'city' } };
    for (let i = 0; i < 100; i++) deep = { not: deep };
    expect(wrong({ select: [{ value: { column: 'city' } }], where: deep }).message).toMatch(/too deeply/);
    const long: Condition = { and: Array.from({ length: 3_000 }, () => ({ missing: true, left: { column: 'city' } })) };
    expect(wrong({ select: [{ value: { column: 'city' } }], where: long }).message).toMatch(/too long/);
  });
});

describe('the order', () => {
  const score: Expression = { aggregate: 'avg', of: { column: 'area' } };

  it('is the same every time: ties by group key, rows by place in the file, missing values last', () => {
    expect(
      sqlOf({ select: [{ value: { column: 'city' } }], orderBy: [{ by: { column: 'area' }, direction: 'desc' }] }),
    ).toMatch(/ ORDER BY c4 DESC NULLS LAST, row_number ASC NULLS LAST LIMIT 1001$/);
    expect(
      sqlOf({
        select: [{ value: { column: 'city' } }, { value: score }],
        groupBy: [{ column: 'city' }],
        orderBy: [{ by: score, direction: 'asc' }],
        limit: 3,
      }),
    ).toMatch(
      / ORDER BY avg\(c4\)::float8 ASC NULLS LAST, lower\(c1\) COLLATE "C" ASC NULLS LAST, c1 COLLATE "C" ASC NULLS LAST LIMIT 3$/,
    );
  });

  it('may name an output', () => {
    expect(
      sqlOf({
        select: [{ value: { column: 'city' } }, { value: score, as: 'mean' }],
        groupBy: [{ column: 'city' }],
        orderBy: [{ by: { column: 'mean' }, direction: 'desc' }],
      }),
    ).toContain(' ORDER BY avg(c4)::float8 DESC');
  });
});

describe('the result', () => {
  it('has columns with unique names, labels, types and units', () => {
    const { columns } = compile(
      {
        select: [
          { value: { column: 'city' } },
          { value: { aggregate: 'avg', of: { column: 'area' } } },
          { value: { aggregate: 'avg', of: { column: 'area' } } },
          { value: { window: 'share', of: { aggregate: 'sum', of: { column: 'people' } } } },
          { value: { aggregate: 'max', of: { column: 'founded' } }, as: 'newest' },
        ],
        groupBy: [{ column: 'city' }],
      },
      PROFILE,
      TABLE,
    );
    expect(columns).toEqual([
      { name: 'city', label: 'City', type: 'text', unit: null, kind: 'group' },
      { name: 'avg_area', label: 'Average area', type: 'number', unit: 'km²', kind: 'value' },
      { name: 'avg_area_2', label: 'Average area', type: 'number', unit: 'km²', kind: 'value' },
      { name: 'sum_people_share', label: 'Share of total people', type: 'number', unit: '%', kind: 'value' },
      { name: 'newest', label: 'Latest founded', type: 'date', unit: null, kind: 'value' },
    ]);
  });

  it('gives numbers without the dust of binary fractions, and says when it was cut', () => {
    const query: Query = {
      select: [{ value: { column: 'city' } }, { value: { aggregate: 'sum', of: { column: 'area' } } }],
      groupBy: [{ column: 'city' }],
    };
    const { decode } = compile(query, PROFILE, TABLE, { rowLimit: 2 });
    const rows = [
      ['Rome', 0.30000000000000004, '9'],
      [null, '12.50', '9'],
      ['Zürich', null, '9'],
    ];
    expect(decode(rows)).toEqual({
      rows: [
        ['Rome', 0.3],
        [null, 12.5],
      ],
      truncated: true,
      matchedRows: 9,
    });
  });
});

const anything = anyProfile.chain((profile) => fc.record({ profile: fc.constant(profile), query: anyQuery(profile) }));

describe('the statement', () => {
  it('is made of words of ours alone, whatever names and values a user has', () => {
    let compiled = 0;
    fc.assert(
      fc.property(anything, ({ profile, query }) => {
        let made;
        try {
          made = compile(query, profile, TABLE);
        } catch (error) {
          if (error instanceof Problem) return; // refused is safe, too
          throw error;
        }
        compiled++;
        const rest = made.text.replaceAll(TABLE, 'TABLE').replace(OURS, '');
        expect(rest).toBe('');
        const slots = new Set([...made.text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)));
        expect([...slots].sort((a, b) => a - b)).toEqual(made.values.map((_, i) => i + 1));
      }),
      { numRuns: 1_500 },
    );
    expect(compiled).toBeGreaterThan(750);
  });
});

/** Every token that a statement may hold. Quoted constants are listed one by one. */
const OURS = new RegExp(
  [
    "'YYYY-MM-DD(?:\"T\"HH24:MI:SS\\.MS)?'|'YYYY-\"Q\"Q'|'YYYY-MM'|'Dy'|'Mon'|'week'|'hour'|'2001-01-01'|'−,'|'-'|'[àáâãäåāăąçćčďđèéêëēėęěğìíîïīįłñńňòóôõöøōőřśşšťùúûüūůűýÿźżž]+'|'aaaaaaaaac[a-z]+'",
    "'[^']*\\[0-9\\][^']*'",
    '\\$\\d+|"C"|\\d+(?:\\.\\d+)?|o\\d+|c\\d+|k\\d+',
    '\\b(?:SELECT|FROM|WHERE|GROUP|BY|HAVING|ORDER|ASC|DESC|NULLS|LAST|LIMIT|OFFSET|AS|AND|OR|NOT|IN|IS|NULL|NULLIF|OVER|PARTITION|ROWS|RANGE|BETWEEN|CURRENT|ROW|UNBOUNDED|CASE|WHEN|THEN|END|PRECEDING|FILTER|WITHIN|DISTINCT|COLLATE|FALSE|LIKE)\\b',
    '\\b(?:TABLE|row_number|matched|place|position|count|sum|avg|min|max|bool_and|bool_or|percentile_cont|stddev_samp|corr|floor|abs|lower|translate|substring|extract|epoch|year|quarter|month|day|hour|isodow|from|to_char|date_trunc|rank|lag|first_value|kept|t|q|v)\\b',
    '\\b(?:bigint|integer|float8|numeric|text|boolean|date|timestamp)\\b',
    '[\\s(),.:=<>*/+-]',
  ].join('|'),
  'g',
);
