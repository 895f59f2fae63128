import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Condition } from '../../../../datasets/query/analytical-query.js';
import { sidesIn } from '../../words/sides.js';
import { conjuncts } from '../expressions.js';
import type { Context } from '../reader.js';
import { type Frame, frameOf, valuesKept } from './frame.js';

/** Values of one column that were asked about one after the other, the earlier one first. */
export interface Sides {
  readonly column: ColumnProfile;
  readonly values: readonly Scalar[];
  /** What was asked about both. */
  readonly frame: Frame;
}

/** Further back nobody says "them". */
const MOST_BACK = 4;

/**
 * "Compare them" after "the score of Norway?" and "and of Sweden?", perhaps with their difference or another question in between:
 * the two sides of the last answer that has some, else the last two questions that differ in one value; null where there are none.
 */
export function bothSides(context: Context, last: Frame): Sides | null {
  const queries = context.asked.history
    .flatMap(({ understanding }) => understanding?.query ?? [])
    .filter(({ datasetId }) => datasetId === context.profile.id);
  const set = queries.at(-1);
  const own = set ? apartIn(context, set) : null;
  if (own) return own;
  // What shows several things is what "them" is about; only the question right before may be its other side.
  const most = last.groups.length > 0 ? 1 : MOST_BACK;
  for (let back = 1; back <= Math.min(most, queries.length - 1); back += 1) {
    const [earlier, later] = [queries.at(-back - 1), queries.at(-back)];
    const sides = earlier && later ? between(context, frameOf(earlier), frameOf(later)) : null;
    if (sides) return sides;
  }
  return null;
}

/** All values that were asked about one after the other up to the last question; null where that was about one only. */
export function sidesAsked(context: Context, last: Frame): Sides | null {
  const sides = bothSides(context, last);
  if (sides === null) return null;
  const queries = context.asked.history
    .flatMap(({ understanding }) => understanding?.query ?? [])
    .filter(({ datasetId }) => datasetId === context.profile.id)
    .toReversed();
  const values: Scalar[] = [];
  for (const query of queries.slice(1)) {
    const [first] = between(context, frameOf(query), last)?.values ?? [];
    const column = between(context, frameOf(query), last)?.column;
    if (first === undefined || column !== sides.column) break;
    if (!values.includes(first)) values.unshift(first);
  }
  const [, own] = sides.values;
  return values.length < 2 || own === undefined ? sides : { ...sides, values: [...values, own] };
}

const sameParts = (left: Frame, right: Frame): boolean =>
  JSON.stringify({ ...left, where: [] }) === JSON.stringify({ ...right, where: [] });

function between(context: Context, first: Frame, second: Frame): Sides | null {
  if (!sameParts(first, second)) return null;
  return sidesOf(context, different(first, second), different(second, first), second);
}

/** The two sides of a difference or a ratio that was the answer before. */
function apartIn(context: Context, query: AnalyticalQuery): Sides | null {
  const [only] = query.select;
  const sides = only && !query.groupBy ? sidesIn(only.value) : null;
  if (!sides) return null;
  const { of, both } = sides;
  const frame = frameOf({
    datasetId: query.datasetId,
    select: [{ value: of }],
    where: { and: [...conjuncts(query.where), ...both] },
  });
  // A difference names what is subtracted second, and "them" in the order they were asked about.
  const [first, second] =
    sides.op === 'abs_difference' && !query.where ? [sides.right, sides.left] : [sides.left, sides.right];
  return sidesOf(context, first, second, frame);
}

function sidesOf(
  context: Context,
  first: readonly Condition[],
  second: readonly Condition[],
  frame: Frame,
): Sides | null {
  const [from, to] = [first, second].map((conditions) => {
    const [only] = conditions;
    return conditions.length === 1 && only !== undefined ? valuesKept(only) : null;
  });
  const column = context.lexicon.columns.get(to?.column ?? '');
  const [one, other] = [from?.values[0], to?.values[0]];
  if (!column || !from || !to || from.column !== to.column || one === undefined || other === undefined) return null;
  return from.values.length === 1 && to.values.length === 1 ? { column, values: [one, other], frame } : null;
}

/** Conditions of one frame that the other does not have. */
const different = (frame: Frame, other: Frame): Frame['where'] => {
  const known = new Set(other.where.map((condition) => JSON.stringify(condition)));
  return frame.where.filter((condition) => !known.has(JSON.stringify(condition)));
};
