import type { Scalar } from '../../../common/scalar.js';
import type { Finding } from '../turn.js';
import { listed, upperFirst } from '../words/language.js';
import { formatNumber, formatQuantity, type NumberStyle } from '../words/numbers.js';
import { calendarOf, type Calendar } from '../words/calendar.js';
import type { Field } from '../words/shape.js';
import { allRows, finding, rowsOf, type Subject } from './finding.js';
import { interestOf, surpriseOf } from './interest.js';
import {
  alike,
  gapWords,
  highest,
  lowest,
  percentWords,
  pointsOf,
  relative,
  valueWords,
  type Point,
} from './points.js';
import { trendOf } from './statistics/trend.js';

export interface Moment extends Point {
  readonly at: number;
}

export function moments(points: readonly Point[], calendar: Calendar): Moment[] {
  return points
    .flatMap((point) => {
      const at = calendar.at(point.key);
      return at === null ? [] : [{ ...point, at }];
    })
    .toSorted((a, b) => a.at - b.at);
}

/** rose/fell, or improved/worsened where the data set says which way is good. */
export function moved(change: number, y: Field): string {
  if (change === 0) return 'did not change';
  if (y.higherIsBetter === null) return change > 0 ? 'rose' : 'fell';
  return change > 0 === y.higherIsBetter ? 'improved' : 'worsened';
}

const byWords = (from: number, to: number, y: Field): string => {
  const percent = relative(from, to);
  return `by ${gapWords(to - from, y, [from, to])}${percent === null || y.style.unit === '%' ? '' : ` (${percentWords(percent)})`}`;
};

export const changeValues = (from: Moment, to: Moment): Record<string, number> => {
  const percent = relative(from.value, to.value);
  return {
    from: from.value,
    to: to.value,
    change: to.value - from.value,
    ...(percent === null ? {} : { percentChange: percent }),
  };
};

/** Findings on one value over time. `who` names the series when there are several. */
export function seriesFindings(
  subject: Subject,
  x: Field,
  y: Field,
  who: string | null = null,
  keep?: (row: readonly Scalar[]) => boolean,
): Finding[] {
  const calendar = calendarOf(x);
  const points = moments(pointsOf(subject, x, y, keep), calendar);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const subjectWords = who === null ? `the ${y.words}` : who;
  const names = [first.name, last.name, y.words, who ?? ''];
  const found: Finding[] = [];
  if (points.every(({ value }) => value === first.value))
    return [
      finding(
        'note',
        interestOf('part'),
        `${upperFirst(subjectWords)} was ${valueWords(first.value, y)} in each of the ${formatNumber(points.length)} ${calendar.step}s`,
        { value: first.value, periods: points.length },
        rowsOf(
          subject,
          points.map(({ row }) => row),
        ),
        names,
      ),
    ];
  const change = last.value - first.value;
  found.push(
    finding(
      'change',
      interestOf('overview'),
      alike(first.value, last.value, y)
        ? `From ${first.name} to ${last.name} ${subjectWords} hardly changed: ${valueWords(first.value, y)} and ${valueWords(last.value, y)}`
        : `From ${first.name} to ${last.name} ${subjectWords} ${moved(change, y)} ${byWords(first.value, last.value, y)}, from ${valueWords(first.value, y)} to ${valueWords(last.value, y)}`,
      changeValues(first, last),
      rowsOf(subject, [first.row, last.row]),
      names,
    ),
  );
  const trend = trendFinding(subject, points, x, y, calendar, who);
  if (trend !== null) found.push(trend);
  if (who === null) {
    const ends = endsFinding(subject, points, y, calendar);
    if (ends !== null) found.push(ends);
    const step = stepFinding(subject, points, y, calendar);
    if (step !== null) found.push(step);
    const gaps = gapsFinding(subject, points, x, calendar);
    if (gaps !== null) found.push(gaps);
  }
  return found;
}

function trendFinding(
  subject: Subject,
  points: readonly Moment[],
  x: Field,
  y: Field,
  calendar: Calendar,
  who: string | null,
): Finding | null {
  const trend = trendOf(points.map(({ at, value }) => [at, value]));
  if (trend === null) return null;
  const slope = formatQuantity(Math.abs(trend.slope), slopeStyle(trend.slope, y));
  const fit = `R² ${formatNumber(trend.rSquared, { decimals: 2, unit: null })}`;
  const per = `a${calendar.step === 'hour' ? 'n' : ''} ${calendar.step}`;
  const whose = who === null ? '' : ` for ${who}`;
  const clear = trend.pValue !== null && trend.pValue < 0.05;
  // Mann–Kendall counts rises and falls, and so does the median slope; a few wild values may turn least squares around.
  const median = trend.medianSlope ?? trend.slope;
  const pulled = clear && median !== 0 && Math.abs(trend.slope - median) > 0.25 * Math.abs(median);
  const words = (pulled ? median : trend.slope) >= 0 ? 'upward' : 'downward';
  const signed = (value: number): string =>
    `${value < 0 ? '−' : '+'}${formatQuantity(Math.abs(value), slopeStyle(value, y))}`;
  const values = {
    slope: trend.slope,
    rSquared: trend.rSquared,
    n: points.length,
    ...(trend.pValue === null ? {} : { pValue: trend.pValue }),
    ...(pulled ? { medianSlope: median } : {}),
  };
  const text = pulled
    ? `The trend${whose} is ${words}: ${signed(median)} ${per} in the median (Theil–Sen; Mann–Kendall p ${pWords(trend.pValue ?? 1)}); least squares, on which a few values weigh much, gives ${signed(trend.slope)} (${fit})`
    : clear
      ? `The trend${whose} is ${words}: ${slope} ${per} by least squares (${fit}; Mann–Kendall p ${pWords(trend.pValue ?? 1)})`
      : trend.pValue === null
        ? `Least squares gives ${trend.slope < 0 ? 'minus ' : ''}${slope} ${per}${whose} (${fit}), over only ${points.length} points`
        : `There is no clear trend${whose} over the ${points.length} ${calendar.step}s (Mann–Kendall p ${pWords(trend.pValue)}; least squares ${trend.slope < 0 ? '−' : '+'}${slope} ${per}, ${fit})`;
  return finding(
    'trend',
    interestOf('explanation', { surprise: trend.pValue === null ? 0 : 1 - trend.pValue }),
    text,
    values,
    rowsOf(
      subject,
      points.map(({ row }) => row),
    ),
    [who ?? '', x.words, ...pNames(trend.pValue)],
  );
}

/** One digit finer than the values themselves, since a slope is an average. */
const slopeStyle = (slope: number, y: Field): NumberStyle => ({
  rounded: true,
  decimals: y.style.decimals === null || Math.abs(slope) >= 1000 ? null : y.style.decimals + 1,
  unit: y.style.unit === '%' ? 'percentage points' : y.style.unit,
});

/** The bound that a very small p-value is told by. */
export const pNames = (p: number | null): string[] => (p !== null && p < 0.001 ? ['0.001'] : []);

export const pWords = (p: number): string =>
  p < 0.001 ? '< 0.001' : `= ${formatNumber(p, { decimals: p < 0.1 ? 3 : 2, unit: null })}`;

function endsFinding(subject: Subject, points: readonly Moment[], y: Field, calendar: Calendar): Finding | null {
  const at = calendar.step === 'day' || calendar.step === 'week' || calendar.step === 'hour' ? 'on' : 'in';
  const [top, bottom] = [highest(points), lowest(points)];
  if (top === undefined || bottom === undefined || top.value === bottom.value || points.length < 3) return null;
  const ends = new Set([points[0]?.row, points.at(-1)?.row]);
  const told = ends.has(top.row) && ends.has(bottom.row);
  return finding(
    'extreme',
    interestOf(told ? 'remark' : 'part'),
    `It was highest ${at} ${top.name} (${valueWords(top.value, y)}) and lowest ${at} ${bottom.name} (${valueWords(bottom.value, y)})`,
    { highest: top.value, lowest: bottom.value },
    rowsOf(subject, [top.row, bottom.row]),
    [top.name, bottom.name],
  );
}

/** The largest change between neighbouring periods, when it is more than twice the usual one. */
function stepFinding(subject: Subject, points: readonly Moment[], y: Field, calendar: Calendar): Finding | null {
  if (points.length < 5) return null;
  const steps = points.slice(1).flatMap((to, index) => {
    const from = points[index];
    if (from === undefined || (calendar.whole && to.at - from.at !== 1)) return [];
    return [{ from, to, change: to.value - from.value }];
  });
  const sizes = steps.map(({ change }) => Math.abs(change)).toSorted((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const largest = steps.reduce<(typeof steps)[number] | undefined>(
    (best, step) => (best === undefined || Math.abs(step.change) > Math.abs(best.change) ? step : best),
    undefined,
  );
  if (largest === undefined || usual === 0 || Math.abs(largest.change) < 2 * usual) return null;
  const { from, to } = largest;
  return finding(
    'change',
    interestOf('part', {
      surprise: surpriseOf(
        largest.change,
        steps.map(({ change }) => change),
      ),
    }),
    `The largest step was from ${from.name} to ${to.name}, when it ${moved(largest.change, y)} ${byWords(from.value, to.value, y)}`,
    changeValues(from, to),
    rowsOf(subject, [from.row, to.row]),
    [from.name, to.name],
  );
}

function gapsFinding(subject: Subject, points: readonly Moment[], x: Field, calendar: Calendar): Finding | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!calendar.whole || calendar.step !== 'year' || first === undefined || last === undefined) return null;
  if (last.at - first.at > 500) return null;
  const known = new Set(points.map(({ at }) => at));
  const missing: number[] = [];
  for (let at = first.at + 1; at < last.at; at++) if (!known.has(at)) missing.push(at);
  if (missing.length === 0 || missing.length >= points.length) return null;
  const names = missing.slice(0, 3).map(String);
  const more = missing.length - names.length;
  const text = `There is no value for ${listed(more > 0 ? [...names, `${more} more ${more === 1 ? 'year' : 'years'}`] : names)}`;
  return finding('missing', interestOf('aside'), text, { missing: missing.length, more }, allRows(subject), [
    ...names,
    x.words,
  ]);
}
