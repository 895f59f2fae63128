import type { Scalar } from '../src/common/scalar.js';
import type { AnalyticalQuery, Condition, Expression } from '../src/datasets/query/analytical-query.js';
import type { ResultSet } from '../src/datasets/query/result-set.js';
import type { Channel, Channels, Filter } from './scoring/types.js';

/*
 * What a question was understood to mean, in the flat terms of the predictions file: the columns, the filters, and which
 * column under which aggregate each channel of the picture shows.
 */

/** The table's column that an expression speaks of, through arithmetic and windows; null where it counts rows. */
function columnOf(expression: Expression): string | null {
  if ('column' in expression) return expression.column;
  if ('aggregate' in expression) return expression.of === null ? null : columnOf(expression.of);
  if ('scalar' in expression) return expression.scalar.of === null ? null : columnOf(expression.scalar.of);
  if ('read' in expression) return columnOf(expression.from);
  if ('op' in expression) return columnOf(expression.left) ?? columnOf(expression.right);
  if ('window' in expression) return columnOf(expression.of);
  return null;
}

function channelOf(expression: Expression): Channel {
  if ('aggregate' in expression) {
    const { aggregate, of } = expression;
    return { column: of === null ? null : columnOf(of), aggregate: aggregate === 'avg' ? 'mean' : aggregate };
  }
  return 'window' in expression ? channelOf(expression.of) : { column: columnOf(expression), aggregate: null };
}

/** Every column that the query speaks of, once. */
export function columnsOf(query: AnalyticalQuery): string[] {
  const expressions = [...query.select.map(({ value }) => value), ...(query.groupBy ?? [])];
  const selected = expressions.map(columnOf);
  const filtered = query.where === undefined ? [] : filtersOf(query.where).map(({ column }) => column);
  return [...new Set([...selected, ...filtered])].filter((column) => column !== null);
}

const OPPOSITE: Readonly<Record<string, string>> = { '=': '!=', '!=': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

/** The condition as a list of simple filters that all hold; what cannot be said so is left out. */
export function filtersOf(where: Condition): Filter[] {
  if ('and' in where) return where.and.flatMap(filtersOf);
  if ('or' in where) {
    const parts = where.or.map(filtersOf);
    const equalities = parts.flat().filter(({ op }) => op === '=' || op === 'in');
    const [first] = equalities;
    const oneColumn =
      parts.every((part) => part.length === 1) && equalities.every(({ column }) => column === first?.column);
    if (first === undefined || !oneColumn || equalities.length < parts.length) return [];
    return [{ column: first.column, op: 'in', value: equalities.flatMap(({ value }) => value as Scalar) }];
  }
  if ('not' in where) {
    const [only, ...more] = filtersOf(where.not);
    const op = OPPOSITE[only?.op ?? ''];
    return only === undefined || more.length > 0 || op === undefined ? [] : [{ ...only, op }];
  }
  if ('missing' in where || 'inQuery' in where) return [];
  const column = columnOf(where.left);
  if (column === null) return [];
  if ('compare' in where) {
    return 'literal' in where.right ? [{ column, op: where.compare, value: where.right.literal }] : [];
  }
  if ('in' in where) {
    return where.negated === true
      ? where.in.map((value) => ({ column, op: '!=', value }))
      : [{ column, op: 'in', value: where.in }];
  }
  if ('between' in where) return [{ column, op: 'between', value: where.between }];
  return [{ column, op: where.text === 'equals' ? '=' : 'contains', value: where.value }];
}

const CHANNELS = { x: ['x'], y: ['y'], color: ['color', 'xOffset', 'shape', 'detail'], size: ['size'] } as const;

/** What the specification's channels show, in terms of the table, of its first layer; null when there is no single mark. */
export function chartOf(
  spec: Readonly<Record<string, unknown>>,
  results: readonly ResultSet[],
): ({ mark: string } & Channels) | null {
  interface Unit {
    readonly mark?: string | { readonly type?: string };
    readonly encoding?: Readonly<Record<string, { readonly field?: string } | undefined>>;
  }
  const { layer } = spec as { readonly layer?: readonly Unit[] };
  // What further layers show (labels, lines of reference) is said of the first.
  const { mark, encoding } = layer?.[0] ?? (spec as Unit);
  const type = typeof mark === 'string' ? mark : mark?.type;
  if (type === undefined || encoding === undefined) return null;
  const meanings = new Map<string, Channel>();
  for (const { columns, query } of results) {
    for (const [index, { name }] of columns.entries()) {
      const output = query.select[index];
      if (output !== undefined && !meanings.has(name)) meanings.set(name, channelOf(output.value));
    }
  }
  const shown = (names: readonly string[]): Channel | null => {
    const fields = names.flatMap((name) => encoding[name]?.field ?? []);
    return (
      fields.map((field) => meanings.get(field.replace(/\\(.)/g, '$1'))).find((channel) => channel !== undefined) ??
      null
    );
  };
  const pie = type === 'arc';
  return {
    mark: type,
    x: shown(pie ? ['color'] : CHANNELS.x),
    y: shown(pie ? ['theta'] : CHANNELS.y),
    color: pie ? null : shown(CHANNELS.color),
    size: shown(CHANNELS.size),
  };
}
