import type { Scalar } from '../../common/scalar.js';
import type { ColumnType, DatasetProfile } from '../profile.js';
import type { AnalyticalQuery, Expression, Order, Subquery } from './analytical-query.js';
import { compileCondition } from './conditions.js';
import { type Compiled, Context, type Scope, type SqlType } from './context.js';
import { decode, outputSql } from './decode.js';
import { compileExpression, keyOf } from './expressions.js';
import { sortKey } from './sort-key.js';

/** One read-only statement, and how its rows become a result set. */
export interface CompiledQuery {
  /** Only identifiers and constants of ours; every name and value of a user is one of `values`. */
  readonly text: string;
  readonly values: readonly Scalar[];
  readonly columns: readonly CompiledColumn[];
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
  const context = new Context(profile, table, compileCondition, compileSubquery);
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
  const matched = shape.scope.groups === null ? null : matchedSql(context, shape);
  const items = outputs.map(({ compiled }, i) => `${outputSql(compiled)} AS o${i + 1}`);
  const page: Page = {
    limit,
    offset: Math.trunc(query.offset ?? 0),
    rowLimit,
    withTies: query.withTies === true && query.limit !== undefined,
  };
  const statement = statementSql(shape, outputs, items, matched === null ? [] : [`${matched} AS matched`], order, page);
  const { text, values } = usedOnly(statement, context.values);
  const columns = resultColumns(outputs, shape);
  const cap = query.withTies === true ? rowLimit : limit;
  return {
    text,
    values,
    columns,
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

/** The parts of a SELECT around its outputs. */
interface Shape {
  readonly scope: Scope;
  readonly from: string;
  readonly where: string;
  readonly groupBy: string;
  readonly having: string;
  readonly groups: readonly Compiled[];
  readonly groupKeys: readonly string[];
  readonly distinct: boolean;
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
    from: ` FROM ${context.table}`,
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

interface Term {
  readonly key: string;
  readonly direction: 'ASC' | 'DESC';
}

interface Ordering {
  /** What the query asks for. */
  readonly asked: readonly Term[];
  /** What makes the order of equals the same every time. */
  readonly ties: readonly Term[];
}

const orderSql = (terms: readonly Term[]): string =>
  terms.length === 0
    ? ''
    : ` ORDER BY ${terms.map(({ key, direction }) => `${key} ${direction} NULLS LAST`).join(', ')}`;

type Outputs = readonly { readonly compiled: Compiled; readonly name: string; readonly key: string }[];

function ordering(
  context: Context,
  query: Pick<AnalyticalQuery, 'orderBy'>,
  shape: Shape,
  outputs: Outputs,
  path: string,
): Ordering {
  const inGroups = shape.scope.groups !== null;
  const collapsed = isCollapsed(shape, outputs);
  const asked = (query.orderBy ?? []).map(({ by, direction }: Order, i): Term => {
    const compiled = orderedBy(context, by, shape, outputs, `${path}.${i}.by`);
    const key = compiled.type === 'boolean' ? `(${compiled.sql})::integer` : sortKey(compiled, inGroups);
    // Equal rows are shown once: what they are sorted by and do not show is taken at its best.
    const isShown = outputs.some((output) => output.compiled.sql === compiled.sql) && compiled.orderSql === undefined;
    return {
      key: collapsed && !isShown ? `${direction === 'asc' ? 'min' : 'max'}(${key})` : key,
      direction: direction === 'asc' ? 'ASC' : 'DESC',
    };
  });
  const ties = inGroups ? groupOrder(shape) : [collapsed ? 'min(row_number)' : 'row_number'];
  const known = new Set(asked.map(({ key }) => key));
  return { asked, ties: ties.filter((key) => !known.has(key)).map((key) => ({ key, direction: 'ASC' })) };
}

const groupOrder = ({ groups }: Shape): string[] =>
  groups.flatMap((group) => [
    sortKey({ ...group, level: 'group' }, true),
    ...(group.type === 'text' ? [`${group.sql} COLLATE "C"`] : []),
  ]);

/** Distinct rows are groups by everything shown, unless a window has to see the rows first. */
const isCollapsed = ({ distinct, scope }: Shape, outputs: Outputs): boolean =>
  distinct && scope.groups === null && !outputs.some(({ compiled }) => compiled.hasWindow);

/** An order may also name an output by its `as`. */
function orderedBy(context: Context, by: Expression, shape: Shape, outputs: Outputs, path: string): Compiled {
  if ('column' in by && by.grain === undefined && by.bin === undefined) {
    const named = outputs.find((output) => output.name === by.column);
    const isColumn = context.profile.columns.some((column) => column.name === by.column);
    if (named !== undefined && !isColumn) return named.compiled;
  }
  const key = keyOf(context, by, path);
  return (
    outputs.find((output) => output.key === key)?.compiled ??
    compileExpression(context, by, { ...shape.scope, clause: 'orderBy' }, path)
  );
}

interface Page {
  readonly limit: number;
  readonly offset: number;
  readonly rowLimit: number;
  readonly withTies: boolean;
}

function statementSql(
  shape: Shape,
  outputs: Outputs,
  items: readonly string[],
  matched: readonly string[],
  { asked, ties }: Ordering,
  page: Page,
): string {
  const { limit, offset, rowLimit } = page;
  const all = [...items, ...matched];
  if (shape.scope.groups === null && outputs.every(({ compiled }) => compiled.level === 'constant')) {
    // One value worked out by itself is one row, not one for each row of the table.
    return `SELECT ${all.join(', ')}${shape.where === '' ? '' : `${shape.from}${shape.where} LIMIT 1`}`;
  }
  const more = ` LIMIT ${limit + (limit === rowLimit ? 1 : 0)}${offset > 0 ? ` OFFSET ${offset}` : ''}`;
  const collapsed = isCollapsed(shape, outputs);
  const distinctLater = shape.distinct && !collapsed;
  const varying = outputs.filter(({ compiled }) => compiled.level !== 'constant').map(({ compiled }) => compiled.sql);
  const grouping = collapsed ? ` GROUP BY ${[...new Set(varying)].join(', ')}` : shape.groupBy;
  const plain = (shown: readonly string[]): string =>
    `SELECT ${shown.join(', ')}${shape.from}${shape.where}${grouping}${shape.having}`;
  if (!page.withTies && !distinctLater) return plain(all) + orderSql([...asked, ...ties]) + more;
  const keys = [...asked, ...ties];
  const inner = plain([...all, ...keys.map(({ key }, i) => `${key} AS k${i + 1}`)]);
  const terms = keys.map(({ direction }, i): Term => ({ key: `k${i + 1}`, direction }));
  const names = all.map((item) => item.slice(item.lastIndexOf(' ') + 1)).join(', ');
  const place = `rank() OVER (${orderSql(terms.slice(0, asked.length)).trim()}) AS place`;
  const position = `row_number() OVER (${orderSql(terms).trim()}) AS position`;
  const placed = `(SELECT ${names}, ${place}, ${position} FROM (${inner}) AS t) AS t`;
  return distinctLater
    ? `SELECT ${names} FROM ${placed} GROUP BY ${names} ORDER BY min(position)${more}`
    : `SELECT ${names} FROM ${placed} WHERE place <= ${limit + offset} AND position > ${offset} ORDER BY position LIMIT ${rowLimit + 1}`;
}

/** Literals that were read in another way ("1,200" as 1200) left parameters that nothing refers to. */
function usedOnly(statement: string, values: readonly Scalar[]): { text: string; values: Scalar[] } {
  const kept: Scalar[] = [];
  const places = new Map<string, number>();
  const text = statement.replace(/\$(\d+)/g, (_, slot: string) => {
    let place = places.get(slot);
    if (place === undefined) {
      place = kept.push(values[Number(slot) - 1] ?? null);
      places.set(slot, place);
    }
    return `$${place}`;
  });
  return { text, values: kept };
}

/** Rows of the table that passed `where`; groups that `having` dropped count too. */
function matchedSql(context: Context, shape: Shape): string {
  if (shape.having !== '') return `(SELECT count(*) FROM ${context.table}${shape.where})`;
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
