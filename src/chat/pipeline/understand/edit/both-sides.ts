import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Context } from '../reader.js';
import { type Frame, frameOf, valuesKept } from './frame.js';

/** Two values of one column that were asked about one after the other, the earlier one first. */
export interface Sides {
  readonly column: ColumnProfile;
  readonly values: readonly [Scalar, Scalar];
}

const sameParts = (left: Frame, right: Frame): boolean =>
  JSON.stringify({ ...left, where: [] }) === JSON.stringify({ ...right, where: [] });

/** "Compare them" after "the score of Norway?" and "and of Sweden?": what the two turns before differ in; null where it is anything else. */
export function bothSides(context: Context, last: Frame): Sides | null {
  const queries = context.asked.history.flatMap(({ understanding }) => understanding?.query ?? []);
  const earlier = queries.at(-2);
  if (!earlier || earlier.datasetId !== context.profile.id) return null;
  const first = frameOf(earlier);
  if (!sameParts(first, last)) return null;
  const [lost, gained] = [different(first, last), different(last, first)];
  const [from, to] = [lost, gained].map((conditions) => {
    const [only] = conditions;
    return conditions.length === 1 && only !== undefined ? valuesKept(only) : null;
  });
  const column = context.lexicon.columns.get(to?.column ?? '');
  const [one, other] = [from?.values[0], to?.values[0]];
  if (!column || !from || !to || from.column !== to.column || one === undefined || other === undefined) return null;
  return from.values.length === 1 && to.values.length === 1 ? { column, values: [one, other] } : null;
}

/** Conditions of one frame that the other does not have. */
const different = (frame: Frame, other: Frame): Frame['where'] => {
  const known = new Set(other.where.map((condition) => JSON.stringify(condition)));
  return frame.where.filter((condition) => !known.has(JSON.stringify(condition)));
};
