import type { Scalar } from '../../common/scalar.js';
import type { ColumnType, DatasetProfile, JoinedDataset } from '../profile.js';
import { rowTable } from '../row-table.js';
import type { AnalyticalQuery, Expression, Subquery } from './analytical-query.js';
import { compileCondition } from './conditions.js';
import { type Compiled, Context, type Scope, type SqlType } from './context.js';
import { decode, outputSql } from './decode.js';
import { compileExpression, keyOf } from './expressions.js';
import { type Outputs, type Shape, isCollapsed, orderSql, ordering } from './ordering.js';
import { type Page, statementSql, usedOnly } from './statement.js';

/** One read-only statement, and how its rows become a result set. */
export interface CompiledQuery {
  /** Only identifiers and constants of ours; every name and value of a user is one of `values`. */
  readonly text: string;
  readonly values: readonly Scalar[];
  readonly columns: readonly CompiledColumn[];
  /** Related data sets that it reads besides. */
  readonly joins: readonly JoinedDataset[];
  /** Whether the last output is the number of rows that passed `where` (`matched`). */
  readonly hasMatched: boolean;
  /** At most this many rows are to be given; the statement asks for one more, which shows that the limit cut. */
  readonly rowLimit: number;
  /** Rows of the statement (arrays of outputs) as the result's rows. */
  decode(rows: readonly (readonly Scalar[])[]): { rows: Scalar[][]; truncated: boolean; matchedRows: number | null };
}

export interface CompiledColumn {
  readonly name: string;
  readonly label: string;
  readonly type: ColumnType;
  readonly unit: string | null;
  readonly kind: 'group' | 'value';
}

export interface CompileOptions {
  /** Most rows that a result may have. */
  readonly rowLimit?: number;
}

const TABLE = /^(?:[a-z_][a-z0-9_]*\.)?(?:"[a-z_][a-z0-9_]*"|[a-z_][a-z0-9_]*)$/;

/**
 * An analytical query as one parameterised statement for PostgreSQL 15+. `table` has the data set's columns as `c1`, `c2`… in the
 * profile's order and `row_number` (1-based), and is a name of ours.
 *
 *     const compiled = compile(query, profile, 'dataset_rows."d_…"');
 *     const { rows } = await pool.query({ text: compiled.text, values: [...compiled.values], rowMode: 'array' });
 *     const { rows: scalars, truncated, matchedRows } = compiled.decode(rows);
 *
 * Meaning, where the query leaves it open: text equals text without regard to case, accents and outer blanks; missing values
 * sort last and fail every comparison but `missing`; a date equals a year, month or day when it lies in it; ties keep the order of
 * the group's keys (groups) or of the file (rows); groups without an order come in the order of their keys.
 * @throws {422} query_invalid, naming the path of the part that is wrong
 */
export function compile(
  query: Omit<AnalyticalQuery, 'datasetId'>,
  profile: DatasetProfile,
  table: string,
  { rowLimit = 1_000 }: CompileOptions = {},
): CompiledQuery {
  if (!TABLE.test(table)) throw new Error('not a table of ours');
  const context = new Context(
    profile,
    table,
    ({ rowsId, id }) => rowTable(rowsId ?? id),
    compileCondition,
    compileSubquery,
  );
  const shape = shapeOf(context, query, '');
  const outputs = query.select.map(({ value, as }, i) => {
    const compiled = compileExpression(context, value, shape.scope, `select.${i}.value`);
    return { compiled, name: as ?? compiled.name, key: keyOf(context, value, `select.${i}.value`) };
  });
  const order = ordering(context, query, shape, outputs, 'orderBy');
  if (query.distinct === true && query.withTies === true && !isCollapsed(shape, outputs)) {
    context.fail('withTies', 'withTies and distinct go together only for plain rows');
  }
  const limit = Math.min(query.limit ?? rowLimit, rowLimit);
  const matched = shape.scope.groups === null ? null : matchedSql(shape);
  const items = outputs.map(({ compiled }, i) => `${outputSql(compiled)} AS o${i + 1}`);
  const page: Page = {
    limit,
    offset: Math.trunc(query.offset ?? 0),
    rowLimit,
    withTies: query.withTies === true && query.limit !== undefined,
    qualify: qualifySql(context, query, shape),
  };
  const statement = statementSql(shape, outputs, items, matched === null ? [] : [`${matched} AS matched`], order, page);
  const { text, values } = usedOnly(statement, context.values);
  const columns = resultColumns(outputs, shape);
  const cap = query.withTies === true ? rowLimit : limit;
  return {
    text,
    values,
    columns,
    joins: [...context.joins],
    hasMatched: matched !== null,
    rowLimit: cap,
    decode: (rows) =>
      decode(
        rows,
        outputs.map(({ compiled }) => compiled),
        matched !== null,
        cap,
        query.limit !== undefined && query.limit <= rowLimit && query.withTies !== true,
      ),
  };
}

/** The condition on rows of the result, null where there is none. */
function qualifySql(
  context: Context,
  { qualify, distinct }: Pick<AnalyticalQuery, 'qualify' | 'distinct'>,
  shape: Shape,
): string | null {
  if (qualify === undefined) return null;
  if (distinct === true) context.fail('qualify', 'qualify and distinct do not go together');
  return context.condition(context, qualify, { ...shape.scope, clause: 'qualify' }, 'qualify');
}

function shapeOf(
  context: Context,
  query: Pick<AnalyticalQuery, 'where' | 'groupBy' | 'having' | 'orderBy' | 'distinct'> & {
    select: AnalyticalQuery['select'];
  },
  path: string,
): Shape {
  const prefix = path === '' ? '' : `${path}.`;
  const plain: Scope = { groups: null, aggregates: false, windows: false, clause: 'where' };
  const groupBy = query.groupBy ?? [];
  const groups = groupBy.map((by, i) => {
    const compiled = compileExpression(context, by, { ...plain, clause: 'groupBy' }, `${prefix}groupBy.${i}`);
    if (compiled.level === 'constant')
      context.fail(`${prefix}groupBy.${i}`, 'Every row has the same value there, so it groups nothing');
    return compiled;
  });
  const groupKeys = groupBy.map((by, i) => keyOf(context, by, `${prefix}groupBy.${i}`));
  const inGroups =
    groups.length > 0 ||
    query.having !== undefined ||
    query.select.some(({ value }) => hasAggregate(value)) ||
    (query.orderBy ?? []).some(({ by }) => hasAggregate(by));
  const scope: Scope = {
    groups: inGroups ? new Set(groupKeys) : null,
    aggregates: inGroups,
    windows: true,
    clause: 'select',
  };
  const where =
    query.where === undefined ? '' : ` WHERE ${context.condition(context, query.where, plain, `${prefix}where`)}`;
  const having =
    query.having === undefined
      ? ''
      : ` HAVING ${context.condition(context, query.having, { ...scope, windows: false, clause: 'having' }, `${prefix}having`)}`;
  return {
    scope,
    from: context.from([query.select, query.where, query.groupBy, query.having, query.orderBy]),
    where,
    groupBy: groups.length === 0 ? '' : ` GROUP BY ${[...new Set(groups.map(({ sql }) => sql))].join(', ')}`,
    having,
    groups,
    groupKeys,
    distinct: query.distinct ?? false,
  };
}

/** Whether the expression needs groups; a `scalar` has a statement of its own. */
function hasAggregate(expression: Expression): boolean {
  if ('aggregate' in expression) return true;
  if ('op' in expression) return hasAggregate(expression.left) || hasAggregate(expression.right);
  if ('window' in expression) {
    return [
      expression.of,
      ...(expression.within ?? []),
      ...(expression.orderBy === undefined ? [] : [expression.orderBy]),
    ].some(hasAggregate);
  }
  return false;
}

/** Rows of the table that passed `where`; groups that `having` dropped count too. */
function matchedSql(shape: Shape): string {
  if (shape.having !== '') return `(SELECT count(*)${shape.from}${shape.where})`;
  return shape.groups.length === 0 ? 'count(*)' : 'sum(count(*)) OVER ()';
}

function compileSubquery(context: Context, query: Subquery, path: string): Compiled {
  context.visit(path);
  const select = [{ value: query.select }];
  const shape = shapeOf(context, { ...query, select }, path);
  const value = compileExpression(context, query.select, shape.scope, `${path}.select`);
  const outputs = [{ compiled: value, name: value.name, key: keyOf(context, query.select, `${path}.select`) }];
  const limited = query.limit === undefined ? '' : ` LIMIT ${Math.trunc(query.limit)}`;
  const order = ordering(context, query, shape, outputs, `${path}.orderBy`);
  const sorted = limited === '' ? '' : orderSql([...order.asked, ...order.ties]);
  const sql = `SELECT ${value.sql} AS v${shape.from}${shape.where}${shape.groupBy}${shape.having}${sorted}`;
  return { ...value, sql: `${sql}${limited}` };
}

const RESULT_TYPES: Readonly<Record<SqlType, ColumnType>> = {
  bigint: 'integer',
  float8: 'number',
  numeric: 'number',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'datetime',
  null: 'text',
};

function resultColumns(outputs: Outputs, shape: Shape): CompiledColumn[] {
  const taken = new Set<string>();
  return outputs.map(({ compiled, name: wanted, key }) => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    const { label, type, unit, column, hasAggregate: aggregates, exact } = compiled;
    const whole = type === 'numeric' && exact === 0;
    const groups = shape.groupKeys.includes(key) || (!aggregates && (column !== undefined || compiled.name === 'row'));
    return {
      name,
      label,
      type: whole ? 'integer' : RESULT_TYPES[type],
      unit,
      kind: groups ? 'group' : 'value',
    };
  });
}
