import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression, Order } from '../../../../datasets/query/analytical-query.js';
import type { IntentKind } from '../../turn.js';
import { COMPARATIVES, RANK_NAMES } from './fact-english.js';
import type { Filter } from './fact-filter.js';
import { type FactAsk, type Part, allOf, isDated, measureOf, namedBy } from './fact-parts.js';
import type { Target } from './fact-target.js';

/** A question of one form, and how far it fits. */
export interface Draft {
  readonly form: string;
  readonly kind: IntentKind;
  readonly query: AnalyticalQuery;
  readonly expects: 'value' | 'values';
  /** 0–1: how sure the reading is, the words left aside. */
  readonly fit: number;
  /** Nothing narrows the rows down: words that are not accounted for may well have been meant to. */
  readonly open?: boolean | undefined;
  /** All rows of the table are taken together: every word that is not accounted for was meant to say which. */
  readonly everything?: boolean | undefined;
}

export type Form = (ask: FactAsk) => Draft | null;

export const fitOf = (target: Target | null, filters: readonly Filter[]): number =>
  Math.min(target?.score ?? 1, ...filters.map((filter) => 0.4 + 0.6 * filter.score));

export const conditionsOf = (filters: readonly Filter[]): Condition[] => merged(filters);

/** Two values of one column cannot both hold: either does. */
function merged(filters: readonly Filter[]): Condition[] {
  const conditions: Condition[] = [];
  const done = new Set<Filter>();
  for (const filter of filters) {
    if (done.has(filter)) continue;
    const isValue = (other: Filter): boolean =>
      'compare' in other.condition ? other.condition.compare === '=' : 'in' in other.condition;
    const same = filters.filter((other) => other.column === filter.column && isValue(other) && isValue(filter));
    for (const other of same) done.add(other);
    const joined = same.every((other, index) => index === 0 || other.joined === true || other.values === undefined);
    if (same.length > 1 && joined) conditions.push({ or: same.map((other) => other.condition) });
    else if (same.length > 1) conditions.push(...compatible(same).map((other) => other.condition));
    else conditions.push(filter.condition);
  }
  return conditions;
}

/** No cell is two values at once: of readings that exclude each other the surest stays. */
function compatible(filters: readonly Filter[]): readonly Filter[] {
  const sorted = filters.toSorted(
    (left, right) => right.score - left.score || right.part.to - right.part.from - (left.part.to - left.part.from),
  );
  const kept: Filter[] = [];
  for (const filter of sorted) {
    const excluded = kept.some(
      (other) => other.values && filter.values && !other.values.some((value) => filter.values?.includes(value)),
    );
    if (!excluded) kept.push(filter);
  }
  return kept;
}

export function list(
  ask: FactAsk,
  column: ColumnProfile,
  conditions: readonly Condition[],
  order: readonly Order[] = [],
  limit?: number,
  withTies = false,
): AnalyticalQuery {
  const where = allOf(conditions);
  return {
    datasetId: ask.profile.id,
    select: [{ value: { column: column.name } }],
    ...(where ? { where } : {}),
    ...(order.length > 0 ? { orderBy: [...order] } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(withTies ? { withTies, distinct: true } : {}),
  };
}

export const one = (ask: FactAsk, value: Expression, as: string): AnalyticalQuery => ({
  datasetId: ask.profile.id,
  select: [{ value, as }],
  limit: 1,
});

/** The measure that the question names, not counting columns that answer it or filter. */
export function measureNamed(ask: FactAsk, except: readonly (ColumnProfile | null)[] = []): Part | null {
  return (
    ask.columns.find(
      (part) =>
        part.column !== null &&
        !except.includes(part.column) &&
        measureOf(part.column) !== null &&
        !isDated(part.column),
    ) ?? null
  );
}

export function counted(
  ask: FactAsk,
  conditions: readonly Condition[],
  distinct: ColumnProfile | null = null,
): AnalyticalQuery {
  const where = allOf(conditions);
  return {
    datasetId: ask.profile.id,
    select: [
      {
        value: distinct
          ? { aggregate: 'count_distinct', of: { column: distinct.name } }
          : { aggregate: 'count', of: null },
        as: 'count',
      },
    ],
    ...(where ? { where } : {}),
  };
}

export const missingNot = (by: Expression): readonly Condition[] => [{ missing: false, left: by }];

/** Ranks count down: the highest rank is 1. */
export function directionFor(column: ColumnProfile, word: string): 'asc' | 'desc' {
  const given =
    COMPARATIVES.get(word) ??
    (/^(top|best|highest|most|greatest|largest|biggest|maximum|max)$/.test(word)
      ? 'desc'
      : /^(lowest|least|fewest|smallest|worst|bottom|minimum|min)$/.test(word)
        ? 'asc'
        : 'desc');
  if (!namedBy(column, RANK_NAMES) || !/^(top|best|better|highest|higher|lowest|lower|worst)$/.test(word)) return given;
  return given === 'asc' ? 'desc' : 'asc';
}

/** The value that occurs most (or least) often. */
export function mode(
  ask: FactAsk,
  column: ColumnProfile,
  conditions: readonly Condition[],
  direction: 'asc' | 'desc',
): AnalyticalQuery {
  const where = allOf([...conditions, { missing: false, left: { column: column.name } }]);
  return {
    datasetId: ask.profile.id,
    select: [{ value: { column: column.name } }],
    ...(where ? { where } : {}),
    groupBy: [{ column: column.name }],
    orderBy: [{ by: { aggregate: 'count', of: null }, direction }],
    limit: 1,
    withTies: true,
  };
}
