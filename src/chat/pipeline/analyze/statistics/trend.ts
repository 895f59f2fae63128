import { errorFunction, linearRegression, linearRegressionLine, rSquared } from 'simple-statistics';
import { ascending, quantile } from './quantiles.js';

export interface Trend {
  /** Per unit of x, by ordinary least squares. */
  readonly slope: number;
  readonly rSquared: number;
  /** Per unit of x, the median of all slopes between two points; null above 500 points. */
  readonly medianSlope: number | null;
  /** Two-sided, of "there is no monotonic trend"; null below 4 points. */
  readonly pValue: number | null;
}

/** Least squares for the size, Mann–Kendall for whether there is one at all. Null below 3 points or without spread in x. */
export function trendOf(points: readonly (readonly [number, number])[]): Trend | null {
  if (points.length < 3 || new Set(points.map(([x]) => x)).size < 3) return null;
  const pairs = points.map(([x, y]): [number, number] => [x, y]);
  const line = linearRegression(pairs);
  const flat = pairs.every(([, y]) => y === pairs[0]?.[1]);
  return {
    slope: line.m,
    rSquared: flat ? 1 : rSquared(pairs, linearRegressionLine(line)),
    medianSlope: pairs.length > MOST_PAIRED ? null : medianSlope(pairs),
    pValue: points.length < 4 ? null : mannKendall(points.toSorted((a, b) => a[0] - b[0]).map(([, y]) => y)).pValue,
  };
}

/** Slopes grow with the square of the points. */
const MOST_PAIRED = 500;

/** Theil–Sen (Theil 1950, Sen 1968): the median of the slopes between all two points that differ in x, which a few wild values do not move. */
export function medianSlope(points: readonly (readonly [number, number])[]): number {
  const slopes = points.flatMap(([x, y], index) =>
    points.slice(index + 1).flatMap(([x2, y2]) => (x2 === x ? [] : [(y2 - y) / (x2 - x)])),
  );
  return quantile(ascending(slopes), 0.5);
}

/**
 * Mann–Kendall test (Mann 1945, Kendall 1975) of values in order of time. Without ties and up to 10 values the p-value is
 * exact, from the number of permutations by inversions; else by the normal approximation with the variance corrected for
 * ties and S for continuity.
 */
export function mannKendall(values: readonly number[]): { readonly s: number; readonly pValue: number } {
  const n = values.length;
  let s = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign((values[j] ?? 0) - (values[i] ?? 0));
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  if (ties.size === n && n <= 10) return { s, pValue: exactKendall(n, Math.abs(s)) };
  const tied = [...ties.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
  const variance = (n * (n - 1) * (2 * n + 5) - tied) / 18;
  if (variance <= 0) return { s, pValue: 1 };
  const z = Math.max(0, Math.abs(s) - 1) / Math.sqrt(variance);
  return { s, pValue: Math.max(0, 1 - errorFunction(z / Math.SQRT2)) };
}

/** P(|S| ≥ s) when all n! orders are equally likely; S = n(n − 1)/2 − 2 × inversions. */
function exactKendall(n: number, s: number): number {
  let counts = [1];
  for (let size = 2; size <= n; size++) {
    const next = Array.from({ length: counts.length + size - 1 }, () => 0);
    for (const [inversions, count] of counts.entries())
      for (let more = 0; more < size; more++) next[inversions + more] = (next[inversions + more] ?? 0) + count;
    counts = next;
  }
  const most = (n * (n - 1)) / 2;
  let [extreme, all] = [0, 0];
  for (const [inversions, count] of counts.entries()) {
    all += count;
    if (Math.abs(most - 2 * inversions) >= s) extreme += count;
  }
  return extreme / all;
}
