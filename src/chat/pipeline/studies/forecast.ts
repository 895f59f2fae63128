import type { Scalar } from '../../../common/scalar.js';
import { studentQuantile } from '../analyze/statistics/student.js';
import {
  holt,
  holtWinters,
  leastSquares,
  naive,
  RECENT,
  seasonalNaive,
  type Fitted,
  type Point,
} from '../analyze/statistics/smoothing.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Calendar } from '../words/calendar.js';
import type { Shape } from '../words/shape.js';
import { closedSeries, type Series } from './series.js';
import type { Study } from './study.js';

export type ForecastMethod = 'last' | 'season' | 'line' | 'holt' | 'winters';

export interface Expected {
  readonly at: number;
  readonly key: Scalar;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Forecast {
  readonly kind: 'forecast';
  /** Why there is none; null: there is one. `steps` are those asked for, `most` those that may be. */
  readonly refused: 'too few' | 'too far' | 'not ahead' | null;
  readonly least: number;
  readonly most: number;
  readonly steps: number;
  readonly n: number;
  /** Of these, the latest ones, that the method is fitted to. */
  readonly fitted: number;
  readonly method: ForecastMethod;
  /** Percent. */
  readonly confidence: number;
  readonly expected: readonly Expected[];
  /** Mean absolute error over the past, of this method and of repeating the last value (or the last season); how many forecasts. */
  readonly tested: { readonly error: number; readonly benchmark: number; readonly times: number } | null;
  /** The last period is not complete and was left out. */
  readonly dropped: Scalar;
}

export const FEWEST_POINTS = 6;
/** Percent. */
const CONFIDENCE = 95;
/** Origins of the past that a method is tested from, the latest ones. */
const MOST_ORIGINS = 12;
const FEWEST_ORIGINS = 3;
/** A method that takes more is chosen only where it is better by so much. */
const BETTER = 0.98;
/** Half as far ahead as is known back. */
const REACH = 0.5;

/**
 * How the series of a query goes on. Its last period is left out where it is not complete. Null where the result is no
 * series.
 */
export function forecastIn(
  { steps, until }: Extract<Study, { kind: 'forecast' }>,
  result: ResultSet,
  { x, y, kind }: Shape,
  profile: DatasetProfile,
  askedAt: Date,
): Forecast | null {
  if (x === null || y === null || (kind !== 'series' && result.rows.length > 1)) return null;
  const { series, dropped } = closedSeries(result, x, y, profile, askedAt);
  const end = series.moments.at(-1)?.at ?? 0;
  const target = until === null ? null : series.calendar.at(until);
  const ahead = target === null ? (steps ?? DEFAULT_STEPS[series.calendar.step]) : Math.round(target - end);
  const negative = series.moments.some(({ value }) => value < 0);
  return forecastOf(series, ahead, negative ? null : 0, dropped);
}

const DEFAULT_STEPS: Readonly<Record<Calendar['step'], number>> = {
  year: 1,
  quarter: 2,
  month: 3,
  week: 4,
  day: 7,
  hour: 24,
};

interface Method {
  readonly name: ForecastMethod;
  /** Values that a fit takes. */
  readonly least: number;
  readonly fit: (points: readonly Point[]) => Fitted | null;
}

/** Simplest first. */
function methodsFor({ moments, season, isComplete }: Series): Method[] {
  const line: Method = { name: 'line', least: 4, fit: leastSquares };
  const last: Method = { name: 'last', least: 3, fit: naive };
  if (!isComplete) return [last, line];
  const plain: Method[] = [last, line, { name: 'holt', least: 5, fit: holt }];
  if (season === null || moments.length < 2 * season + 3 + FEWEST_ORIGINS) return plain;
  return [
    last,
    { name: 'season', least: season + 2, fit: (points) => seasonalNaive(points, season) },
    ...plain.slice(1),
    { name: 'winters', least: 2 * season + 3, fit: (points) => holtWinters(points, season) },
  ];
}

/**
 * How a series goes on for so many steps: by the method whose forecasts from the points of the past (rolling origin, Tashman
 * 2000) had the least mean absolute error, with a prediction interval by Student's t.
 */
export function forecastOf(series: Series, steps: number, floor: number | null, dropped: Scalar): Forecast {
  const points = series.moments.map(({ at, value }): Point => [at, value]);
  const n = points.length;
  const most = Math.max(1, Math.floor(n * REACH));
  const base = { kind: 'forecast', least: FEWEST_POINTS, most, steps, n, confidence: CONFIDENCE, dropped } as const;
  const refused = n < FEWEST_POINTS ? 'too few' : steps < 1 ? 'not ahead' : steps > most ? 'too far' : null;
  if (refused !== null) return { ...base, refused, fitted: n, method: 'last', expected: [], tested: null };
  const { method, tested } = chosen(methodsFor(series), points, steps);
  const fit = method.fit(points);
  const last = points.at(-1)?.[0] ?? 0;
  const quantile = studentQuantile(CONFIDENCE / 100, fit?.freedom ?? 1);
  const expected = Array.from({ length: fit === null ? 0 : steps }, (_, index): Expected => {
    const at = last + index + 1;
    const { value, deviation } = fit?.ahead(index + 1) ?? { value: 0, deviation: 0 };
    const reach = quantile * deviation;
    const bounded = (number: number): number => (floor === null ? number : Math.max(floor, number));
    return {
      at,
      key: series.calendar.key(at),
      value: bounded(value),
      low: bounded(value - reach),
      high: value + reach,
    };
  });
  const isSmooth = method.name === 'holt' || method.name === 'winters';
  const used = isSmooth ? Math.min(n, RECENT) : n;
  return { ...base, refused, fitted: used, method: method.name, expected, tested };
}

interface Choice {
  readonly method: Method;
  readonly tested: Forecast['tested'];
}

function chosen(methods: readonly Method[], points: readonly Point[], steps: number): Choice {
  const [simplest] = methods;
  if (simplest === undefined) throw new Error('there is always a method');
  const least = Math.max(...methods.map((method) => method.least), Math.ceil(points.length / 2));
  const origins = Array.from({ length: Math.max(0, points.length - least) }, (_, index) => least + index).slice(
    -MOST_ORIGINS,
  );
  if (origins.length < FEWEST_ORIGINS)
    return { method: methods.find(({ name }) => name === 'line') ?? simplest, tested: null };
  const scores = methods.map((method) => ({ method, ...errorOf(method, points, origins, steps) }));
  const benchmark = Math.min(
    ...scores.filter(({ method }) => method.name === 'last' || method.name === 'season').map(({ error }) => error),
  );
  const best = scores.reduce((before, each) => (each.error < BETTER * before.error ? each : before));
  return { method: best.method, tested: { error: best.error, benchmark, times: best.times } };
}

/** Mean absolute error of all forecasts up to so many steps that each origin allows. */
function errorOf(
  { fit }: Method,
  points: readonly Point[],
  origins: readonly number[],
  steps: number,
): { readonly error: number; readonly times: number } {
  const errors = origins.flatMap((origin) => {
    const model = fit(points.slice(0, origin));
    const from = points[origin - 1]?.[0] ?? 0;
    return model === null
      ? []
      : points
          .slice(origin)
          .filter(([at]) => at - from <= steps + 1e-6)
          .map(([at, value]) => Math.abs(value - model.ahead(Math.round(at - from)).value));
  });
  const times = errors.length;
  return { error: times === 0 ? Number.POSITIVE_INFINITY : errors.reduce((sum, each) => sum + each, 0) / times, times };
}
