import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Condition } from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { ascending, quantile } from '../analyze/statistics/quantiles.js';
import { medianSlope } from '../analyze/statistics/trend.js';
import { cellWords, nameWords, numberAt, type Field, type Shape } from '../words/shape.js';
import { FEWEST_VALUES, MAD_OF_NORMAL, REACH } from './bounds.js';
import { closedSeries, type Series } from './series.js';
import type { OutlierMethod, OutlierStudy } from './study.js';

export interface Outlier {
  readonly row: number;
  readonly name: string;
  readonly value: number;
  /** What the trend of a series expects, and how far from it the value is; null elsewhere. */
  readonly expected: number | null;
  readonly beyond: number | null;
}

/** How all values are spread. */
export interface Spread {
  /** deviation: more than half are equal, so that the mean distance from the median stands for the median one. */
  readonly by: OutlierMethod | 'deviation';
  /** How many values were looked at. */
  readonly n: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly low: number;
  readonly high: number;
  readonly below: number;
  readonly above: number;
  /** Both together, and in percent of all. */
  readonly count: number;
  readonly part: number;
  /** Multiples of the distance between the quartiles, or of modified z-scores. */
  readonly reach: number;
  /** The lowest and highest value within the bounds. */
  readonly inside: readonly [low: number, high: number] | null;
}

export interface Outliers {
  readonly kind: 'outliers';
  readonly of: OutlierStudy['of'];
  readonly method: OutlierMethod;
  /** Of a series: how far its values are from the trend. Null below `FEWEST_VALUES`, and where there is no spread to measure by. */
  readonly spread: Spread | null;
  readonly n: number;
  readonly least: typeof FEWEST_VALUES;
  /** Of a series: the trend took the seasons into account. */
  readonly isSeasonal: boolean;
  /** Of a series: the last period is not complete and was left out. */
  readonly dropped: Scalar;
  /** Furthest first; of rows the first of them. */
  readonly points: readonly Outlier[];
}

/** Outliers of the result of an outlier query; `spread`: the one row that the database gave of all values, for rows. */
export function outliersIn(
  study: OutlierStudy,
  result: ResultSet,
  shape: Shape,
  spread: ResultSet | null,
  profile: DatasetProfile,
  askedAt: Date,
): Outliers | null {
  const { x, y, fields } = shape;
  const base = {
    kind: 'outliers',
    of: study.of,
    method: study.method,
    least: FEWEST_VALUES,
    isSeasonal: false,
    dropped: null,
  } as const;
  if (study.of === 'rows') {
    const known = spread === null ? null : spreadRow(spread, study.method);
    if (known === null) return null;
    const usable = isUsable(known);
    const value = fields.at(-1);
    const points = value === undefined || !usable ? [] : namedRows(result, fields, value, study.within);
    return { ...base, n: known.n, spread: usable ? known : null, points };
  }
  if (x === null || y === null) return null;
  if (study.of === 'groups') return { ...base, ...ofGroups(result, x, y, study.method) };
  const { series, dropped } = closedSeries(result, x, y, profile, askedAt);
  return { ...base, dropped, ...ofSeries(series, study.method) };
}

const isUsable = ({ n, low, high }: Spread): boolean => n >= FEWEST_VALUES && low < high;

function spreadRow({ rows }: ResultSet, by: OutlierMethod): Spread | null {
  const [n, q1, median, q3, low, high, below, above, lowest, highest] = (rows[0] ?? []).map((value) =>
    typeof value === 'number' ? value : Number.NaN,
  );
  if (n === undefined || highest === undefined || lowest === undefined) return null;
  return {
    by,
    n,
    q1: q1 ?? Number.NaN,
    median: median ?? Number.NaN,
    q3: q3 ?? Number.NaN,
    low: low ?? Number.NaN,
    high: high ?? Number.NaN,
    ...countsOf(n, below ?? 0, above ?? 0),
    reach: REACH[by],
    inside: Number.isNaN(lowest) ? null : [lowest, highest],
  };
}

const countsOf = (n: number, below: number, above: number): Pick<Spread, 'below' | 'above' | 'count' | 'part'> => ({
  below,
  above,
  count: below + above,
  part: (100 * (below + above)) / n,
});

function namedRows({ rows }: ResultSet, fields: readonly Field[], value: Field, within?: Condition): Outlier[] {
  const names = fields.filter((field) => field !== value && !isFixed(field, within));
  return [...rows.entries()].flatMap(([row, cells]) => {
    const number = numberAt(cells, value);
    const name = names.map((field) => cellWords(cells[field.index] ?? null, field)).join(', ');
    return number === null
      ? []
      : [{ row, name: name === '' ? `Row ${row + 1}` : name, value: number, expected: null, beyond: null }];
  });
}

/** The filter leaves one value of the column. */
const isFixed = ({ expression }: Field, where: Condition | undefined): boolean =>
  where !== undefined &&
  ('and' in where ? where.and : [where]).some(
    (each) => 'compare' in each && each.compare === '=' && JSON.stringify(each.left) === JSON.stringify(expression),
  );

type Found = Pick<Outliers, 'n' | 'spread' | 'points' | 'isSeasonal'>;

function ofGroups({ rows }: ResultSet, x: Field, y: Field, method: OutlierMethod): Found {
  const points = [...rows.entries()].flatMap(([row, cells]) => {
    const [key, value] = [cells[x.index] ?? null, numberAt(cells, y)];
    return key === null || value === null
      ? []
      : [{ row, name: nameWords(key, x), value, expected: null, beyond: null }];
  });
  const values = points.map(({ value }) => value);
  const spread = spreadOf(values, method);
  const far = spread === null ? [] : points.filter(({ value }) => value < spread.low || value > spread.high);
  const distance = ({ value }: Outlier): number => Math.abs(value - (spread?.median ?? 0));
  return { n: points.length, spread, isSeasonal: false, points: far.toSorted((a, b) => distance(b) - distance(a)) };
}

/** The standard deviation of a normal sample over its mean absolute deviation. */
const NORMAL_OF_MEAN = 1.253314;
/** Binary fractions leave this much of a number. */
const DUST = 1e-9;

/**
 * How values are spread, by the method's bounds. Null below `FEWEST_VALUES`, and where all are equal. `size`: of the numbers
 * that the values were worked out from.
 */
export function spreadOf(values: readonly number[], method: OutlierMethod, size = largest(values)): Spread | null {
  if (values.length < FEWEST_VALUES) return null;
  const sorted = ascending(values);
  const [q1, median, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const distances = values.map((value) => Math.abs(value - median));
  const usual = method === 'fences' ? q3 - q1 : quantile(ascending(distances), 0.5);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / values.length;
  if (mean <= DUST * size) return null;
  const by = usual <= DUST * size ? 'deviation' : method;
  const reach =
    by === 'fences' ? REACH.fences * usual : REACH.mad * (by === 'mad' ? usual / MAD_OF_NORMAL : mean * NORMAL_OF_MEAN);
  const [low, high] = by === 'fences' ? [q1 - reach, q3 + reach] : [median - reach, median + reach];
  const within = values.filter((value) => value >= low && value <= high);
  return {
    by,
    n: values.length,
    q1,
    median,
    q3,
    low,
    high,
    ...countsOf(
      values.length,
      values.filter((value) => value < low).length,
      values.filter((value) => value > high).length,
    ),
    reach: by === 'fences' ? REACH.fences : REACH.mad,
    inside: within.length === 0 ? null : [Math.min(...within), Math.max(...within)],
  };
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Values far from the trend: a line by Theil–Sen, which single values do not move, and, where there are four whole seasons
 * and it tells much more, the median of what the same part of the other seasons is above or below that line.
 */
function ofSeries({ moments, season, isComplete }: Series, method: OutlierMethod): Found {
  const n = moments.length;
  if (n < FEWEST_VALUES) return { n, spread: null, points: [], isSeasonal: false };
  const slope = medianSlope(moments.map(({ at, value }) => [at, value]));
  const level = middle(moments.map(({ at, value }) => value - slope * at));
  const line = moments.map(({ at }) => level + slope * at);
  const plain = moments.map(({ value }, index) => value - (line[index] ?? 0));
  const shifts = season !== null && isComplete && n >= FEWEST_SEASONS * season ? seasonalShifts(plain, season) : null;
  const seasonal = shifts === null ? plain : plain.map((residual, index) => residual - (shifts[index] ?? 0));
  const isSeasonal = shifts !== null && size(seasonal) < TELLS_MORE * size(plain);
  const residuals = isSeasonal ? seasonal : plain;
  const spread = spreadOf(residuals, method, largest(moments.map(({ value }) => value)));
  const distance = (index: number): number => Math.abs((residuals[index] ?? 0) - (spread?.median ?? 0));
  const far = (index: number): boolean =>
    spread !== null && ((residuals[index] ?? 0) < spread.low || (residuals[index] ?? 0) > spread.high);
  const points = [...moments.entries()]
    .filter(([index]) => far(index))
    .toSorted(([a], [b]) => distance(b) - distance(a))
    .map(([index, { row, name, value }]) => {
      const beyond = residuals[index] ?? 0;
      return { row, name, value, expected: value - beyond, beyond };
    });
  return { n, spread, points, isSeasonal };
}

/** Each value is left out of its own season, which it would draw near. */
const seasonalShifts = (residuals: readonly number[], season: number): number[] =>
  residuals.map((_, index) =>
    middle(residuals.filter((__, other) => other !== index && other % season === index % season)),
  );

const FEWEST_SEASONS = 4;
/** Seasons are taken into account where the usual distance becomes this much smaller. */
const TELLS_MORE = 0.7;

/** The usual distance from the line. */
const size = (residuals: readonly number[]): number => middle(residuals.map(Math.abs));

const middle = (values: readonly number[]): number => quantile(ascending(values), 0.5);
