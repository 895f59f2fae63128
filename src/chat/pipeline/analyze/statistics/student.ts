import { gammaln } from 'simple-statistics';

/*
 * Student's t. simple-statistics has the gamma function, and no distribution of t.
 */

/** P(|T| ≥ |t|) of Student's t: the regularised incomplete beta function I(ν/(ν + t²); ν/2, 1/2). */
export function studentTwoSided(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * The t that Student's t stays within, either side of 0, with this confidence: 2.228 for 95 % and 10 degrees of freedom.
 * The p-value falls as t grows, so that halving an interval finds it.
 */
export function studentQuantile(confidence: number, freedom: number): number {
  const outside = 1 - confidence;
  let [low, high] = [0, 1];
  while (studentTwoSided(high, freedom) > outside) high *= 2;
  for (let i = 0; i < 100 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, freedom) > outside) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
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
