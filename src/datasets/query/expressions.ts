import type { Scalar } from '../../common/scalar.js';
import { aggregated, filtered } from './aggregates.js';
import { type Aggregate, type Expression, ROW_NUMBER } from './analytical-query.js';
import { arithmetic } from './arithmetic.js';
import { computedInRow, computedOverRows, ratioIn } from './computed.js';
import { type Compiled, type Context, type Scope, sqlTypeOf } from './context.js';
import { columnNamed } from '../profile.js';
import { atGrain, binned, stepOf } from './grains.js';
import { windowed } from './windows.js';

type Kind<K extends string> = Extract<Expression, Record<K, unknown>>;

/** What an expression is known by when `groupBy` and `select` are compared: equal keys mean the same thing. */
export function keyOf(context: Context, expression: Expression, path: string): string {
  if ('column' in expression) {
    const index = expression.column === ROW_NUMBER ? -1 : context.columnOf(expression.column, `${path}.column`).index;
    return `c${index}:${expression.grain ?? ''}:${expression.bin ?? ''}`;
  }
  return JSON.stringify(expression);
}

/** @throws {422} query_invalid, with the path of the part that is wrong */
export function compileExpression(context: Context, expression: Expression, scope: Scope, path: string): Compiled {
  context.visit(path);
  const grouped = scope.groups?.has(keyOf(context, expression, path)) ?? false;
  if (grouped) {
    const inner = compileExpression(
      context,
      expression,
      { ...scope, groups: null, aggregates: false, windows: false },
      path,
    );
    return { ...inner, level: 'group' };
  }
  if ('column' in expression) return column(context, expression, scope, path);
  if ('aggregate' in expression) return aggregate(context, expression, scope, path);
  if ('scalar' in expression) return scalar(context, expression, path);
  if ('literal' in expression) return literal(context, expression.literal, path);
  if ('read' in expression) return readIn(context, expression, scope, path);
  if ('op' in expression) {
    const left = compileExpression(context, expression.left, scope, `${path}.left`);
    const right = compileExpression(context, expression.right, scope, `${path}.right`);
    return arithmetic(context, expression.op, left, right, path);
  }
  return overResult(context, expression, scope, path);
}

function column(context: Context, expression: Kind<'column'>, scope: Scope, path: string): Compiled {
  const ratio = scope.groups !== null && scope.aggregates ? ratioIn(context, 'avg', expression) : null;
  if (ratio !== null) return computedOverRows(context, ratio, undefined, path, compileExpression);
  if (scope.groups !== null && !isGroupedColumn(context, expression, scope, path)) {
    context.fail(
      path,
      `"${expression.column}" is neither grouped by nor inside an aggregate, so a group has no single value of it`,
    );
  }
  const level: Compiled['level'] = scope.groups === null ? 'row' : 'group';
  if (expression.column === ROW_NUMBER) {
    if (expression.grain !== undefined) context.fail(path, 'The row number has no grain of time');
    const plain: Compiled = { ...plainColumn('row_number', 'bigint', level), label: 'Row', name: 'row', exact: 0 };
    return expression.bin === undefined ? plain : binned(context, plain, expression.bin, path);
  }
  const { column: profile, sql } = context.columnOf(expression.column, `${path}.column`);
  if (profile.computed !== undefined) {
    const value = { ...computedInRow(context, profile, path, compileExpression), level };
    return expression.bin === undefined ? value : binned(context, value, expression.bin, path);
  }
  let compiled: Compiled = {
    ...plainColumn(sql, sqlTypeOf(profile.type), level),
    column: profile,
    unit: profile.unit,
    label: profile.label,
    name: profile.name,
    exact: profile.type === 'integer' ? 0 : profile.type === 'number' ? profile.decimals : null,
  };
  const step = expression.bin === undefined ? stepOf(sql, compiled.type, expression.grain) : undefined;
  if (expression.grain !== undefined) compiled = atGrain(context, compiled, expression.grain, path);
  if (step !== undefined) compiled = { ...compiled, step };
  return expression.bin === undefined ? compiled : binned(context, compiled, expression.bin, path);
}

const plainColumn = (sql: string, type: Compiled['type'], level: Compiled['level']) => ({
  sql,
  type,
  level,
  hasAggregate: false,
  hasWindow: false,
  unit: null,
});

/** A coarser grain or a bin of a column that is itself a group key is constant within the group too. */
function isGroupedColumn(context: Context, expression: Kind<'column'>, scope: Scope, path: string): boolean {
  return (
    (expression.grain !== undefined || expression.bin !== undefined) &&
    (scope.groups?.has(keyOf(context, { column: expression.column }, path)) ?? false)
  );
}

function aggregate(context: Context, expression: Kind<'aggregate'>, scope: Scope, path: string): Compiled {
  if (!scope.aggregates) context.fail(path, `An aggregate cannot stand in ${scope.clause}`);
  const ratio = ratioIn(context, expression.aggregate, expression.of);
  if (ratio !== null) return computedOverRows(context, ratio, expression.where, path, compileExpression);
  const inner: Scope = { groups: null, aggregates: false, windows: false, clause: 'an aggregate' };
  const made = operands(context, expression, inner, path);
  if (expression.where === undefined) return made;
  const where = context.condition(
    context,
    expression.where,
    { ...inner, clause: 'the where of an aggregate' },
    `${path}.where`,
  );
  return { ...made, sql: filtered(expression.aggregate, made.sql, where) };
}

function operands(
  context: Context,
  { aggregate: name, of, with: second }: { aggregate: Aggregate; of: Expression | null; with?: Expression | undefined },
  scope: Scope,
  path: string,
): Compiled {
  const value = of === null ? null : compileExpression(context, of, scope, `${path}.of`);
  const other = second === undefined ? null : compileExpression(context, second, scope, `${path}.with`);
  return aggregated(context, name, value, other, path);
}

function scalar(context: Context, { scalar: inner }: Kind<'scalar'>, path: string): Compiled {
  const at = `${path}.scalar`;
  const scope: Scope = { groups: null, aggregates: false, windows: false, clause: 'a scalar' };
  const ratio = ratioIn(context, inner.aggregate, inner.of);
  const value =
    ratio === null
      ? operands(context, inner, scope, at)
      : computedOverRows(context, ratio, undefined, at, compileExpression);
  const where =
    inner.where === undefined
      ? ''
      : ` WHERE ${context.condition(context, inner.where, { ...scope, clause: 'the where of a scalar' }, `${at}.where`)}`;
  return {
    ...value,
    sql: `(SELECT ${value.sql}${context.from([inner])}${where})`,
    level: 'constant',
    hasAggregate: false,
    label: cellLabel(context, inner, scope, at) ?? value.label,
  };
}

/** `Revenue of Northern branch`: where a column names the rows, the lowest or highest under one name is its one cell. */
function cellLabel(
  context: Context,
  { aggregate, of, where }: Kind<'scalar'>['scalar'],
  scope: Scope,
  path: string,
): string | null {
  if ((aggregate !== 'min' && aggregate !== 'max') || of === null || where === undefined) return null;
  if (!('compare' in where) || where.compare !== '=' || !('column' in where.left) || !('literal' in where.right)) {
    return null;
  }
  const { left } = where;
  const names = columnNamed(context.profile, left.column);
  if (names === null || names.distinct < 0.9 * (context.profile.rowCount - names.nulls)) return null;
  return `${compileExpression(context, of, scope, `${path}.of`).label} of ${String(where.right.literal).slice(0, 60)}`;
}

function literal(context: Context, value: Scalar, path: string): Compiled {
  const base = {
    level: 'constant',
    hasAggregate: false,
    hasWindow: false,
    unit: null,
    literal: value,
    name: 'value',
  } as const;
  if (value === null) return { ...base, sql: 'NULL', type: 'null', label: 'Nothing', exact: null };
  const label = String(value).slice(0, 60);
  if (typeof value === 'string') return { ...base, sql: context.bind(value, 'text'), type: 'text', label, exact: null };
  if (typeof value === 'boolean')
    return { ...base, sql: context.bind(value, 'boolean'), type: 'boolean', label, exact: null };
  if (!Number.isFinite(value)) context.fail(path, 'A literal number must be finite');
  const whole = Number.isSafeInteger(value);
  return {
    ...base,
    sql: context.bind(value, whole ? 'bigint' : 'float8'),
    type: whole ? 'bigint' : 'float8',
    label,
    exact: whole ? 0 : (/\.(\d+)$/.exec(String(value))?.[1]?.length ?? null),
  };
}

/** A minus counts where no letter or digit stands before it, so that "28-27" starts with 28 and ends with no negative. */
const NUMBER_IN_TEXT =
  '((?:(?<![[:alnum:]])[-−])?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,200})(?:[.][0-9]{1,200})?)';
const YEAR_IN_TEXT = '(?<![0-9])(1[0-9]{3}|2[01][0-9]{2})(?![0-9])';

function readIn(context: Context, { read, from }: Kind<'read'>, scope: Scope, path: string): Compiled {
  const of = compileExpression(context, from, scope, `${path}.from`);
  const text = of.type === 'text' ? of.sql : `(${of.sql})::text`;
  const { level, hasAggregate, hasWindow, label } = of;
  const base = { level, hasAggregate, hasWindow, label, unit: null } as const;
  return read === 'year'
    ? {
        ...base,
        sql: `substring(${text} FROM '${YEAR_IN_TEXT}')::bigint`,
        type: 'bigint',
        name: `${of.name} (year)`,
        exact: 0,
      }
    : {
        ...base,
        sql: `translate(substring(${text} FROM '${NUMBER_IN_TEXT}'), '−,', '-')::float8`,
        type: 'float8',
        name: `${of.name} (number)`,
        exact: null,
      };
}

function overResult(
  context: Context,
  { window: name, of, within = [], orderBy, periods, direction }: Kind<'window'>,
  scope: Scope,
  path: string,
): Compiled {
  if (!scope.windows) context.fail(path, `"${name}" works over the result, so it cannot stand in ${scope.clause}`);
  const inner: Scope = { ...scope, windows: false, clause: `"${name}"` };
  const value = compileExpression(context, of, inner, `${path}.of`);
  const parts = within.map((part, i) => compileExpression(context, part, inner, `${path}.within.${i}`));
  const by = orderBy === undefined ? null : compileExpression(context, orderBy, inner, `${path}.orderBy`);
  const asked = { name, periods: periods ?? null, direction: direction ?? 'desc' };
  return windowed(context, asked, value, parts, by, scope.groups !== null, path);
}
