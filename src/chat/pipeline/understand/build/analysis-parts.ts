import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Scalar } from '../../../../common/scalar.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { steppedBy } from '../clauses/periods.js';
import type { Filter, Slots } from '../clauses/slots.js';
import { aggregateOf, allOf, compare, countRows, equalsAny, isMeasure, isNumeric, literal } from '../expressions.js';
import type { Context } from '../reader.js';
import { mainMeasure, overRows, rowsAreThings } from './build-parts.js';

export const has = (slots: Slots, pattern: RegExp): boolean => slots.units.some((unit) => pattern.test(unit.word));

/** These words found their part in the question. */
export function claim(slots: Slots, pattern: RegExp): void {
  const own = slots.units.filter((unit) => pattern.test(unit.word));
  slots.used = new Set([...slots.used, ...own]);
  slots.unknown = slots.unknown.filter((unit) => !own.includes(unit));
}

/** What is measured: the aggregate asked for, a number named, or the main measure of a table of observations. */
export function measured(context: Context, slots: Slots): Expression | null {
  const [measure] = slots.measures;
  if (measure?.aggregate === 'count') {
    // "How many more countries": different ones, where a country has many rows.
    const { counted } = slots;
    const repeats = counted && !isMeasure(counted.column) && counted.column.distinct < 0.9 * context.profile.rowCount;
    return repeats && !rowsAreThings(context) ? aggregateOf('count_distinct', counted.column) : countRows;
  }
  const named = measure?.column ?? slots.superlative?.by ?? slots.columns.find((use) => isMeasure(use.column))?.column;
  const column = named ?? (rowsAreThings(context) ? null : mainMeasure(context));
  if (!column) return null;
  return measure && measure.aggregate !== 'count_distinct' ? aggregateOf(measure.aggregate, column) : overRows(column);
}

/** The same aggregate over the rows that also fulfil a condition. */
export function only(expression: Expression, condition: Condition): Expression {
  return 'aggregate' in expression ? { ...expression, where: condition } : expression;
}

export function pairOf(slots: Slots): Filter | null {
  return slots.filters.find((filter) => filter.values?.length === 2 && !filter.negated) ?? null;
}

export const rest = (slots: Slots, except: Filter | null): Condition | undefined =>
  allOf(slots.filters.filter((filter) => filter !== except).map((filter) => filter.condition));

export const valueCondition = (column: ColumnProfile, value: Scalar): Condition =>
  isNumeric(column) || column.role !== 'temporal'
    ? equalsAny(column, [value])
    : compare(steppedBy(column, value), '=', literal(value));
