import fc from 'fast-check';
import type { ColumnProfile, DatasetProfile } from '../../src/datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../src/datasets/query/analytical-query.js';

/** A column's profile with nothing remarkable about it. */
export const columnOf = (
  name: string,
  type: ColumnProfile['type'],
  more: Partial<ColumnProfile> = {},
): ColumnProfile => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  type,
  role:
    type === 'text' || type === 'boolean'
      ? 'dimension'
      : type === 'integer' || type === 'number'
        ? 'measure'
        : 'temporal',
  unit: null,
  synonyms: [],
  higherIsBetter: null,
  defaultAggregate: 'sum',
  distinct: 3,
  nulls: 0,
  min: null,
  max: null,
  decimals: type === 'number' ? 2 : 0,
  values: null,
  ...more,
});

export const profileOf = (columns: readonly ColumnProfile[]): DatasetProfile => ({
  id: 'p',
  version: 1,
  name: 'p',
  title: 'P',
  description: null,
  source: null,
  licence: null,
  rowCount: 10,
  columns,
});

/** Texts that break statements which are put together carelessly. */
export const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    `'; DROP TABLE users; --`,
    '$1',
    '"',
    '\\',
    `') OR 1=1 --`,
    'a\0b',
    '::text',
    '/*',
    "''",
    '%',
    '_',
    '\ud800',
  ),
);

/** The types of `anyProfile`'s columns, in order: `c1`, `c2`… of its table. */
export const TYPES = ['integer', 'number', 'text', 'text', 'boolean', 'date', 'datetime'] as const;

/** Columns of every type under hostile names, the first text column with its values known. */
export const anyProfile: fc.Arbitrary<DatasetProfile> = fc
  .record({
    names: fc.uniqueArray(hostile, {
      minLength: TYPES.length,
      maxLength: TYPES.length,
      selector: (name) => name.trim().toLowerCase(),
    }),
    values: fc.array(hostile, { maxLength: 5 }),
  })
  .map(({ names, values }) =>
    profileOf(
      names.map((name, i) => columnOf(name, TYPES[i] ?? 'text', i === 2 ? { values: [...new Set(values)] } : {})),
    ),
  );

/** Queries over such a profile, nearly all of which make sense. */
export function anyQuery({ columns }: DatasetProfile): fc.Arbitrary<Omit<AnalyticalQuery, 'datasetId'>> {
  const named = (...types: ColumnProfile['type'][]): fc.Arbitrary<string> =>
    fc.constantFrom(...columns.filter(({ type }) => types.includes(type)).map(({ name }) => name));
  const column = (...types: ColumnProfile['type'][]): fc.Arbitrary<Expression> =>
    fc.record({ column: named(...types) });
  const number = fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }));
  const day = fc.constantFrom('2024', '2024-03', '2023-Q2', '2024-02-29', '5 May 2023', '2024-01-01T10:00:00');
  const keys: fc.Arbitrary<Expression> = fc.oneof(
    column('text', 'boolean', 'date', 'integer'),
    fc.record({
      column: named('date', 'datetime'),
      grain: fc.constantFrom('year', 'quarter', 'month', 'week', 'day', 'weekday', 'month_of_year', 'day_of_month'),
    }),
    fc.record({ column: named('datetime'), grain: fc.constantFrom('hour', 'hour_of_day') }),
    fc.record({ column: named('integer', 'number'), bin: fc.constantFrom(0.1, 5, 1000) }),
    fc.record({ read: fc.constantFrom('number', 'year'), from: column('text', 'integer') }),
  );
  const { value, condition } = fc.letrec<{ value: Expression; condition: Condition }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'depth' },
      column('integer', 'number'),
      fc.record({ column: fc.constant('#row') }),
      fc.record({ literal: number }),
      fc.record({ read: fc.constantFrom('number', 'year'), from: column('text') }),
      fc.record({
        op: fc.constantFrom('+', '-', '*', '/', 'percent_change', 'abs_difference'),
        left: tie('value'),
        right: tie('value'),
      }),
      fc.record({
        scalar: fc.record({
          aggregate: fc.constantFrom('count', 'avg', 'max', 'median'),
          of: tie('value'),
          where: tie('condition'),
        }),
      }),
    ) as fc.Arbitrary<Expression>,
    condition: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'depth' },
      fc.record({ compare: fc.constantFrom('=', '!='), left: column('text'), right: fc.record({ literal: hostile }) }),
      fc.record({ compare: fc.constantFrom('<', '>='), left: column('text'), right: column('text') }),
      fc.record({ compare: fc.constantFrom('=', '!=', '<', '<=', '>', '>='), left: tie('value'), right: tie('value') }),
      fc.record({
        compare: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
        left: column('date', 'datetime'),
        right: fc.record({ literal: day }),
      }),
      fc.record({
        compare: fc.constantFrom('=', '!='),
        left: column('boolean'),
        right: fc.record({ literal: fc.boolean() }),
      }),
      fc.record({
        in: fc.array(fc.oneof(hostile, fc.constant(null)), { minLength: 1, maxLength: 4 }),
        left: column('text'),
        negated: fc.boolean(),
      }),
      fc.record({ in: fc.array(number, { minLength: 1, maxLength: 4 }), left: tie('value') }),
      fc.record({ between: fc.tuple(number, number), left: tie('value') }),
      fc.record({
        text: fc.constantFrom('contains', 'starts_with', 'ends_with', 'equals'),
        left: column('text', 'integer'),
        value: hostile,
      }),
      fc.record({ missing: fc.boolean(), left: column('text', 'number', 'date') }),
      fc.record({
        inQuery: fc.record({ select: column('text'), where: tie('condition') }),
        left: column('text'),
        negated: fc.boolean(),
      }),
      fc.record({ not: tie('condition') }),
      fc.record({ and: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ or: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    ) as fc.Arbitrary<Condition>,
  }));
  const aggregates: fc.Arbitrary<Expression> = fc.oneof(
    fc.constant<Expression>({ aggregate: 'count', of: null }),
    fc.record({
      aggregate: fc.constantFrom('count', 'count_distinct', 'min', 'max'),
      of: column('text', 'date', 'integer', 'boolean'),
    }),
    fc.record({
      aggregate: fc.constantFrom('sum', 'avg', 'median', 'q1', 'q3', 'stddev'),
      of: value,
      where: condition,
    }),
    fc.record({ aggregate: fc.constant('correlation'), of: column('integer', 'number'), with: value }),
  ) as fc.Arbitrary<Expression>;
  const name = fc.option(hostile, { nil: undefined });
  const page = {
    where: fc.option(condition, { nil: undefined }),
    limit: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    offset: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  };
  const direction = fc.constantFrom('asc' as const, 'desc' as const);
  const rows = fc.record({
    ...page,
    select: fc.array(fc.record({ value: fc.oneof(keys, value), as: name }), { minLength: 1, maxLength: 4 }),
    orderBy: fc.array(fc.record({ by: fc.oneof(keys, value), direction }), { maxLength: 2 }),
    distinct: fc.boolean(),
    withTies: fc.boolean(),
  });
  const groups = fc
    .record({ groupBy: fc.array(keys, { maxLength: 2 }), made: fc.array(aggregates, { minLength: 1, maxLength: 3 }) })
    .chain(({ groupBy, made: [first = { aggregate: 'count', of: null }, ...others] }) => {
      const isNumber = !('aggregate' in first) || (first.aggregate !== 'min' && first.aggregate !== 'max');
      const windows: Expression[] = isNumber
        ? [
            { window: 'share', of: first },
            { window: 'rank', of: first },
          ]
        : [];
      const order = groupBy[0];
      if (isNumber && order !== undefined)
        windows.push({ window: 'change', of: first, orderBy: order }, { window: 'running', of: first, orderBy: order });
      if (isNumber && order !== undefined && 'column' in order && order.bin === undefined)
        windows.push(
          { window: 'percent_change', of: first, orderBy: order, periods: 2 },
          { window: 'moving_average', of: first, orderBy: order, periods: 3 },
        );
      const all = [...groupBy, first, ...others, ...windows];
      return fc.record({
        ...page,
        groupBy: fc.constant(groupBy),
        select: fc.array(fc.record({ value: fc.constantFrom(...all), as: name }), { minLength: 1, maxLength: 4 }),
        having: fc.option(
          fc.record({
            compare: fc.constantFrom('>', '!='),
            left: fc.constant<Expression>({ aggregate: 'count', of: null }),
            right: fc.record({ literal: number }),
          }) as fc.Arbitrary<Condition>,
          { nil: undefined },
        ),
        qualify: fc.option(
          fc.record({
            compare: fc.constantFrom('<=', '!='),
            left: fc.constantFrom(...all.filter((value) => !('column' in value))),
            right: fc.record({ literal: number }),
          }) as fc.Arbitrary<Condition>,
          { nil: undefined },
        ),
        orderBy: fc.array(fc.record({ by: fc.constantFrom(...all), direction }), { maxLength: 2 }),
        withTies: fc.boolean(),
      });
    });
  return fc.oneof(rows, groups);
}
