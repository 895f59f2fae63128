import type { Scalar } from '../../../common/scalar.js';
import type { ColumnProfile } from '../../../datasets/profile.js';
import type { Aggregate, Condition, Expression, Grain } from '../../../datasets/query/analytical-query.js';
import { isYearColumn } from './lexicon.js';
import type { TimeSpan } from './times.js';
import type { Comparison } from './clauses/english-units.js';

/* Small makers of query parts, so that readers speak of meaning and not of braces. */

export const columnOf = (column: ColumnProfile, grain?: Grain): Expression =>
  grain === undefined ? { column: column.name } : { column: column.name, grain };

export const literal = (value: Scalar): Expression => ({ literal: value });

export const countRows: Expression = { aggregate: 'count', of: null };

export const aggregateOf = (aggregate: Aggregate, column: ColumnProfile | null): Expression => ({
  aggregate,
  of: column === null ? null : columnOf(column),
});

export const compare = (left: Expression, op: Comparison, right: Expression): Condition => ({
  compare: op,
  left,
  right,
});

export const isNumeric = (column: ColumnProfile): boolean => column.type === 'integer' || column.type === 'number';

/** Numbers that may be averaged or summed; identifiers and years may not. */
export const isMeasure = (column: ColumnProfile): boolean => column.role === 'measure' && !isYearColumn(column);

export function equalsAny(column: ColumnProfile, values: readonly Scalar[]): Condition {
  const [first = null] = values;
  return values.length === 1 ? compare(columnOf(column), '=', literal(first)) : { in: values, left: columnOf(column) };
}

export function allOf(conditions: readonly Condition[]): Condition | undefined {
  return conditions.length <= 1 ? conditions[0] : { and: conditions };
}

/** The conditions that `and` joins at the top. */
export function conjuncts(condition: Condition | undefined): readonly Condition[] {
  if (!condition) return [];
  return 'and' in condition ? condition.and.flatMap(conjuncts) : [condition];
}

/** Names of the columns that an expression reads from the row (scalars over the whole table left out). */
export function columnsIn(expression: Expression): readonly string[] {
  if ('column' in expression) return [expression.column];
  if ('aggregate' in expression) return expression.of ? columnsIn(expression.of) : [];
  if ('op' in expression) return [...columnsIn(expression.left), ...columnsIn(expression.right)];
  if ('window' in expression) return columnsIn(expression.of);
  return [];
}

/** Names of the columns that a condition is about. */
export function columnsOfCondition(condition: Condition): readonly string[] {
  if ('and' in condition) return condition.and.flatMap(columnsOfCondition);
  if ('or' in condition) return condition.or.flatMap(columnsOfCondition);
  if ('not' in condition) return columnsOfCondition(condition.not);
  return columnsIn(condition.left);
}

export function isAggregate(expression: Expression): boolean {
  if ('aggregate' in expression) return true;
  if ('op' in expression) return isAggregate(expression.left) || isAggregate(expression.right);
  return 'window' in expression;
}

const nextDay = (iso: string): string =>
  new Date(Date.parse(`${iso}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** A stretch of time as a condition on a column of dates, of years, or of texts that hold the year. */
export function timeCondition(column: ColumnProfile, span: TimeSpan): Condition {
  const left = columnOf(column);
  if (isNumeric(column)) {
    if (span.years) return equalsAny(column, span.years);
    const [first, last] = [span.start, span.end].map((iso) => (iso === null ? null : Number(iso.slice(0, 4))));
    if (first !== null && last !== null && first !== undefined && last !== undefined) {
      return first === last ? compare(left, '=', literal(first)) : { between: [first, last], left };
    }
    if (first !== null && first !== undefined) return compare(left, '>=', literal(first));
    return compare(left, '<=', literal(last ?? null));
  }
  if (column.type === 'text') {
    const year = (span.start ?? span.end ?? '').slice(0, 4);
    const exact = column.values?.find((value) => value === year);
    return exact === undefined ? { text: 'contains', left, value: year } : compare(left, '=', literal(exact));
  }
  if (span.years) return { in: span.years, left: { column: column.name, grain: 'year' } };
  if (
    span.unit === 'year' &&
    span.start !== null &&
    span.end !== null &&
    span.start.slice(0, 4) === span.end.slice(0, 4)
  ) {
    return compare({ column: column.name, grain: 'year' }, '=', literal(Number(span.start.slice(0, 4))));
  }
  const parts: Condition[] = [];
  if (span.start !== null && span.start === span.end && column.type === 'date')
    return compare(left, '=', literal(span.start));
  if (span.start !== null) parts.push(compare(left, '>=', literal(span.start)));
  if (span.end !== null) {
    parts.push(
      column.type === 'datetime'
        ? compare(left, '<', literal(nextDay(span.end)))
        : compare(left, '<=', literal(span.end)),
    );
  }
  return allOf(parts) ?? compare(left, '>=', literal(span.start));
}

/** A name for an output that says what it is: `avg_age`, `count`. */
export function outputName(expression: Expression): string {
  if ('column' in expression && expression.bin !== undefined) return `${expression.column} (bin)`;
  if ('column' in expression)
    return expression.grain === undefined ? expression.column : `${expression.column} (${expression.grain})`;
  if ('aggregate' in expression)
    return expression.of ? `${expression.aggregate}_${outputName(expression.of)}` : 'count';
  if ('scalar' in expression)
    return expression.scalar.of ? `${expression.scalar.aggregate}_${outputName(expression.scalar.of)}` : 'count';
  if ('window' in expression) return `${expression.window}_${outputName(expression.of)}`;
  if ('op' in expression) {
    return expression.op === 'percent_change'
      ? 'percent_change'
      : expression.op === '-' || expression.op === 'abs_difference'
        ? 'difference'
        : 'value';
  }
  return 'value';
}

export const sameExpression = (left: Expression, right: Expression): boolean =>
  JSON.stringify(left) === JSON.stringify(right);
