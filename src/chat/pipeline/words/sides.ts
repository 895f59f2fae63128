import type { Condition, Expression } from '../../../datasets/query/analytical-query.js';

/* One number of two different things, set against each other: the revenue of one shop minus, or divided by, that of another. */

type Aggregated = Extract<Expression, { aggregate: unknown }>;

export interface Sides {
  readonly op: '-' | 'abs_difference' | '/' | 'percent_change';
  readonly of: Aggregated;
  /** What tells the sides apart, and what both are narrowed by. */
  readonly left: readonly Condition[];
  readonly right: readonly Condition[];
  readonly both: readonly Condition[];
  readonly expressions: readonly [left: Expression, right: Expression];
}

/** One level of `and` or more, flat. */
const conjuncts = (condition: Condition | undefined): readonly Condition[] =>
  condition === undefined ? [] : 'and' in condition ? condition.and.flatMap(conjuncts) : [condition];

function aggregatedOf(side: Expression): Aggregated | null {
  if ('aggregate' in side) return side;
  return 'scalar' in side ? { ...side.scalar } : null;
}

/** Null where both sides are not the same number of different rows. */
export function sidesIn(expression: Expression): Sides | null {
  if (!('op' in expression)) return null;
  const { op } = expression;
  if (op === '+' || op === '*') return null;
  const [left, right] = [aggregatedOf(expression.left), aggregatedOf(expression.right)];
  if (left === null || right === null) return null;
  const plain = (side: Aggregated): string => JSON.stringify({ ...side, where: undefined });
  if (plain(left) !== plain(right)) return null;
  const [ours, theirs] = [conjuncts(left.where), conjuncts(right.where)];
  const known = (all: readonly Condition[]): ReadonlySet<string> => new Set(all.map((one) => JSON.stringify(one)));
  const [inLeft, inRight] = [known(ours), known(theirs)];
  const sides = {
    left: ours.filter((one) => !inRight.has(JSON.stringify(one))),
    right: theirs.filter((one) => !inLeft.has(JSON.stringify(one))),
    both: ours.filter((one) => inRight.has(JSON.stringify(one))),
  };
  if (sides.left.length === 0 || sides.right.length === 0) return null;
  return { op, of: { ...left, where: undefined }, ...sides, expressions: [expression.left, expression.right] };
}
