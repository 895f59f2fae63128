import { sampleCorrelation } from 'simple-statistics';
import { studentTwoSided } from './student.js';

export interface Correlation {
  readonly n: number;
  /** Pearson's r. */
  readonly r: number;
  /** Two-sided, t = r √((n − 2)/(1 − r²)) with n − 2 degrees of freedom. */
  readonly pValue: number;
  /** Spearman's ρ: Pearson's r of the mid-ranks. */
  readonly rho: number;
}

/** Null below 3 pairs or when one side does not vary. */
export function correlationOf(pairs: readonly (readonly [number, number])[]): Correlation | null {
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  if (pairs.length < 3 || new Set(xs).size < 2 || new Set(ys).size < 2) return null;
  const r = bounded(sampleCorrelation(xs, ys));
  const rho = bounded(sampleCorrelation(midRanks(xs), midRanks(ys)));
  return { n: pairs.length, r, pValue: correlationPValue(r, pairs.length), rho };
}

const bounded = (r: number): number => Math.max(-1, Math.min(1, r));

/** Ranks from 1, tied values share the mean of theirs. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const ranks = values.map(() => 0);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && order[end]?.value === order[start]?.value) end++;
    for (const { index } of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/**
 * The interval that holds the correlation with 95 % confidence, by Fisher's transformation (1921): artanh r is normal with
 * standard error 1/√(n − 3). Null below 4 pairs, and for a straight line.
 */
export function fisherInterval(r: number, n: number): readonly [low: number, high: number] | null {
  if (n < 4 || Math.abs(r) >= 1) return null;
  const reach = NORMAL_95 / Math.sqrt(n - 3);
  return [Math.tanh(Math.atanh(r) - reach), Math.tanh(Math.atanh(r) + reach)];
}

const NORMAL_95 = 1.959964;

/** Two-sided p-value of Pearson's r over n pairs. */
export function correlationPValue(r: number, n: number): number {
  if (n < 3) return 1;
  if (Math.abs(r) >= 1) return 0;
  return studentTwoSided(r * Math.sqrt((n - 2) / (1 - r * r)), n - 2);
}
