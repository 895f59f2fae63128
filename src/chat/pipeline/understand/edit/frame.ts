import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression, Order } from '../../../../datasets/query/analytical-query.js';

import type { ColumnUse, Filter } from '../clauses/slots.js';
import {
  allOf,
  columnsIn,
  columnsOfCondition,
  conjuncts,
  equalsAny,
  isAggregate,
  isMeasure,
  outputName,
} from '../expressions.js';
import type { Context } from '../reader.js';

/** The previous query taken apart so that a follow-up can change one piece and put it together again. */
export interface Frame {
  readonly select: readonly Expression[];
  /** Names of outputs that are called by more than their expression, by that expression as JSON: `rank`. */
  readonly names: Readonly<Record<string, string>>;
  readonly where: readonly Condition[];
  readonly groups: readonly Expression[];
  readonly having: Condition | undefined;
  readonly qualify: Condition | undefined;
  readonly order: readonly Order[];
  readonly limit: number | undefined;
  readonly offset?: number | undefined;
  readonly distinct: boolean;
}

export function frameOf(query: AnalyticalQuery): Frame {
  return {
    select: query.select.map((one) => one.value),
    names: Object.fromEntries(
      query.select.flatMap(({ value, as }) =>
        as === undefined || as === outputName(value) ? [] : [[JSON.stringify(value), as]],
      ),
    ),
    where: conjuncts(query.where),
    groups: query.groupBy ?? [],
    having: query.having,
    qualify: query.qualify,
    order: query.orderBy ?? [],
    limit: query.limit,
    offset: query.offset,
    distinct: query.distinct === true,
  };
}

export function queryOf(frame: Frame, datasetId: string): AnalyticalQuery {
  return {
    datasetId,
    select: frame.select.map((value) => ({ value, as: frame.names[JSON.stringify(value)] ?? outputName(value) })),
    where: allOf(frame.where),
    groupBy: frame.groups.length > 0 ? frame.groups : undefined,
    having: frame.having,
    qualify: frame.qualify,
    orderBy: frame.order.length > 0 ? frame.order : undefined,
    limit: frame.limit,
    offset: frame.limit === undefined ? undefined : frame.offset,
    distinct: frame.distinct ? true : undefined,
  };
}

/** Aggregates that the frame shows. */
export const measuresOf = (frame: Frame): readonly Expression[] => frame.select.filter(isAggregate);

/** The number that "the average" or "the lowest" of a follow-up is about. */
export function measuredColumn(frame: Frame, context: Context): ColumnProfile | null {
  const named = [...frame.select, ...frame.order.map((one) => one.by)].flatMap(columnsIn);
  for (const name of named) {
    const column = context.lexicon.columns.get(name);
    if (column && isMeasure(column)) return column;
  }
  return null;
}

export const isAbout = (condition: Condition, column: ColumnProfile): boolean =>
  columnsOfCondition(condition).includes(column.name);

/** Values that an equality or `in` keeps; null for other conditions. */
export function valuesKept(
  condition: Condition,
): { readonly column: string; readonly values: readonly Scalar[] } | null {
  if (
    'compare' in condition &&
    condition.compare === '=' &&
    'column' in condition.left &&
    'literal' in condition.right
  ) {
    return { column: condition.left.column, values: [condition.right.literal] };
  }
  if ('in' in condition && condition.negated !== true && 'column' in condition.left) {
    return { column: condition.left.column, values: condition.in };
  }
  return null;
}

/** Values that a condition leaves out; null for other conditions. */
export function valuesLeftOut(condition: Condition): readonly Scalar[] | null {
  if ('compare' in condition && condition.compare === '!=' && 'literal' in condition.right)
    return [condition.right.literal];
  return 'in' in condition && condition.negated === true ? condition.in : null;
}

/** The conditions of a frame as if they had been asked for in this question. */
export function filtersKept(frame: Frame, { lexicon }: Context): readonly Filter[] {
  return frame.where.flatMap((condition) => {
    const [name = ''] = columnsOfCondition(condition);
    const column = lexicon.columns.get(name);
    const values = valuesKept(condition)?.values ?? null;
    return column ? [{ column, condition, values, negated: false, from: -1, to: -1, score: 1 }] : [];
  });
}

/** The columns that a frame groups by, likewise. */
export function groupsKept(frame: Frame, { lexicon }: Context): readonly ColumnUse[] {
  return frame.groups.flatMap((group) => {
    const column = 'column' in group && group.bin === undefined ? lexicon.columns.get(group.column) : undefined;
    const grain = 'column' in group ? (group.grain ?? null) : null;
    return column ? [{ column, grain, distinct: false, from: -1, score: 1 }] : [];
  });
}

/** After "which region is the lowest?": the group(s) that won, as a filter; null when the result is no ranking of groups. */
export function winners(
  frame: Frame,
  context: Context,
): { readonly conditions: readonly Condition[]; readonly named: string } | null {
  const rows = context.previous?.result?.rows ?? [];
  if (frame.groups.length === 0 || frame.limit === undefined || rows.length === 0) return null;
  const conditions: Condition[] = [];
  const names: string[] = [];
  for (const group of frame.groups) {
    if (!('column' in group) || group.grain !== undefined) return null;
    const at = frame.select.findIndex((one) => 'column' in one && one.column === group.column);
    const column = context.lexicon.columns.get(group.column);
    if (at === -1 || !column) return null;
    const values = rows.slice(0, frame.limit).map((row) => row[at] ?? null);
    conditions.push(equalsAny(column, [...new Set(values)]));
    names.push(...values.map(String));
  }
  return { conditions, named: names.join(', ') };
}
