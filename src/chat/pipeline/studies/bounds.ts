import type { Condition, Expression } from '../../../datasets/query/analytical-query.js';
import type { OutlierMethod } from './study.js';

/** Quartiles of fewer values than these are hardly more than the values themselves. */
export const FEWEST_VALUES = 8;

/** Multiples of the distance between the quartiles, and of modified z-scores. */
export const REACH = { fences: 1.5, mad: 3.5 } as const;
/** The median absolute deviation of a normal sample is this part of its standard deviation. */
export const MAD_OF_NORMAL = 0.6745;

type Statistic = 'q1' | 'median' | 'q3';

/** Between which a value is none of the outliers, as expressions that the database works out over all rows that pass the filter. */
export function boundsOf(
  value: Expression,
  where: Condition | undefined,
  method: OutlierMethod,
): { readonly low: Expression; readonly high: Expression } {
  const overall = (aggregate: Statistic, of: Expression = value): Expression => ({ scalar: { aggregate, of, where } });
  const literal = (number: number): Expression => ({ literal: number });
  const [from, to, unit]: [Expression, Expression, Expression] =
    method === 'fences'
      ? [overall('q1'), overall('q3'), { op: '-', left: overall('q3'), right: overall('q1') }]
      : [overall('median'), overall('median'), overall('median', distanceFromMedian(value, where))];
  const reach: Expression = {
    op: '*',
    left: literal(method === 'fences' ? REACH.fences : REACH.mad / MAD_OF_NORMAL),
    right: unit,
  };
  return { low: { op: '-', left: from, right: reach }, high: { op: '+', left: to, right: reach } };
}

/** How far a value is from the median of all. */
export const distanceFromMedian = (value: Expression, where: Condition | undefined): Expression => ({
  op: 'abs_difference',
  left: value,
  right: { scalar: { aggregate: 'median', of: value, where } },
});
