import { z } from 'zod';
import type { Scalar } from '../../common/scalar.js';

/*
 * The analytical query: the one typed question that rules (and later models) produce, that clients may send, and that
 * the compiler turns into one parameterised, read-only statement. It speaks of columns by their profile's name, never SQL.
 */

export const AGGREGATES = [
  'count',
  'count_distinct',
  'sum',
  'avg',
  'min',
  'max',
  'median',
  'q1',
  'q3',
  'stddev',
  'correlation',
] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** `weekday` gives 'Mon'…'Sun', `month_of_year` 'Jan'…'Dec', `year` an integer, the others an ISO date/time of their start; `quarter` '2024-Q1', `month` '2024-03'. */
export const GRAINS = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'weekday',
  'month_of_year',
  'day_of_month',
  'hour_of_day',
] as const;
export type Grain = (typeof GRAINS)[number];

/** The position of a row in the file as uploaded, 1-based: "the first", "the next one", "the last listed". */
export const ROW_NUMBER = '#row';

export type Expression =
  /** A column's value, optionally at a grain of time or in numeric bins of a width (the bin's lower edge). */
  | { readonly column: string; readonly grain?: Grain | undefined; readonly bin?: number | undefined }
  /** Over the rows of the group. `q1`, `q3`: the quartiles. `of` null = rows (`count` only). `with` is the second operand of `correlation`. `where` counts only matching rows (FILTER). */
  | {
      readonly aggregate: Aggregate;
      readonly of: Expression | null;
      readonly with?: Expression | undefined;
      readonly where?: Condition | undefined;
    }
  /** One value worked out by itself over the whole table (narrowed by its own `where` only): "above the average", "the row after X". */
  | {
      readonly scalar: {
        readonly aggregate: Aggregate;
        readonly of: Expression | null;
        readonly where?: Condition | undefined;
      };
    }
  | { readonly literal: Scalar }
  /**
   * A number written inside a text, null where there is none: for columns whose cells are not plain numbers ("1,450 tonnes", "6th", "W 28–27").
   * number: the first, thousands separators and a minus sign understood · year: the first run of exactly four digits from 1000 to 2199.
   */
  | { readonly read: 'number' | 'year'; readonly from: Expression }
  /** Arithmetic; a division by zero is null. `percent_change` = (left - right) / |right| × 100. */
  | {
      readonly op: '+' | '-' | '*' | '/' | 'percent_change' | 'abs_difference';
      readonly left: Expression;
      readonly right: Expression;
    }
  /**
   * Over the result's groups. share: percent of the total (of its `within` group); change: minus the previous in order of `orderBy`;
   * percent_change likewise in percent; running: running total; rank: 1 = largest, or smallest with `direction` asc, equals sharing a
   * place; moving_average: mean over the `periods` up to each.
   */
  | {
      readonly window: WindowName;
      readonly of: Expression;
      readonly within?: readonly Expression[] | undefined;
      readonly orderBy?: Expression | undefined;
      /**
       * Steps of time of `orderBy`, which is a year or a date, perhaps at a grain. change: against the one so many steps before, and null
       * where there is none, whatever rows there are between (12 by month: the same month of the year before). moving_average: null
       * where not all of them have a value; by day or hour, where a step without rows is nothing unusual, over those that do.
       */
      readonly periods?: number | undefined;
      readonly direction?: 'asc' | 'desc' | undefined;
    };

export const WINDOWS = ['share', 'change', 'percent_change', 'running', 'rank', 'moving_average'] as const;
export type WindowName = (typeof WINDOWS)[number];

export type Condition =
  | { readonly compare: '=' | '!=' | '<' | '<=' | '>' | '>='; readonly left: Expression; readonly right: Expression }
  | { readonly in: readonly Scalar[]; readonly left: Expression; readonly negated?: boolean | undefined }
  | { readonly between: readonly [Scalar, Scalar]; readonly left: Expression }
  /** Case and accents are ignored. */
  | {
      readonly text: 'contains' | 'starts_with' | 'ends_with' | 'equals';
      readonly left: Expression;
      readonly value: string;
    }
  | { readonly missing: boolean; readonly left: Expression }
  /** `left` among (or not among) the one column that the inner query selects, same data set. */
  | { readonly inQuery: Subquery; readonly left: Expression; readonly negated?: boolean | undefined }
  | { readonly and: readonly Condition[] }
  | { readonly or: readonly Condition[] }
  | { readonly not: Condition };

export interface Subquery {
  readonly select: Expression;
  readonly where?: Condition | undefined;
  readonly groupBy?: readonly Expression[] | undefined;
  readonly having?: Condition | undefined;
  readonly orderBy?: readonly Order[] | undefined;
  readonly limit?: number | undefined;
}

export interface Output {
  readonly value: Expression;
  /** Name of the result's column; made from the expression when absent. */
  readonly as?: string | undefined;
}

export interface Order {
  readonly by: Expression;
  readonly direction: 'asc' | 'desc';
}

/** Rows (no aggregate and no groupBy) or groups. Missing values sort last in both directions. */
export interface AnalyticalQuery {
  readonly datasetId: string;
  readonly select: readonly Output[];
  readonly where?: Condition | undefined;
  readonly groupBy?: readonly Expression[] | undefined;
  readonly having?: Condition | undefined;
  /** Rows of the result to keep once windows are worked out: "the best three of each region" by a `rank` within it. */
  readonly qualify?: Condition | undefined;
  readonly orderBy?: readonly Order[] | undefined;
  readonly limit?: number | undefined;
  /** With `limit`: also the rows that tie with the last one. */
  readonly withTies?: boolean | undefined;
  readonly offset?: number | undefined;
  readonly distinct?: boolean | undefined;
}

const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const column = z.string().min(1).max(200);
const limit = z.int().min(1).max(10_000);

const expression: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.strictObject({ column, grain: z.enum(GRAINS).optional(), bin: z.number().positive().optional() }),
    z.strictObject({
      aggregate: z.enum(AGGREGATES),
      of: expression.nullable(),
      with: expression.optional(),
      where: condition.optional(),
    }),
    z.strictObject({
      scalar: z.strictObject({ aggregate: z.enum(AGGREGATES), of: expression.nullable(), where: condition.optional() }),
    }),
    z.strictObject({ literal: scalar }),
    z.strictObject({ read: z.enum(['number', 'year']), from: expression }),
    z.strictObject({
      op: z.enum(['+', '-', '*', '/', 'percent_change', 'abs_difference']),
      left: expression,
      right: expression,
    }),
    z.strictObject({
      window: z.enum(WINDOWS),
      of: expression,
      within: z.array(expression).max(5).optional(),
      orderBy: expression.optional(),
      periods: z.int().min(1).max(1_000).optional(),
      direction: z.enum(['asc', 'desc']).optional(),
    }),
  ]),
);

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ compare: z.enum(['=', '!=', '<', '<=', '>', '>=']), left: expression, right: expression }),
    z.strictObject({ in: z.array(scalar).min(1).max(1000), left: expression, negated: z.boolean().optional() }),
    z.strictObject({ between: z.tuple([scalar, scalar]), left: expression }),
    z.strictObject({
      text: z.enum(['contains', 'starts_with', 'ends_with', 'equals']),
      left: expression,
      value: z.string().max(1000),
    }),
    z.strictObject({ missing: z.boolean(), left: expression }),
    z.strictObject({ inQuery: subquery, left: expression, negated: z.boolean().optional() }),
    z.strictObject({ and: z.array(condition).min(1).max(50) }),
    z.strictObject({ or: z.array(condition).min(1).max(50) }),
    z.strictObject({ not: condition }),
  ]),
);

const order = z.strictObject({ by: expression, direction: z.enum(['asc', 'desc']) });

const subquery: z.ZodType<Subquery> = z.lazy(() =>
  z.strictObject({
    select: expression,
    where: condition.optional(),
    groupBy: z.array(expression).max(5).optional(),
    having: condition.optional(),
    orderBy: z.array(order).max(5).optional(),
    limit: limit.optional(),
  }),
);

/** Shape only; that the columns exist and fit their use is the compiler's check. */
export const analyticalQuerySchema: z.ZodType<AnalyticalQuery> = z.strictObject({
  datasetId: z.string(),
  select: z
    .array(z.strictObject({ value: expression, as: z.string().min(1).max(200).optional() }))
    .min(1)
    .max(30),
  where: condition.optional(),
  groupBy: z.array(expression).max(5).optional(),
  having: condition.optional(),
  qualify: condition.optional(),
  orderBy: z.array(order).max(5).optional(),
  limit: limit.optional(),
  withTies: z.boolean().optional(),
  offset: z.int().min(0).max(1_000_000).optional(),
  distinct: z.boolean().optional(),
});
