import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { correlationOf, correlationPValue, fisherInterval, midRanks } from './correlation.js';
import { binWidth } from './bins.js';
import { distributionOf, outliersOf, quantile } from './quantiles.js';
import { studentQuantile, studentTwoSided } from './student.js';
import { mannKendall, medianSlope, trendOf } from './trend.js';
import { welch } from './welch.js';

/** Anscombe's quartet (1973): four data sets with the same regression line and correlation. */
const ANSCOMBE_X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
const ANSCOMBE_Y = [
  [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68],
  [9.14, 8.14, 8.74, 8.77, 9.26, 8.1, 6.13, 3.1, 9.13, 7.26, 4.74],
  [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73],
];
const pairs = (xs: readonly number[], ys: readonly number[]): [number, number][] =>
  xs.map((x, index) => [x, ys[index] ?? 0]);

describe('quantiles', () => {
  it('are those of R type 7 and of percentile_cont', () => {
    const oneToTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([0, 0.25, 0.5, 0.75, 0.9, 1].map((share) => quantile(oneToTen, share))).toEqual([
      1, 3.25, 5.5, 7.75, 9.1, 10,
    ]);
  });

  it('describe a sample by five numbers and its skew', () => {
    const found = distributionOf([2, 4, 6, 3, 1]);
    expect(found).toMatchObject({ count: 5, min: 1, q1: 2, median: 3, q3: 4, max: 6 });
    expect(found.skew).toBeCloseTo(0.590128656, 8);
  });

  it('are ordered whatever the sample', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const { min, q1, median, q3, max } = distributionOf(values);
        expect([min, q1, median, q3, max]).toEqual([min, q1, median, q3, max].toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('outliers', () => {
  it('are beyond the fences and far from the median', () => {
    expect(outliersOf([10, 11, 9, 10, 12, 10, 11, 9, 45])).toEqual([8]);
  });

  it('are not looked for in small samples or where most values are equal', () => {
    expect(outliersOf([1, 2, 3, 400])).toEqual([]);
    expect(outliersOf([5, 5, 5, 5, 5, 5, 5, 5, 6])).toEqual([]);
  });
});

describe('trend', () => {
  it.each(ANSCOMBE_Y)('has the published line of Anscombe’s data', (...ys) => {
    const trend = trendOf(pairs(ANSCOMBE_X, ys));
    expect(trend?.slope).toBeCloseTo(0.5, 2);
    expect(trend?.rSquared).toBeCloseTo(0.67, 2);
  });

  it('needs three points', () => {
    expect(
      trendOf([
        [1, 1],
        [2, 2],
      ]),
    ).toBeNull();
    expect(
      trendOf([
        [1, 5],
        [2, 5],
        [3, 5],
      ]),
    ).toMatchObject({ slope: 0, rSquared: 1, pValue: null });
  });
});

describe('Mann–Kendall', () => {
  // Upper tails of Kendall's S as tabled by Hollander & Wolfe (1973), table A.21.
  it.each([
    [[1, 2, 3, 4], 6, 0.0417],
    [[1, 2, 3, 4, 5], 10, 0.0083],
    [[1, 2, 3, 5, 4], 8, 0.0417],
    [[2, 1, 4, 3, 6, 5, 8, 7], 20, 0.007],
    [[3, 2, 1, 4, 5, 8, 7, 6], 16, 0.031],
  ])('of %p: S = %p', (values, s, tail) => {
    const found = mannKendall(values);
    expect(found.s).toBe(s);
    expect(found.pValue / 2).toBeCloseTo(tail, 3);
  });

  it('corrects the variance for ties and S for continuity', () => {
    // n = 12 with two ties of two: var S = (12·11·29 − 2·(2·1·9)) / 18 = 210.667; S = 64 − 0; z = 63 / 14.514 = 4.341.
    const found = mannKendall([1, 2, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10]);
    expect(found.s).toBe(64);
    expect(found.pValue).toBeCloseTo(1.42e-5, 6);
  });

  it('sees no trend in equal values', () => {
    expect(mannKendall(Array.from({ length: 12 }, () => 3))).toEqual({ s: 0, pValue: 1 });
  });
});

it('finds the line of Anscombe’s third set, which all points but one lie on (1973: 4 + 0.346 x)', () => {
  const third = pairs(ANSCOMBE_X, ANSCOMBE_Y[2] ?? []);
  expect(medianSlope(third)).toBeCloseTo(0.346, 2);
  expect(trendOf(third)?.slope).toBeCloseTo(0.5, 2);
});

describe('correlation', () => {
  it('has the published r of Anscombe’s data, with its p-value', () => {
    const found = correlationOf(pairs(ANSCOMBE_X, ANSCOMBE_Y[0] ?? []));
    expect(found?.r).toBeCloseTo(0.816, 3);
    expect(found?.pValue).toBeCloseTo(0.00217, 5);
  });

  it('has Spearman’s ρ of the ranks', () => {
    // IQ and weekly hours of television of ten people, the usual textbook example: ρ = −29/165.
    const iq = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17];
    expect(correlationOf(pairs(iq, hours))?.rho).toBeCloseTo(-29 / 165, 10);
  });

  it('shares ranks among ties', () => {
    expect(midRanks([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1]);
  });

  it('is none when one side does not vary', () => {
    expect(
      correlationOf([
        [1, 2],
        [1, 3],
        [1, 4],
      ]),
    ).toBeNull();
    expect(correlationPValue(1, 5)).toBe(0);
  });

  // Critical values of Student's t, two-sided, from the usual tables.
  it.each([
    [12.706, 1, 0.05],
    [2.228, 10, 0.05],
    [3.169, 10, 0.01],
    [2.042, 30, 0.05],
    [1.96, 100_000, 0.05],
    [0, 7, 1],
  ])('t = %p with %p degrees of freedom has p = %p', (t, freedom, p) => {
    expect(studentTwoSided(t, freedom)).toBeCloseTo(p, 4);
  });
});

describe('the interval of a correlation', () => {
  it('is that of Fisher’s transformation', () => {
    // scipy.stats.pearsonr(x, y).confidence_interval() of Anscombe's first set.
    const [low, high] = fisherInterval(0.8164205163448395, 11) ?? [0, 0];
    expect(low).toBeCloseTo(0.4243912133932152, 6);
    expect(high).toBeCloseTo(0.9506932537865604, 6);
  });

  it('is none of three pairs, nor of a straight line', () => {
    expect(fisherInterval(0.9, 3)).toBeNull();
    expect(fisherInterval(1, 30)).toBeNull();
  });
});

// scipy.stats.t.ppf(1 - (1 - confidence) / 2, freedom)
it.each([
  [0.95, 1, 12.706204736174694],
  [0.95, 10, 2.228138851986274],
  [0.99, 10, 3.16927267261695],
  [0.95, 139, 1.977177724490333],
  [0.8, 3, 1.637744353696209],
  [0.95, 2.5, 3.5746548420036817],
])('Student’s t holds %p of %p degrees of freedom within %p', (confidence, freedom, t) => {
  expect(studentQuantile(confidence, freedom)).toBeCloseTo(t, 9);
});

describe('Welch’s t-test', () => {
  it('has the published values of Student’s sleep data (1908; R: t.test(extra ~ group, sleep))', () => {
    const found = welch(
      { mean: 2.33, deviation: 2.002248735796829, n: 10 },
      { mean: 0.75, deviation: 1.7890096577591623, n: 10 },
    );
    expect(found?.t).toBeCloseTo(1.8608134674868526, 9);
    expect(found?.freedom).toBeCloseTo(17.776473516178488, 8);
    expect(found?.pValue).toBeCloseTo(0.0793941401873583, 9);
    expect(found?.interval[0]).toBeCloseTo(-0.20548323071171137, 8);
    expect(found?.interval[1]).toBeCloseTo(3.3654832307117104, 8);
  });

  it('is none of single values, nor of values that are all equal', () => {
    expect(welch({ mean: 1, deviation: 0, n: 1 }, { mean: 2, deviation: 1, n: 9 })).toBeNull();
    expect(welch({ mean: 1, deviation: 0, n: 5 }, { mean: 2, deviation: 0, n: 5 })).toBeNull();
  });
});

describe('the width of bins', () => {
  const sample = { n: 1000, q1: 40, q3: 60, min: 0, max: 100, isWhole: false };

  it('is Freedman and Diaconis’ rule, rounded', () => {
    // 2 × 20 / 10 = 4, and 5 is nearer to it than 2.5.
    expect(binWidth(sample)).toBe(5);
    expect(binWidth({ ...sample, n: 8000 })).toBe(2.5);
  });

  it('is Sturges’ rule for few numbers, and where half are equal', () => {
    // 1 + log₂ 16 = 5 bins of 20; 1 + log₂ 1000 = 11 bins of 9.
    expect(binWidth({ ...sample, n: 16 })).toBe(20);
    expect(binWidth({ ...sample, q3: 40 })).toBe(10);
  });

  it('makes neither a comb nor a block, and no part of a whole number', () => {
    expect(binWidth({ ...sample, max: 1e6 })).toBe(25_000);
    expect(binWidth({ ...sample, q1: 0, q3: 100, n: 30 })).toBe(25);
    expect(binWidth({ n: 500, q1: 1, q3: 2, min: 0, max: 4, isWhole: true })).toBe(1);
    expect(binWidth({ ...sample, min: 7, max: 7 })).toBeNull();
  });
});
