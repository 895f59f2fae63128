import type { ColumnProfile, ComputedColumn } from '../profile.js';
import type { Aggregate, Condition, Expression } from './analytical-query.js';
import { arithmetic } from './arithmetic.js';
import type { Compiled, Context, Scope } from './context.js';

/*
 * Measures that an owner defined. One of `row` level is put in the place of its name. One of `group` level, a ratio of sums say, is
 * over all rows of a group what its formula says, however it is asked for ("total", "average"); in a single row, it is that of a
 * group of one row: so has the highest of single rows a meaning, too.
 */

type Compile = (context: Context, expression: Expression, scope: Scope, path: string) => Compiled;

const ROWS: Scope = { groups: null, aggregates: false, windows: false, clause: 'a measure' };

/** The measure's value in a row. */
export function computedInRow(context: Context, column: ColumnProfile, path: string, compile: Compile): Compiled {
  const { expression } = computedOf(context, column, path);
  const value = rowValue(context, expression, path, compile);
  return { ...named(value, column), level: value.level === 'constant' ? 'row' : value.level };
}

/** The measure over the rows of a group that pass `where`. */
export function computedOverRows(
  context: Context,
  column: ColumnProfile,
  where: Condition | undefined,
  path: string,
  compile: Compile,
): Compiled {
  const { expression } = computedOf(context, column, path);
  const scope: Scope = { groups: new Set(), aggregates: true, windows: false, clause: 'a measure' };
  return named(compile(context, where === undefined ? expression : kept(expression, where), scope, path), column);
}

/** The column of an aggregate that is a formula over all rows already; null for any other. */
export function ratioIn(context: Context, aggregate: Aggregate, of: Expression | null): ColumnProfile | null {
  if ((aggregate !== 'sum' && aggregate !== 'avg') || of === null || !('column' in of)) return null;
  const column = context.profile.columns.find(({ name }) => name === of.column);
  return column?.computed?.level === 'group' ? column : null;
}

function computedOf(context: Context, { name, computed }: ColumnProfile, path: string): ComputedColumn {
  if (computed === undefined) throw new Error(`${name} is not worked out`);
  if (computed.problem !== undefined) context.fail(path, `"${name}" cannot be worked out: ${computed.problem}`);
  return computed;
}

/** `column` is left out: its numbers are results, and rounded as such. */
const named = (value: Compiled, { name, label, unit }: ColumnProfile): Compiled => ({ ...value, name, label, unit });

function rowValue(context: Context, expression: Expression, path: string, compile: Compile): Compiled {
  if ('op' in expression) {
    const [left, right] = [expression.left, expression.right].map((side) => rowValue(context, side, path, compile));
    if (left === undefined || right === undefined) throw new Error('an operator has two sides');
    return arithmetic(context, expression.op, left, right, path);
  }
  if (!('aggregate' in expression)) return compile(context, expression, ROWS, path);
  const { aggregate, of } = expression;
  if (of === null) return compile(context, { literal: 1 }, ROWS, path);
  const value = compile(context, of, ROWS, path);
  if (aggregate === 'count' || aggregate === 'count_distinct')
    return { ...value, sql: `num_nonnulls(${value.sql})::bigint`, type: 'bigint', unit: null, exact: 0 };
  return aggregate === 'stddev' ? { ...value, sql: 'NULL::float8', type: 'float8' } : value;
}

function kept(expression: Expression, where: Condition): Expression {
  if ('op' in expression)
    return { ...expression, left: kept(expression.left, where), right: kept(expression.right, where) };
  return 'aggregate' in expression ? { ...expression, where } : expression;
}
