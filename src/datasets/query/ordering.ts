import { columnNamed } from '../profile.js';
import type { AnalyticalQuery, Expression, Order } from './analytical-query.js';
import { type Compiled, Context, type Scope } from './context.js';
import { compileExpression, keyOf } from './expressions.js';
import { sortKey } from './sort-key.js';

/** The parts of a SELECT around its outputs. */
export interface Shape {
  readonly scope: Scope;
  readonly from: string;
  readonly where: string;
  readonly groupBy: string;
  readonly having: string;
  readonly groups: readonly Compiled[];
  readonly groupKeys: readonly string[];
  readonly distinct: boolean;
}

export interface Term {
  readonly key: string;
  readonly direction: 'ASC' | 'DESC';
}

export interface Ordering {
  /** What the query asks for. */
  readonly asked: readonly Term[];
  /** What makes the order of equals the same every time. */
  readonly ties: readonly Term[];
}

export const orderSql = (terms: readonly Term[]): string =>
  terms.length === 0
    ? ''
    : ` ORDER BY ${terms.map(({ key, direction }) => `${key} ${direction} NULLS LAST`).join(', ')}`;

export type Outputs = readonly { readonly compiled: Compiled; readonly name: string; readonly key: string }[];

export function ordering(
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
export const isCollapsed = ({ distinct, scope }: Shape, outputs: Outputs): boolean =>
  distinct && scope.groups === null && !outputs.some(({ compiled }) => compiled.hasWindow);

/** An order may also name an output by its `as`. */
function orderedBy(context: Context, by: Expression, shape: Shape, outputs: Outputs, path: string): Compiled {
  if ('column' in by && by.grain === undefined && by.bin === undefined) {
    const named = outputs.find((output) => output.name === by.column);
    const isColumn = columnNamed(context.profile, by.column) !== null;
    if (named !== undefined && !isColumn) return named.compiled;
  }
  const key = keyOf(context, by, path);
  return (
    outputs.find((output) => output.key === key)?.compiled ??
    compileExpression(context, by, { ...shape.scope, clause: 'orderBy' }, path)
  );
}
