import { describe, expect, it } from '@jest/globals';
import { holt, holtWinters, leastSquares, naive, seasonalNaive, smoothed, type Point } from './smoothing.js';

/** NIST StRD, Norris: calibration of ozone monitors; certified values at itl.nist.gov/div898/strd/lls/data/Norris.shtml. */
const NORRIS: Point[] = [
  [0.2, 0.1],
  [337.4, 338.8],
  [118.2, 118.1],
  [884.6, 888.0],
  [10.1, 9.2],
  [226.5, 228.1],
  [666.3, 668.5],
  [996.3, 998.5],
  [448.6, 449.1],
  [777.0, 778.9],
  [558.2, 559.2],
  [0.4, 0.3],
  [0.6, 0.1],
  [775.5, 778.1],
  [666.9, 668.8],
  [338.0, 339.3],
  [447.5, 448.9],
  [11.6, 10.8],
  [556.0, 557.7],
  [228.1, 228.3],
  [995.8, 998.0],
  [887.6, 888.8],
  [120.2, 119.6],
  [0.3, 0.3],
  [0.3, 0.6],
  [556.8, 557.6],
  [339.1, 339.3],
  [887.2, 888.0],
  [999.0, 998.5],
  [779.0, 778.9],
  [11.1, 10.2],
  [118.3, 117.6],
  [229.2, 228.9],
  [669.1, 668.4],
  [448.9, 449.2],
  [0.5, 0.2],
];

/** Passengers of Australian airlines, 1990 to 2004, in millions: Hyndman & Athanasopoulos (2014), example 7.2. */
const PASSENGERS = [
  17.5534, 21.8601, 23.8866, 26.9293, 26.8885, 28.8314, 30.0751, 30.9535, 30.1857, 31.5797, 32.577569, 33.477398,
  39.021581, 41.386432, 41.596552,
];

const pointsOf = (values: readonly number[]): Point[] => values.map((value, index) => [index, value]);
const ahead = (fit: ReturnType<typeof naive>, steps: number): number | undefined => fit?.ahead(steps).value;

describe('least squares', () => {
  const fit = leastSquares(NORRIS);

  it('has the certified slope and intercept of Norris', () => {
    expect(fit?.slope).toBeCloseTo(1.00211681802045, 11);
    // 0.5 is the last point: x = 0 is half a step back.
    expect(fit?.ahead(-0.5).value).toBeCloseTo(-0.262323073774029, 10);
    expect(fit?.freedom).toBe(34);
  });

  it('predicts with the certified residual deviation', () => {
    const n = NORRIS.length;
    const mean = NORRIS.reduce((sum, [x]) => sum + x, 0) / n;
    const sxx = NORRIS.reduce((sum, [x]) => sum + (x - mean) ** 2, 0);
    const s = 0.884796396144373;
    expect(fit?.ahead(499.5).deviation).toBeCloseTo(s * Math.sqrt(1 + 1 / n + (500 - mean) ** 2 / sxx), 10);
  });
});

describe('Holt’s method', () => {
  it('goes through the published forecasts of the air passengers (shares 0.8 and 0.2)', () => {
    const [first = 0, second = 0] = PASSENGERS;
    // The book starts one step before the first value, with its level and the first step as trend.
    const { level, trend } = smoothed([...PASSENGERS], { alpha: 0.8, beta: 0.2, gamma: 0 }, null, 0);
    expect(second - first).toBeCloseTo(4.3067, 4);
    expect([1, 2, 3, 4, 5].map((h) => Number((level + h * trend).toFixed(2)))).toEqual([
      43.76, 45.59, 47.43, 49.27, 51.1,
    ]);
  });

  it('goes on with a straight line, surely', () => {
    const fit = holt(pointsOf([3, 5, 7, 9, 11, 13, 15]));
    expect(ahead(fit, 4)).toBeCloseTo(23, 8);
    expect(fit?.ahead(4).deviation).toBeCloseTo(0, 8);
  });

  it('has an interval that grows with each step', () => {
    const fit = holt(pointsOf(PASSENGERS));
    const widths = [1, 2, 3, 4].map((h) => fit?.ahead(h).deviation ?? 0);
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
    expect(widths[0]).toBeGreaterThan(0);
  });
});

it('Holt and Winters’ method goes on with a line and its seasons', () => {
  const season = [10, -5, 0, -5];
  const values = [...Array(20).keys()].map((t) => 100 + 2 * t + (season[t % 4] ?? 0));
  const fit = holtWinters(pointsOf(values), 4);
  for (const h of [1, 2, 3, 4, 5])
    expect(Math.abs((ahead(fit, h) ?? 0) - (100 + 2 * (19 + h) + (season[(19 + h) % 4] ?? 0)))).toBeLessThan(1);
  expect(holtWinters(pointsOf(values.slice(0, 10)), 4)).toBeNull();
});

describe('benchmarks', () => {
  it('repeat the last value, and widen as a random walk does', () => {
    const fit = naive(pointsOf([1, 3, 2, 4]));
    // Steps 2, −1, 2: their mean square is 3.
    expect(fit?.ahead(4)).toEqual({ value: 4, deviation: expect.closeTo(Math.sqrt(12), 10) });
  });

  it('repeat the season before', () => {
    const fit = seasonalNaive(pointsOf([1, 2, 3, 2, 3, 5]), 3);
    expect([1, 2, 3, 4].map((h) => ahead(fit, h))).toEqual([2, 3, 5, 2]);
    expect(fit?.ahead(3).deviation).toBeCloseTo(Math.sqrt(2), 10);
    expect(fit?.ahead(4).deviation).toBeCloseTo(2, 10);
  });
});
