export interface Numbers {
  readonly n: number;
  readonly q1: number;
  readonly q3: number;
  readonly min: number;
  readonly max: number;
  /** All of them are whole numbers. */
  readonly isWhole: boolean;
}

/** Of fewer numbers the quartiles are too loose to fit bins by. */
const SMALL = 30;
const MOST_BINS = 40;
const FEWEST_BINS = 4;

/**
 * Width of a histogram's bins: 2 IQR / ∛n (Freedman & Diaconis 1981); of few numbers, and where half are equal, the range over
 * 1 + log₂ n (Sturges 1926). Rounded to 1, 2, 2.5 or 5 times a power of ten, so that edges are round, with 4 to 40 bins.
 * Null without spread.
 */
export function binWidth({ n, q1, q3, min, max, isWhole }: Numbers): number | null {
  const range = max - min;
  if (n < 2 || !(range > 0)) return null;
  const sturges = range / Math.ceil(1 + Math.log2(n));
  const raw = n < SMALL || q3 === q1 ? sturges : (2 * (q3 - q1)) / Math.cbrt(n);
  const width = round(Math.min(range / FEWEST_BINS, Math.max(range / MOST_BINS, raw)));
  return isWhole ? Math.max(1, Math.round(width)) : width;
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The nearest round number by ratio. */
function round(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const step = STEPS.reduce((best, each) =>
    Math.abs(Math.log(each / (width / power))) < Math.abs(Math.log(best / (width / power))) ? each : best,
  );
  return Number((step * power).toPrecision(3));
}
