import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../../datasets/query/analytical-query.js';
import { lowerFirst } from '../words/language.js';
import { columnOf } from '../words/expressions.js';

/** What a question to the tables is about, in words that a text may have, too. */
export interface Topic {
  /** Of the filters: `Education`. */
  readonly values: readonly string[];
  /** Of the filters and of what is compared, the latest first. */
  readonly years: readonly number[];
  /** What is measured: `score`. */
  readonly measures: readonly string[];
}

const MOST_VALUES = 6;

export function topicOf(query: AnalyticalQuery, profile: DatasetProfile | undefined): Topic {
  const values = new Set<string>();
  const years = new Set<number>();
  const measures = new Set<string>();
  const compared = (left: Expression, given: readonly Scalar[]): void => {
    const column = 'column' in left && profile !== undefined ? columnOf(profile, left.column) : null;
    for (const value of given) {
      if (column?.role === 'temporal') {
        const year = Number(/^\d{4}(?!\d)/.exec(String(value))?.[0]);
        if (year > 0) years.add(year);
      } else if (typeof value === 'string' && /[\p{L}\p{N}]/u.test(value)) values.add(value);
    }
  };
  const condition = (where: Condition | undefined): void => {
    if (where === undefined) return;
    if ('and' in where) where.and.forEach(condition);
    else if ('or' in where) where.or.forEach(condition);
    else if ('compare' in where) {
      expression(where.left);
      // "Not in Europe" is not about Europe.
      if ('literal' in where.right && where.compare !== '!=') compared(where.left, [where.right.literal]);
      else expression(where.right);
    } else if ('in' in where) {
      if (where.negated !== true) compared(where.left, where.in);
    } else if ('between' in where) compared(where.left, where.between);
    else if ('text' in where) compared(where.left, [where.value]);
  };
  const expression = (value: Expression): void => {
    if ('aggregate' in value) {
      condition(value.where);
      const of = value.of !== null && 'column' in value.of ? value.of.column : null;
      const column = of === null || profile === undefined ? null : columnOf(profile, of);
      if (column?.role === 'measure') measures.add(lowerFirst(column.label));
    } else if ('scalar' in value) condition(value.scalar.where);
    else if ('op' in value) [value.left, value.right].forEach(expression);
    else if ('window' in value) expression(value.of);
  };
  condition(query.where);
  for (const { value } of query.select) expression(value);
  return {
    values: [...values].slice(0, MOST_VALUES),
    years: [...years].sort((a, b) => b - a),
    measures: [...measures].slice(0, 2),
  };
}
