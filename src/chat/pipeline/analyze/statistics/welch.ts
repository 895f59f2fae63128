import { studentQuantile, studentTwoSided } from './student.js';

/** Mean, standard deviation and size of a sample. */
export interface Sample {
  readonly mean: number;
  readonly deviation: number;
  readonly n: number;
}

export interface Welch {
  readonly difference: number;
  readonly t: number;
  readonly freedom: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Holds the difference with 95 % confidence. */
  readonly interval: readonly [low: number, high: number];
}

/**
 * Welch's t-test (1947) of two means whose samples need not spread alike, with the degrees of freedom of Satterthwaite (1946).
 * Null below 2 values a sample, and where neither spreads.
 */
export function welch(a: Sample, b: Sample): Welch | null {
  if (a.n < 2 || b.n < 2) return null;
  const [va, vb] = [a.deviation ** 2 / a.n, b.deviation ** 2 / b.n];
  const error = Math.sqrt(va + vb);
  if (error === 0 || Number.isNaN(error)) return null;
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  const difference = a.mean - b.mean;
  const t = difference / error;
  const reach = studentQuantile(0.95, freedom) * error;
  return {
    difference,
    t,
    freedom,
    pValue: studentTwoSided(t, freedom),
    interval: [difference - reach, difference + reach],
  };
}
