import type { AnalyticalQuery, Condition, Expression } from '../../../datasets/query/analytical-query.js';
import { sidesIn } from './sides.js';

/* Numbers worked out of two aggregates that people have a word for: a change between two times, a share of a whole. */

type Aggregated = Extract<Expression, { aggregate: unknown }>;

/** What changed, and between which two times. */
export interface Change {
  readonly of: Aggregated;
  readonly column: string;
  readonly from: number | string;
  readonly to: number | string;
  readonly percent: boolean;
}

const conjuncts = (condition: Condition | undefined): readonly Condition[] =>
  condition === undefined ? [] : 'and' in condition ? condition.and : [condition];

const isAggregated = (expression: Expression): expression is Aggregated => 'aggregate' in expression;

const sameButWhere = (left: Aggregated, right: Aggregated): boolean =>
  JSON.stringify({ ...left, where: undefined }) === JSON.stringify({ ...right, where: undefined });

function timeKept(where: Condition | undefined): { readonly column: string; readonly value: number | string } | null {
  if (where === undefined || !('compare' in where) || where.compare !== '=') return null;
  if (!('column' in where.left) || !('literal' in where.right)) return null;
  const { literal } = where.right;
  const isYear = typeof literal === 'number' || /^\d{4}/.test(String(literal));
  return isYear && literal !== null && typeof literal !== 'boolean'
    ? { column: where.left.column, value: literal }
    : null;
}

/** The same aggregate at a later time minus, or in percent of, that at an earlier one; null for anything else. */
export function changeIn(expression: Expression): Change | null {
  if (!('op' in expression) || (expression.op !== '-' && expression.op !== 'percent_change')) return null;
  const { left, right } = expression;
  if (!isAggregated(left) || !isAggregated(right) || !sameButWhere(left, right)) return null;
  const [to, from] = [timeKept(left.where), timeKept(right.where)];
  if (to === null || from === null || to.column !== from.column || to.value <= from.value) return null;
  const percent = expression.op === 'percent_change';
  return { of: { ...left, where: undefined }, column: to.column, from: from.value, to: to.value, percent };
}

/** 100 times a part divided by its whole: the part's condition and the whole; null for anything else. */
export function shareIn(expression: Expression): { readonly part: Condition; readonly whole: Aggregated } | null {
  if (!('op' in expression) || expression.op !== '*') return null;
  const { left, right } = expression;
  if (!('literal' in left) || left.literal !== 100 || !('op' in right) || right.op !== '/') return null;
  const { left: part, right: whole } = right;
  if (!isAggregated(part) || !isAggregated(whole) || !sameButWhere(part, whole)) return null;
  return part.where !== undefined && whole.where === undefined ? { part: part.where, whole } : null;
}

/** Columns whose values the two sides of a difference or ratio are told apart by. */
const sideColumns = (value: Expression): readonly string[] =>
  [...(sidesIn(value)?.left ?? [])].flatMap((one) =>
    'compare' in one && 'column' in one.left ? [one.left.column] : [],
  );

/**
 * A query's filter without what its columns say already: the two ends of a change, and that what is ranked or grouped by
 * is there at all.
 */
export function toldFilter({ select, where: rows, groupBy, orderBy, qualify }: AnalyticalQuery): Condition | undefined {
  // A stretch of the steps that are shown is a filter like any other, to the reader.
  const shownOnly = conjuncts(qualify).filter((part) => 'compare' in part && 'column' in part.left);
  const where = shownOnly.length === 0 ? rows : { and: [...conjuncts(rows), ...shownOnly] };
  if (where === undefined) return undefined;
  const times = select.flatMap(({ value }) => changeIn(value)?.column ?? sideColumns(value));
  const shown = [...(groupBy ?? []), ...(orderBy ?? []).map(({ by }) => by)].flatMap((each) =>
    'column' in each
      ? [each.column]
      : 'aggregate' in each && each.of !== null && 'column' in each.of
        ? [each.of.column]
        : [],
  );
  const says = (part: Condition): boolean => {
    if ('in' in part && 'column' in part.left) return !times.includes(part.left.column);
    if ('missing' in part && !part.missing && 'column' in part.left) return !shown.includes(part.left.column);
    return true;
  };
  const kept = ('and' in where ? where.and : [where]).filter(says);
  return kept.length <= 1 ? kept[0] : { and: kept };
}

/** Which places of a ranking within each group a query keeps. */
export interface Places {
  readonly of: Expression;
  readonly within: readonly Expression[];
  readonly last: number;
  /** The last place alone. */
  readonly only: boolean;
  readonly direction: 'asc' | 'desc';
}

/** "The three best of each region": the ranking that decides which rows a query keeps; null for any other query. */
export function placesIn({ qualify }: Pick<AnalyticalQuery, 'qualify'>): Places | null {
  if (qualify === undefined || !('compare' in qualify)) return null;
  const { compare, left, right } = qualify;
  if (!('window' in left) || left.window !== 'rank' || (compare !== '<=' && compare !== '=')) return null;
  const { of, within = [], direction = 'desc' } = left;
  if (!('literal' in right) || typeof right.literal !== 'number') return null;
  return { of, within, last: right.literal, only: compare === '=', direction };
}
