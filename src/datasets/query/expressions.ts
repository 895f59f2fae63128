import type { Scalar } from '../../common/scalar.js';
import { type Aggregate, type Expression, type Grain, ROW_NUMBER } from './analytical-query.js';
import { type Compiled, type Context, isNumeric, isTemporal, type Scope, sqlTypeOf, TYPE_WORDS } from './context.js';
import { aggregateLabel, aggregateName, GRAIN_WORDS, lowerFirst } from './labels.js';

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
  if ('op' in expression) return arithmetic(context, expression, scope, path);
  return windowed(context, expression, scope, path);
}

function column(context: Context, expression: Kind<'column'>, scope: Scope, path: string): Compiled {
  if (scope.groups !== null && !isGroupedColumn(context, expression, scope, path)) {
    context.fail(
      path,
      `"${expression.column}" is neither grouped by nor inside an aggregate, so a group has no single value of it`,
    );
  }
  const level = scope.groups === null ? 'row' : 'group';
  if (expression.column === ROW_NUMBER) {
    if (expression.grain !== undefined) context.fail(path, 'The row number has no grain of time');
    const plain: Compiled = { ...plainColumn('row_number', 'bigint', level), label: 'Row', name: 'row', exact: 0 };
    return expression.bin === undefined ? plain : binned(context, plain, expression.bin, path);
  }
  const { column: profile, sql } = context.columnOf(expression.column, `${path}.column`);
  let compiled: Compiled = {
    ...plainColumn(sql, sqlTypeOf(profile.type), level),
    column: profile,
    unit: profile.unit,
    label: profile.label,
    name: profile.name,
    exact: profile.type === 'integer' ? 0 : profile.type === 'number' ? profile.decimals : null,
  };
  if (expression.grain !== undefined) compiled = atGrain(context, compiled, expression.grain, path);
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

function atGrain(context: Context, of: Compiled, grain: Grain, path: string): Compiled {
  const { sql, type } = of;
  const words = { label: `${of.label} (${GRAIN_WORDS[grain]})`, name: `${of.name} (${GRAIN_WORDS[grain]})` };
  if (!isTemporal(type)) {
    if (grain === 'year' && type === 'bigint') return of;
    context.fail(path, `"${of.name}" is ${TYPE_WORDS[type]}, so it has no ${GRAIN_WORDS[grain]}`);
  }
  if ((grain === 'hour' || grain === 'hour_of_day') && type === 'date') {
    context.fail(path, `"${of.name}" has dates without a time of day`);
  }
  const base: Compiled = { ...of, ...words, grain: 'other', exact: 0 };
  switch (grain) {
    case 'year':
      return { ...base, sql: `extract(year from ${sql})::bigint`, type: 'bigint' };
    case 'quarter':
      return { ...base, sql: `to_char(${sql}, 'YYYY-"Q"Q')`, type: 'text' };
    case 'month':
      return { ...base, sql: `to_char(${sql}, 'YYYY-MM')`, type: 'text' };
    case 'week':
      return { ...base, sql: `date_trunc('week', ${sql})::date`, type: 'date' };
    case 'day':
      return { ...base, sql: `${sql}::date`, type: 'date' };
    case 'hour':
      return { ...base, sql: `date_trunc('hour', ${sql})`, type: 'timestamp' };
    case 'weekday':
      return {
        ...base,
        sql: `to_char(${sql}, 'Dy')`,
        type: 'text',
        grain: 'weekday',
        orderSql: `extract(isodow from ${sql})`,
      };
    case 'month_of_year':
      return {
        ...base,
        sql: `to_char(${sql}, 'Mon')`,
        type: 'text',
        grain: 'month_of_year',
        orderSql: `extract(month from ${sql})`,
      };
    case 'day_of_month':
      return { ...base, sql: `extract(day from ${sql})::bigint`, type: 'bigint' };
    case 'hour_of_day':
      return { ...base, sql: `extract(hour from ${sql})::bigint`, type: 'bigint' };
  }
}

/** In decimal arithmetic: 0.3 lies in the bin that starts at 0.3 whatever doubles make of 0.3 / 0.1. */
function binned(context: Context, of: Compiled, width: number, path: string): Compiled {
  if (!isNumeric(of.type)) context.fail(path, `"${of.name}" is ${TYPE_WORDS[of.type]}; only numbers have bins`);
  if (!Number.isFinite(width) || width <= 0) context.fail(path, 'A bin needs a width above 0');
  const by = context.bind(width, 'numeric');
  const whole = of.type === 'bigint' && Number.isInteger(width);
  const sql = `(floor(${of.sql}::numeric / ${by}) * ${by})`;
  return {
    ...of,
    sql: whole ? `${sql}::bigint` : sql,
    type: whole ? 'bigint' : 'numeric',
    exact: null,
    grain: 'other',
  };
}

function aggregate(context: Context, expression: Kind<'aggregate'>, scope: Scope, path: string): Compiled {
  if (!scope.aggregates) context.fail(path, `An aggregate cannot stand in ${scope.clause}`);
  const inner: Scope = { groups: null, aggregates: false, windows: false, clause: 'an aggregate' };
  const made = aggregated(context, expression, inner, path);
  if (expression.where === undefined) return made;
  const where = context.condition(
    context,
    expression.where,
    { ...inner, clause: 'the where of an aggregate' },
    `${path}.where`,
  );
  return { ...made, sql: filtered(expression.aggregate, made.sql, where) };
}

/** FILTER belongs right behind the aggregate call; casts of ours stand outside of it. */
const filtered = (name: Aggregate, sql: string, where: string): string =>
  sql.endsWith('::float8') && name !== 'min' && name !== 'max'
    ? `(${sql.slice(0, -'::float8'.length)} FILTER (WHERE ${where}))::float8`
    : `${sql} FILTER (WHERE ${where})`;

function aggregated(
  context: Context,
  { aggregate: name, of, with: second }: { aggregate: Aggregate; of: Expression | null; with?: Expression | undefined },
  scope: Scope,
  path: string,
): Compiled {
  const base = { level: 'group', hasAggregate: true, hasWindow: false } as const;
  if (second !== undefined && name !== 'correlation')
    context.fail(`${path}.with`, 'Only a correlation has a second operand');
  if (of === null) {
    if (name !== 'count') context.fail(`${path}.of`, `"${name}" needs a column`);
    return { ...base, sql: 'count(*)', type: 'bigint', unit: null, label: 'Count', name: 'count', exact: 0 };
  }
  const value = compileExpression(context, of, scope, `${path}.of`);
  const words = { label: aggregateLabel(name, value), name: aggregateName(name, value) };
  const needsNumbers =
    name === 'sum' || name === 'avg' || name === 'median' || name === 'stddev' || name === 'correlation';
  if (needsNumbers && !isNumeric(value.type)) {
    context.fail(`${path}.of`, `"${value.name}" is ${TYPE_WORDS[value.type]}, so it has no ${name}`);
  }
  const { sql } = value;
  const numeric = { ...base, ...words, unit: value.unit, exact: null, type: 'float8' } as const;
  switch (name) {
    case 'count':
      return { ...base, ...words, sql: `count(${sql})`, type: 'bigint', unit: null, exact: 0 };
    case 'count_distinct':
      return { ...base, ...words, sql: `count(DISTINCT ${sql})`, type: 'bigint', unit: null, exact: 0 };
    case 'sum':
      return {
        ...numeric,
        sql: `sum(${sql})`,
        type: value.type === 'float8' ? 'float8' : 'numeric',
        exact: value.exact,
      };
    case 'avg':
      return { ...numeric, sql: `avg(${sql})::float8` };
    case 'median':
      return { ...numeric, sql: `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${sql}::float8)` };
    case 'stddev':
      return { ...numeric, sql: `stddev_samp(${sql}::float8)` };
    case 'correlation': {
      if (second === undefined) context.fail(`${path}.with`, 'A correlation needs a second column in "with"');
      const other = compileExpression(context, second, scope, `${path}.with`);
      if (!isNumeric(other.type))
        context.fail(`${path}.with`, `"${other.name}" is ${TYPE_WORDS[other.type]}, so it has no correlation`);
      return {
        ...numeric,
        sql: `corr(${sql}::float8, ${other.sql}::float8)`,
        unit: null,
        label: `Correlation of ${lowerFirst(value.label)} and ${lowerFirst(other.label)}`,
        name: `correlation_${value.name}_${other.name}`,
      };
    }
    case 'min':
    case 'max': {
      if (value.type === 'boolean')
        return {
          ...base,
          ...words,
          sql: `bool_${name === 'min' ? 'and' : 'or'}(${sql})`,
          type: 'boolean',
          unit: null,
          exact: null,
        };
      const operand = value.type === 'text' ? `(${sql}) COLLATE "C"` : sql;
      return { ...base, ...words, sql: `${name}(${operand})`, type: value.type, unit: value.unit, exact: value.exact };
    }
  }
}

function scalar(context: Context, { scalar: inner }: Kind<'scalar'>, path: string): Compiled {
  const at = `${path}.scalar`;
  const scope: Scope = { groups: null, aggregates: false, windows: false, clause: 'a scalar' };
  const value = aggregated(context, inner, scope, at);
  const where =
    inner.where === undefined
      ? ''
      : ` WHERE ${context.condition(context, inner.where, { ...scope, clause: 'the where of a scalar' }, `${at}.where`)}`;
  return {
    ...value,
    sql: `(SELECT ${value.sql} FROM ${context.table}${where})`,
    level: 'constant',
    hasAggregate: false,
  };
}

export function literal(context: Context, value: Scalar, path: string): Compiled {
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

const OP_WORDS = { '+': '+', '-': '−', '*': '×', '/': '/' } as const;
const OP_NAMES = {
  '+': 'plus',
  '-': 'minus',
  '*': 'times',
  '/': 'per',
  percent_change: 'percent_change',
  abs_difference: 'difference',
} as const;

function arithmetic(context: Context, { op, left, right }: Kind<'op'>, scope: Scope, path: string): Compiled {
  const [l, r] = [
    compileExpression(context, left, scope, `${path}.left`),
    compileExpression(context, right, scope, `${path}.right`),
  ];
  const base = {
    level:
      l.level === 'row' || r.level === 'row'
        ? 'row'
        : l.level === 'group' || r.level === 'group'
          ? 'group'
          : 'constant',
    hasAggregate: l.hasAggregate || r.hasAggregate,
    hasWindow: l.hasWindow || r.hasWindow,
    name: `${l.name}_${OP_NAMES[op]}_${r.name}`,
  } as const;
  if (isTemporal(l.type) && isTemporal(r.type) && (op === '-' || op === 'abs_difference')) {
    const days = `(extract(epoch from (${l.sql}::timestamp - ${r.sql}::timestamp)) / 86400)::float8`;
    const sql = op === '-' ? days : `abs(${days})`;
    return { ...base, sql, type: 'float8', unit: 'days', label: `${l.label} − ${lowerFirst(r.label)}`, exact: null };
  }
  for (const [side, operand] of [
    ['left', l],
    ['right', r],
  ] as const) {
    if (!isNumeric(operand.type))
      context.fail(`${path}.${side}`, `"${operand.name}" is ${TYPE_WORDS[operand.type]}; "${op}" needs numbers`);
  }
  const sameUnit =
    l.unit === r.unit ? l.unit : r.literal !== undefined ? l.unit : l.literal !== undefined ? r.unit : null;
  const places = l.exact === null || r.exact === null ? null : Math.max(l.exact, r.exact);
  const type = l.type === 'float8' || r.type === 'float8' ? 'float8' : 'numeric';
  const [a, b] = type === 'numeric' ? [`${l.sql}::numeric`, `${r.sql}::numeric`] : [l.sql, r.sql];
  const [x, y] = [`${l.sql}::float8`, `${r.sql}::float8`];
  switch (op) {
    case '+':
    case '-':
      return {
        ...base,
        sql: `(${a} ${op} ${b})`,
        type,
        unit: sameUnit,
        label: `${l.label} ${OP_WORDS[op]} ${lowerFirst(r.label)}`,
        exact: places,
      };
    case '*': {
      const exact = l.exact === null || r.exact === null ? null : l.exact + r.exact;
      return {
        ...base,
        sql: `(${a} * ${b})`,
        type,
        unit: r.literal !== undefined ? l.unit : l.literal !== undefined ? r.unit : null,
        label: `${l.label} × ${lowerFirst(r.label)}`,
        exact,
      };
    }
    case '/':
      return {
        ...base,
        sql: `(${x} / NULLIF(${y}, 0))`,
        type: 'float8',
        unit: r.literal !== undefined ? l.unit : null,
        label: `${l.label} / ${lowerFirst(r.label)}`,
        exact: null,
      };
    case 'abs_difference':
      return {
        ...base,
        sql: `abs(${a} - ${b})`,
        type,
        unit: sameUnit,
        label: `Difference between ${lowerFirst(l.label)} and ${lowerFirst(r.label)}`,
        exact: places,
      };
    case 'percent_change':
      return {
        ...base,
        sql: `((${x} - ${y}) / NULLIF(abs(${y}), 0) * 100)`,
        type: 'float8',
        unit: '%',
        label: `Change from ${lowerFirst(r.label)} to ${lowerFirst(l.label)}`,
        exact: null,
      };
  }
}

function windowed(
  context: Context,
  { window: name, of, within, orderBy }: Kind<'window'>,
  scope: Scope,
  path: string,
): Compiled {
  if (!scope.windows) context.fail(path, `"${name}" works over the result, so it cannot stand in ${scope.clause}`);
  const inner: Scope = { ...scope, windows: false, clause: `"${name}"` };
  const value = compileExpression(context, of, inner, `${path}.of`);
  if (!isNumeric(value.type) && name !== 'rank')
    context.fail(`${path}.of`, `"${value.name}" is ${TYPE_WORDS[value.type]}, so it has no ${name}`);
  const parts = (within ?? []).map((part, i) => compileExpression(context, part, inner, `${path}.within.${i}`).sql);
  const partition = parts.length === 0 ? '' : `PARTITION BY ${parts.join(', ')}`;
  const by = orderBy === undefined ? null : compileExpression(context, orderBy, inner, `${path}.orderBy`);
  if (by === null && (name === 'change' || name === 'percent_change' || name === 'running')) {
    context.fail(`${path}.orderBy`, `"${name}" needs an order: what comes before what`);
  }
  const order = by === null ? '' : `ORDER BY ${sortKey(by, scope.groups !== null)} NULLS LAST`;
  const over = (clauses: string): string => `OVER (${[partition, clauses].filter((part) => part !== '').join(' ')})`;
  const base = {
    type: 'float8',
    level: value.level,
    hasAggregate: value.hasAggregate,
    hasWindow: true,
    unit: value.unit,
    exact: null,
  } as const;
  const x = `${value.sql}::float8`;
  const previous = `lag(${x}) ${over(order)}`;
  const said = lowerFirst(value.label);
  switch (name) {
    case 'share':
      return {
        ...base,
        sql: `(100 * ${x} / NULLIF(sum(${x}) ${over('')}, 0))`,
        unit: '%',
        label: `Share of ${said}`,
        name: `${value.name}_share`,
      };
    case 'change':
      return {
        ...base,
        sql: `(${x} - ${previous})`,
        exact: value.exact,
        label: `Change in ${said}`,
        name: `${value.name}_change`,
      };
    case 'percent_change':
      return {
        ...base,
        sql: `(100 * (${x} - ${previous}) / NULLIF(abs(${previous}), 0))`,
        unit: '%',
        label: `Change in ${said}`,
        name: `${value.name}_percent_change`,
      };
    case 'running':
      return {
        ...base,
        sql: `sum(${x}) ${over(`${order} ROWS UNBOUNDED PRECEDING`)}`,
        exact: value.exact,
        label: `Running total of ${said}`,
        name: `${value.name}_running`,
      };
    case 'rank':
      return {
        ...base,
        sql: `rank() ${over(`ORDER BY ${sortKey(value, scope.groups !== null)} DESC NULLS LAST`)}`,
        type: 'bigint',
        unit: null,
        exact: 0,
        label: `Rank by ${said}`,
        name: `${value.name}_rank`,
      };
  }
}

/** What ORDER BY sorts on: text without regard to case, the same on every server's locale; weekdays in the order of the week. */
export function sortKey({ sql, type, orderSql, level }: Compiled, inGroups: boolean): string {
  // Within a group of equal weekdays every row has the same number, so its minimum is that number.
  if (orderSql !== undefined) return inGroups && level === 'group' ? `min(${orderSql})` : orderSql;
  return type === 'text' ? `lower(${sql}) COLLATE "C"` : sql;
}
