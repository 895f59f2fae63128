import {
  errorFunction,
  gammaln,
  linearRegression,
  linearRegressionLine,
  rSquared,
  sampleCorrelation,
  sampleSkewness,
} from 'simple-statistics';

/*
 * The statistics that findings speak of, each by a named method, so that a reader can work them out again.
 * simple-statistics has most; what it lacks is here.
 */

/** Quantile by linear interpolation between order statistics: Hyndman & Fan (1996) type 7, as PostgreSQL's percentile_cont. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export interface Distribution {
  readonly count: number;
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
  /** Adjusted Fisher–Pearson coefficient; null below 3 values or without spread. */
  readonly skew: number | null;
}

/** Typed arrays sort numbers without a comparison function, several times as fast. */
const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

export function distributionOf(values: readonly number[]): Distribution {
  const sorted = ascending(values);
  const [min, max] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  return {
    count: sorted.length,
    min,
    q1: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    q3: quantile(sorted, 0.75),
    max,
    skew: sorted.length < 3 || min === max ? null : sampleSkewness(sorted as unknown as number[]),
  };
}

/**
 * Positions outside Tukey's fences, q1 − 1.5 IQR and q3 + 1.5 IQR (Tukey 1977), that are also beyond 3.5 modified
 * z-scores, 0.6745 (x − median) / MAD (Iglewicz & Hoaglin 1993). Both, because fences alone call one value in 140 of a
 * normal sample an outlier. At least 8 values; none when more than half are equal (MAD 0).
 */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length < 8) return [];
  const sorted = ascending(values);
  const [q1, middle, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const reach = 1.5 * (q3 - q1);
  const deviation = quantile(ascending(values.map((value) => Math.abs(value - middle))), 0.5);
  if (deviation === 0) return [];
  const found: number[] = [];
  for (const [index, value] of values.entries()) {
    const fenced = value < q1 - reach || value > q3 + reach;
    if (fenced && (0.6745 * Math.abs(value - middle)) / deviation > 3.5) found.push(index);
  }
  return found;
}

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

/** Two-sided p-value of Pearson's r over n pairs. */
export function correlationPValue(r: number, n: number): number {
  if (n < 3) return 1;
  if (Math.abs(r) >= 1) return 0;
  return studentTwoSided(r * Math.sqrt((n - 2) / (1 - r * r)), n - 2);
}

/** P(|T| ≥ |t|) of Student's t: the regularised incomplete beta function I(ν/(ν + t²); ν/2, 1/2). */
export function studentTwoSided(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** Regularised incomplete beta function by its continued fraction (DLMF 8.17.22, modified Lentz). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const tiny = 1e-300;
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  let [c, d] = [1, 0];
  let fraction = 1;
  for (let i = 0; i <= 300; i++) {
    const m = Math.floor(i / 2);
    const numerator =
      i === 0
        ? 1
        : i % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (Math.abs(1 + numerator * d) < tiny ? tiny : 1 + numerator * d);
    c = Math.abs(1 + numerator / c) < tiny ? tiny : 1 + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-12) break;
  }
  return front * (fraction - 1);
}
