import type { ColumnProfile } from '../../../datasets/profile.js';
import { overRows } from './build/build-parts.js';
import type { Filter, Having, Slots } from './clauses/slots.js';
import { allOf, columnOf, compare, isMeasure } from './expressions.js';
import type { Context } from './reader.js';

/*
 * Measures that are numbers of many rows together, a ratio of sums say: whoever asks for one asks about groups, also where each row
 * is a thing with a name.
 */

export const isOverAll = (column: ColumnProfile | null | undefined): boolean => column?.computed?.level === 'group';

/** The question as one about groups where such a measure is named; its conditions on the measure are on groups, too. */
export function aboutGroups(context: Context, slots: Slots): Context {
  const named = slots.units.some((unit) => unit.kind === 'column' && isOverAll(unit.match.column));
  if (!named) return context;
  const [key, more] = [...slots.groups, ...slots.columns].flatMap(({ column }) => (isMeasure(column) ? [] : [column]));
  const counted = slots.counted?.column ?? (more === undefined ? key : undefined);
  const counts = slots.counted !== null || slots.measures.every(({ aggregate }) => aggregate.startsWith('count'));
  if (slots.counted === null && slots.measures.length === 0 && key !== undefined) {
    slots.having.push(...slots.filters.flatMap((filter) => havingOf(filter) ?? []));
    slots.filters = slots.filters.filter((filter) => havingOf(filter) === null);
  } else if (counts && counted !== undefined) {
    slots.filters = ofThings(slots.filters, counted);
  }
  return { ...context, ofGroups: true };
}

/** "how many products have a margin above 20": of each product's rows together, those that the other conditions leave. */
function ofThings(filters: readonly Filter[], column: ColumnProfile): Filter[] {
  const key = columnOf(column);
  const where = allOf(filters.filter((filter) => havingOf(filter) === null).map(({ condition }) => condition));
  return filters.map((filter) => {
    const having = havingOf(filter);
    if (having === null) return filter;
    const { left, op, right } = having;
    const inQuery = { select: key, where, groupBy: [key], having: compare(left, op, right) };
    return { ...filter, condition: { left: key, inQuery } };
  });
}

function havingOf({ column, condition }: Filter): Having | null {
  if (!isOverAll(column) || !('compare' in condition)) return null;
  const { left, right } = condition;
  const isColumn = JSON.stringify(left) === JSON.stringify(columnOf(column));
  return isColumn && 'literal' in right ? { left: overRows(column), op: condition.compare, right } : null;
}
