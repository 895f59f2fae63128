import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { withinTime } from '../build/time-range.js';
import { allOf, conjuncts, sameExpression } from '../expressions.js';
import type { Frame } from './frame.js';

type Window = Extract<Expression, { window: unknown }>;

const windowsIn = (frame: Frame): readonly (Window & { orderBy: Expression })[] =>
  frame.select.flatMap((one) => ('window' in one && one.orderBy ? [{ ...one, orderBy: one.orderBy }] : []));

/** "And in 2023?" of changes against an earlier period: that stretch is shown, and still looked back from; null where there are none. */
export function stretchShown(frame: Frame, column: string, condition: Condition): Frame | null {
  const key = windowsIn(frame).find(({ periods }) => periods !== undefined)?.orderBy;
  if (!key || !('column' in key) || key.column !== column) return null;
  const shown = withinTime(key, key.grain ?? null, [condition]);
  if (shown === null) return null;
  const others = conjuncts(frame.qualify).filter((one) => !('left' in one && sameExpression(one.left, key)));
  return { ...frame, qualify: allOf([...others, ...shown]) };
}

/** "By region" of what runs along time: each group along its own; null for anything else. */
export function splitByGroups(frame: Frame, keys: readonly Expression[]): Frame | null {
  const [window] = windowsIn(frame);
  if (!window || keys.some((key) => sameExpression(key, window.orderBy))) return null;
  const groups = [window.orderBy, ...keys];
  const measures = frame.select
    .filter((one) => 'window' in one || 'aggregate' in one)
    .map((one): Expression => ('window' in one ? { ...one, within: keys } : one));
  const own = conjuncts(frame.qualify).filter((one) => 'left' in one && sameExpression(one.left, window.orderBy));
  const order = [{ by: window.orderBy, direction: 'asc' as const }];
  return { ...frame, groups, select: [...groups, ...measures], qualify: allOf(own), order, limit: undefined };
}
