/*
 * Ways in which a series goes on. Each is fitted to the values so far, and gives for so many steps ahead the expected value
 * and the standard deviation of what is to come about it. Hyndman & Athanasopoulos (2021), Forecasting: Principles and
 * Practice, 3rd edition: chapters 5.2 and 5.5 (benchmarks), 8.2, 8.3 and 8.6 (exponential smoothing, with its intervals).
 */

/** `at` counts steps; smoothing takes values at every step. */
export type Point = readonly [at: number, value: number];

export interface Fitted {
  readonly ahead: (steps: number) => { readonly value: number; readonly deviation: number };
  /** Of Student's t for the interval. */
  readonly freedom: number;
}

/** The last value again; errors of one step add up as a random walk's. Null below 3 values. */
export function naive(points: readonly Point[]): Fitted | null {
  const [last] = points.at(-1)?.slice(1) ?? [];
  const steps = points.slice(1).map(([, value], index) => value - (points[index]?.[1] ?? 0));
  if (last === undefined || steps.length < 2) return null;
  const sigma = Math.sqrt(meanSquare(steps));
  return { ahead: (h) => ({ value: last, deviation: sigma * Math.sqrt(h) }), freedom: steps.length - 1 };
}

/** The value one season before. Null below a season and two values. */
export function seasonalNaive(points: readonly Point[], season: number): Fitted | null {
  const steps = points.slice(season).map(([, value], index) => value - (points[index]?.[1] ?? 0));
  if (steps.length < 2) return null;
  const sigma = Math.sqrt(meanSquare(steps));
  const value = (h: number): number => points[points.length - season + ((h - 1) % season)]?.[1] ?? 0;
  const deviation = (h: number): number => sigma * Math.sqrt(Math.floor((h - 1) / season) + 1);
  return { ahead: (h) => ({ value: value(h), deviation: deviation(h) }), freedom: steps.length - 1 };
}

/**
 * A straight line by least squares, with the standard error of a prediction, s √(1 + 1/n + (x − x̄)²/Sxx), over n − 2
 * degrees of freedom (Draper & Smith 1998, Applied Regression Analysis, 3rd edition, section 3.1). Null below 3 points.
 */
export function leastSquares(points: readonly Point[]): (Fitted & { readonly slope: number }) | null {
  const n = points.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sxx = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (n < 3 || sxx === 0) return null;
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / sxx;
  const line = (x: number): number => meanY + slope * (x - meanX);
  const s = Math.sqrt(points.reduce((sum, [x, y]) => sum + (y - line(x)) ** 2, 0) / (n - 2));
  const last = points.at(-1)?.[0] ?? 0;
  return {
    slope,
    freedom: n - 2,
    ahead: (h) => {
      const x = last + h;
      return { value: line(x), deviation: s * Math.sqrt(1 + 1 / n + (x - meanX) ** 2 / sxx) };
    },
  };
}

export interface Smoothing {
  /** Share of each new value in the level, of each new step of the level in the trend, of each new value in its season. */
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

interface Smoothed {
  readonly level: number;
  readonly trend: number;
  readonly seasons: readonly number[];
  /** Sum of the squared errors one step ahead, and how many. */
  readonly squares: number;
  readonly count: number;
}

/**
 * Holt's linear method, begun at the first value with the first step as its trend. Its shares are those with the least
 * squared errors one step ahead. Null below 5 values.
 */
export function holt(points: readonly Point[]): Fitted | null {
  const values = recent(points);
  if (values.length < 5) return null;
  return fitted(values, null, (shares) => smoothed(values, shares, null));
}

/** Holt and Winters' method with seasons that add. Null below two seasons and three values. */
export function holtWinters(points: readonly Point[], season: number): Fitted | null {
  const values = recent(points);
  if (values.length < 2 * season + 3) return null;
  return fitted(values, season, (shares) => smoothed(values, shares, season));
}

/** Older values than these weigh next to nothing, and each is gone through hundreds of times. */
export const RECENT = 200;

const recent = (points: readonly Point[]): number[] => points.slice(-RECENT).map(([, value]) => value);

/** Runs the recursions of Holt (and, with a season, Winters) over the values, from that one on. */
export function smoothed(
  values: readonly number[],
  shares: Smoothing,
  season: number | null,
  start = season ?? 1,
): Smoothed {
  const { alpha, beta, gamma } = shares;
  const first = season === null ? [] : values.slice(0, season);
  const base = season === null ? (values[0] ?? 0) : mean(first);
  const second = season === null ? [] : values.slice(season, 2 * season);
  let level = base;
  let trend = season === null ? (values[1] ?? 0) - (values[0] ?? 0) : (mean(second) - base) / season;
  const seasons = first.map((value) => value - base);
  let squares = 0;
  for (let t = start; t < values.length; t++) {
    const value = values[t] ?? 0;
    const part = season === null ? 0 : t % season;
    const shift = seasons[part] ?? 0;
    const error = value - (level + trend + shift);
    // The first step is the trend itself, which leaves no error.
    if (season !== null || t > 1) squares += error * error;
    const before = level;
    level = alpha * (value - shift) + (1 - alpha) * (level + trend);
    trend = beta * (level - before) + (1 - beta) * trend;
    if (season !== null) seasons[part] = gamma * (value - level) + (1 - gamma) * shift;
  }
  return { level, trend, seasons, squares, count: values.length - start - (season === null ? 1 : 0) };
}

function fitted(values: readonly number[], season: number | null, run: (shares: Smoothing) => Smoothed): Fitted {
  const shares = bestShares(run, season !== null);
  const { level, trend, seasons, squares, count } = run(shares);
  const freedom = Math.max(1, count - (season === null ? 2 : 3));
  const sigma = Math.sqrt(squares / freedom);
  const { alpha, beta, gamma } = shares;
  const at = values.length;
  return {
    freedom,
    ahead: (h) => {
      const shift = season === null ? 0 : (seasons[(at + h - 1) % season] ?? 0);
      let variance = 1;
      for (let j = 1; j < h; j++)
        variance += (alpha + alpha * beta * j + (season !== null && j % season === 0 ? gamma * (1 - alpha) : 0)) ** 2;
      return { value: level + h * trend + shift, deviation: sigma * Math.sqrt(variance) };
    },
  };
}

/** By a grid over all shares, made finer twice about the best: the same values give the same shares. */
function bestShares(run: (shares: Smoothing) => Smoothed, isSeasonal: boolean): Smoothing {
  const score = (shares: Smoothing): number => run(shares).squares;
  let best: Smoothing = { alpha: 0.5, beta: 0.1, gamma: isSeasonal ? 0.1 : 0 };
  let least = score(best);
  for (const [round, step] of STEPS.entries()) {
    const { alpha, beta, gamma } = best;
    const near = (share: number): number[] =>
      round === 0 ? COARSE : [share - step, share, share + step].filter((each) => each > 0 && each < 1);
    for (const a of near(alpha))
      for (const b of near(beta))
        for (const g of isSeasonal ? near(gamma) : [0]) {
          const shares = { alpha: a, beta: b, gamma: g };
          const squares = score(shares);
          if (squares < least) [best, least] = [shares, squares];
        }
  }
  return best;
}

const COARSE = [0.05, 0.2, 0.4, 0.6, 0.8, 0.95];
const STEPS = [0, 0.05, 0.02];

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const meanSquare = (values: readonly number[]): number => mean(values.map((value) => value * value));
