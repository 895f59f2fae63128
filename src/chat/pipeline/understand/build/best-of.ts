import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import { literal } from '../expressions.js';

export interface Place {
  readonly last: number;
  /** That place alone: "the second best". */
  readonly only: boolean;
  readonly direction: 'asc' | 'desc';
}

/** The places of each group that are kept: equals share one, so that there may be more rows than places. */
export function bestOf(of: Expression, within: readonly Expression[], { last, only, direction }: Place): Condition {
  const left: Expression = { window: 'rank', of, within: within.length > 0 ? within : undefined, direction };
  return { compare: only ? '=' : '<=', left, right: literal(last) };
}
