import type { Scalar } from '../../../common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery, Expression, Grain } from '../../../datasets/query/analytical-query.js';
import type { ResultColumn, ResultSet } from '../../../datasets/query/result-set.js';
import { dateWords } from './dates.js';
import { shareIn } from './derived.js';
import { columnOf, expressionWords } from './expressions.js';
import { lowerFirst, upperFirst } from './language.js';
import { asSaid, PERCENT, WHOLE, formatQuantity, literalStyle, type NumberStyle } from './numbers.js';

/** quantity: a number to measure with · time: runs on · ordinal: has an order of its own (weekdays, bins) · category: a name. */
export type Scale = 'quantity' | 'time' | 'ordinal' | 'category';

/** A column of a result with what its query and profile say about it. */
export interface Field {
  readonly index: number;
  readonly name: string;
  readonly label: string;
  /** The label within a sentence. */
  readonly words: string;
  readonly column: ResultColumn;
  readonly expression: Expression | null;
  readonly profile: ColumnProfile | null;
  readonly scale: Scale;
  readonly grain: Grain | null;
  readonly bin: number | null;
  readonly style: NumberStyle;
  /** Parts of a whole: sums and counts. */
  readonly additive: boolean;
  readonly higherIsBetter: boolean | null;
}

const LONGEST_NAME = 80;
const SEEN_ROWS = 200;

const NUMERIC = new Set(['integer', 'number']);
const CYCLES = new Set<Grain>(['weekday', 'month_of_year', 'day_of_month', 'hour_of_day']);

/** The column an expression's numbers come from, when it is one. */
export function sourceColumn(expression: Expression | null, profile: DatasetProfile): ColumnProfile | null {
  if (expression === null || 'literal' in expression) return null;
  if ('column' in expression) return columnOf(profile, expression.column);
  if ('scalar' in expression) return sourceColumn(expression.scalar.of, profile);
  if ('read' in expression) return sourceColumn(expression.from, profile);
  if ('op' in expression) {
    const left = sourceColumn(expression.left, profile);
    const right = sourceColumn(expression.right, profile);
    return left !== null && right !== null && left !== right ? null : (left ?? right);
  }
  return sourceColumn(expression.of, profile);
}

/** How exactly numbers of an expression are written: as their column was, averages with one decimal more than whole numbers. */
export function styleOf(expression: Expression | null, profile: DatasetProfile, unit: string | null): NumberStyle {
  if (expression === null || 'literal' in expression || 'read' in expression) return { decimals: null, unit };
  if ('column' in expression) {
    const column = columnOf(profile, expression.column);
    if (expression.bin !== undefined || column === null) return { decimals: null, unit };
    return asSaid(column.format, { decimals: Math.min(column.decimals, 6), unit });
  }
  if ('scalar' in expression) return styleOf({ ...expression.scalar }, profile, unit);
  if ('window' in expression) {
    if (expression.window === 'share' || expression.window === 'percent_change') return PERCENT;
    if (expression.window === 'rank') return WHOLE;
    const of = styleOf(expression.of, profile, unit);
    // A mean of whole numbers is seldom whole.
    return expression.window === 'moving_average' && of.decimals === 0 ? { ...of, decimals: 1, rounded: true } : of;
  }
  if ('op' in expression) {
    if (expression.op === 'percent_change' || shareIn(expression) !== null) return PERCENT;
    if (expression.op === '*' || expression.op === '/') return { decimals: null, unit };
    const [left, right] = [styleOf(expression.left, profile, unit), styleOf(expression.right, profile, unit)];
    const known = left.decimals !== null && right.decimals !== null;
    return {
      decimals: known ? Math.max(left.decimals ?? 0, right.decimals ?? 0) : (left.decimals ?? right.decimals),
      unit,
    };
  }
  switch (expression.aggregate) {
    case 'count':
    case 'count_distinct':
      return { decimals: 0, unit };
    case 'correlation':
      return { decimals: 2, unit: null };
    case 'avg':
    case 'median':
    case 'q1':
    case 'q3':
    case 'stddev': {
      const column = sourceColumn(expression.of, profile);
      if (column === null) return { decimals: null, unit, rounded: true };
      return asSaid(column.format, { decimals: Math.min(Math.max(column.decimals, 1), 4), unit, rounded: true });
    }
    case 'sum':
    case 'min':
    case 'max':
      return expression.of === null ? { decimals: null, unit } : styleOf(expression.of, profile, unit);
  }
}

function isAdditive(expression: Expression | null): boolean {
  if (expression === null) return false;
  return 'aggregate' in expression && (expression.aggregate === 'sum' || expression.aggregate === 'count');
}

/** Counts, ranks, shares of and changes in a measure are not better for being higher because the measure is. */
function betterHigher(expression: Expression | null, profile: DatasetProfile): boolean | null {
  if (expression === null) return null;
  if ('aggregate' in expression && ['count', 'count_distinct', 'stddev', 'correlation'].includes(expression.aggregate))
    return null;
  if ('window' in expression || 'op' in expression || 'scalar' in expression) return null;
  return sourceColumn(expression, profile)?.higherIsBetter ?? null;
}

function scaleOf(
  column: ResultColumn,
  expression: Expression | null,
  profile: ColumnProfile | null,
  grouped: boolean,
): Scale {
  const plain = expression !== null && 'column' in expression ? expression : null;
  if (plain?.grain !== undefined) return CYCLES.has(plain.grain) ? 'ordinal' : 'time';
  if (plain?.bin !== undefined) return 'ordinal';
  if (column.type === 'date' || column.type === 'datetime') return 'time';
  if (!NUMERIC.has(column.type)) return 'category';
  if (column.kind === 'value') return 'quantity';
  if (profile?.role === 'temporal') return 'time';
  return grouped || profile?.role === 'identifier' || profile?.role === 'dimension' ? 'ordinal' : 'quantity';
}

/** The total of one row is that row's value, and is called so. */
function ofOneRow(expression: Expression | null): Expression | null {
  if (expression === null || !('aggregate' in expression) || expression.of === null) return expression;
  return ['sum', 'avg', 'min', 'max', 'median'].includes(expression.aggregate) ? expression.of : expression;
}

/** No more decimals than the values shown have: a column written `1981.0` holds whole numbers. */
function asSeen(style: NumberStyle, { rows }: ResultSet, index: number): NumberStyle {
  const { decimals } = style;
  if (decimals === null || decimals === 0 || style.rounded === true || style.fixed === true) return style;
  let most = 0;
  for (const row of rows.slice(0, SEEN_ROWS)) {
    const value = row[index];
    if (typeof value !== 'number' || Number.isInteger(value)) continue;
    most = Math.max(most, literalStyle(Number(value.toFixed(decimals))).decimals ?? 0);
    if (most >= decimals) break; // there are never more
  }
  return { ...style, decimals: most };
}

/** By its expression where that says more than the result's own label: `month` for a date by months. */
function namesOf(
  column: ResultColumn,
  expression: Expression | null,
  profile: DatasetProfile,
): Pick<Field, 'label' | 'words'> {
  const words = expression === null ? column.label : expressionWords(expression, profile);
  return words.length > LONGEST_NAME
    ? { label: column.label, words: lowerFirst(column.label) }
    : { label: upperFirst(words), words: lowerFirst(words) };
}

export function fieldsOf(result: ResultSet, profile: DatasetProfile): Field[] {
  const { select, groupBy } = result.query;
  const grouped = (groupBy ?? []).length > 0;
  const only = !grouped && result.rows.length === 1 && result.matchedRows === 1;
  return result.columns.map((column, index) => {
    const expression = select[index]?.value ?? null;
    const source = sourceColumn(expression, profile);
    const plain = expression !== null && 'column' in expression ? expression : null;
    return {
      index,
      name: column.name,
      ...namesOf(column, only ? ofOneRow(expression) : expression, profile),
      column,
      expression,
      profile: source,
      scale: scaleOf(column, expression, source, grouped),
      grain: plain?.grain ?? null,
      bin: plain?.bin ?? null,
      style: asSeen(styleOf(expression, profile, column.unit), result, index),
      additive: isAdditive(expression) && source?.computed?.level !== 'group',
      higherIsBetter: betterHigher(expression, profile),
    };
  });
}

/** A cell as people write it: `March 2024`, `20–30`, `1,200 USD`, `Europe`. */
export function cellWords(value: Scalar, field: Field): string {
  if (value === null) return field.scale === 'quantity' ? 'no value' : `no ${field.words}`;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    // A bin that begins with the highest number there is holds that one alone.
    if (field.bin !== null && value === field.profile?.max) return formatQuantity(value, literalStyle(value));
    if (field.bin !== null)
      return `${formatQuantity(value, literalStyle(value))}–${formatQuantity(value + field.bin, literalStyle(value + field.bin))}`;
    if (field.scale !== 'quantity') return String(value);
    return formatQuantity(value, field.style);
  }
  return (field.scale === 'time' ? dateWords(value) : null) ?? value;
}

/** `classroom 106`: a bare number would read as a quantity. */
export function nameWords(key: Scalar, x: Field): string {
  const bare = typeof key === 'number' && x.bin === null && x.scale !== 'time';
  return bare ? `${x.words} ${cellWords(key, x)}` : cellWords(key, x);
}

export type ShapeKind = 'empty' | 'scalar' | 'record' | 'series' | 'categories' | 'matrix' | 'pair' | 'rows';

/** What kind of thing a result is, and which column plays which part in it. */
export interface Shape {
  readonly kind: ShapeKind;
  readonly fields: readonly Field[];
  /** What the rows are told apart by. */
  readonly x: Field | null;
  readonly y: Field | null;
  /** A second group, or the names of the points of a pair. */
  readonly color: Field | null;
}

const isGrouped = (query: AnalyticalQuery): boolean => (query.groupBy ?? []).length > 0;

const known = new WeakMap<ResultSet, Shape>();

/** Worked out once for each result: three layers ask for it. */
export function shapeOf(result: ResultSet, profile: DatasetProfile): Shape {
  const found = known.get(result) ?? workOut(result, profile);
  known.set(result, found);
  return found;
}

function workOut(result: ResultSet, profile: DatasetProfile): Shape {
  const fields = fieldsOf(result, profile);
  const quantities = fields.filter(({ scale }) => scale === 'quantity');
  const groups = fields.filter(({ scale }) => scale !== 'quantity');
  const [first = null, second = null] = groups;
  const [y = null, other = null] = quantities;
  const shape = (kind: ShapeKind, parts: Partial<Shape> = {}): Shape => ({
    kind,
    fields,
    x: first,
    y,
    color: null,
    ...parts,
  });
  if (result.rows.length === 0) return shape('empty');
  if (result.rows.length === 1 && fields.length === 1) return shape(y === null ? 'rows' : 'scalar');
  if (result.rows.length === 1 && (first === null || !isGrouped(result.query))) return shape('record');
  if (y === null) return shape('rows');
  if (!isGrouped(result.query)) {
    if (quantities.length === 2 && groups.length <= 1 && other !== null)
      return shape('pair', { x: y, y: other, color: first });
    if (first !== null && groups.length === 1 && quantities.length === 1 && isUnique(result, first.index))
      return shape(first.scale === 'time' ? 'series' : 'categories');
    return shape('rows');
  }
  if (first === null) return shape('rows');
  if (second === null) return shape(first.scale === 'time' ? 'series' : 'categories');
  if (groups.length > 2) return shape('rows');
  if (second.scale === 'time' && first.scale !== 'time') return shape('matrix', { x: second, color: first });
  return shape('matrix', { color: second });
}

const isUnique = (result: ResultSet, index: number): boolean =>
  new Set(result.rows.map((row) => row[index])).size === result.rows.length;

/**
 * What people would call a row by: of the columns that tell all rows apart, names before codes, and of names the longer
 * (titles before abbreviations). Null when no column does.
 */
export function nameField({ rows }: Pick<ResultSet, 'rows'>, fields: readonly Field[]): Field | null {
  const rank = (field: Field): number => {
    let length = 0;
    for (const row of rows) length += String(row[field.index] ?? '').length;
    return (
      (field.scale === 'category' ? 1000 : 0) -
      (field.profile?.role === 'identifier' ? 500 : 0) +
      Math.min(length / Math.max(1, rows.length), 40)
    );
  };
  const candidates = fields.filter((field) => field.scale !== 'quantity' && tellsApart(rows, field));
  return candidates.toSorted((a, b) => rank(b) - rank(a))[0] ?? null;
}

/** Most columns that do not tell all rows apart repeat themselves within the first rows. */
function tellsApart(rows: ResultSet['rows'], field: Field): boolean {
  const seen = new Set<string>();
  for (const row of rows) {
    const text = String(row[field.index] ?? '');
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return true;
}

/** The column that a field groups by; null for what is worked out. */
export const columnName = ({ expression }: Field): string | null =>
  expression !== null && 'column' in expression ? expression.column : null;

export const numberAt = (row: readonly Scalar[] | undefined, field: Field): number | null => {
  const value = row?.[field.index];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};
