import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { calendarOf, type Calendar } from '../words/calendar.js';
import { cellWords, numberAt, type Field } from '../words/shape.js';

/** A value of a series: `at` counts its steps. */
export interface Moment {
  readonly row: number;
  readonly key: Scalar;
  readonly name: string;
  readonly at: number;
  readonly value: number;
}

export interface Series {
  readonly calendar: Calendar;
  /** In order of time; the periods without a value are left out. */
  readonly moments: readonly Moment[];
  /** No step between the first and the last is missing. */
  readonly isComplete: boolean;
  /** Steps after which a season comes again: 12 months, 4 quarters, 7 days, 24 hours; null where there is no such thing. */
  readonly season: number | null;
}

const SEASONS: Readonly<Record<Calendar['step'], number | null>> = {
  year: null,
  quarter: 4,
  month: 12,
  week: null,
  day: 7,
  hour: 24,
};

export function seriesOf({ rows }: ResultSet, x: Field, y: Field): Series {
  const calendar = calendarOf(x);
  const moments = [...rows.entries()]
    .flatMap(([row, cells]) => {
      const key = cells[x.index] ?? null;
      const [at, value] = [calendar.at(key), numberAt(cells, y)];
      return at === null || value === null ? [] : [{ row, key, name: cellWords(key, x), at, value }];
    })
    .toSorted((a, b) => a.at - b.at);
  const steps = moments.slice(1).map(({ at }, index) => at - (moments[index]?.at ?? 0));
  return {
    calendar,
    moments,
    isComplete: steps.every((step) => Math.abs(step - 1) < 1e-6),
    season: SEASONS[calendar.step],
  };
}

/** The series without its last period where that is not complete; which one that is, or null. */
export function closedSeries(
  result: ResultSet,
  x: Field,
  y: Field,
  profile: DatasetProfile,
  askedAt: Date,
): { readonly series: Series; readonly dropped: Scalar } {
  const series = seriesOf(result, x, y);
  const last = series.moments.at(-1);
  if (last === undefined || !isOpen(last.key, x, series.calendar, profile, askedAt)) return { series, dropped: null };
  return { series: { ...series, moments: series.moments.slice(0, -1) }, dropped: last.key };
}

/** Data that ends after so much of a period that was over at the moment of asking is all of it, but for days without rows. */
const AS_GOOD_AS_WHOLE = 0.9;

/**
 * Whether the period is not complete: the data stops within it, and it was not over at the moment of asking or the data covers
 * clearly less than all of it. Dates that stand for whole periods (all of them a first day, or one a period) say nothing of it.
 */
function isOpen(key: Scalar, x: Field, calendar: Calendar, profile: DatasetProfile, askedAt: Date): boolean {
  const column = x.profile;
  if (column === null || x.grain === null || (column.type !== 'date' && column.type !== 'datetime')) return false;
  const [first, last] = [Date.parse(String(column.min)), Date.parse(String(column.max))];
  const at = calendar.at(key);
  if (Number.isNaN(first) || Number.isNaN(last) || at === null) return false;
  const days = (last - first) / DAY + 1;
  // Most days of the time have rows of their own: a day without any is a day that is not there yet.
  if (column.distinct < 0.5 * days || profile.rowCount < days) return false;
  const next = Date.parse(startOf(calendar.key(at + 1)));
  const start = Date.parse(startOf(key));
  if (Number.isNaN(next) || last + DAY >= next) return false;
  return askedAt.getTime() < next || !((last + DAY - start) / (next - start) >= AS_GOOD_AS_WHOLE);
}

const DAY = 86_400_000;

/** The first day of a period as its series writes it. */
function startOf(key: Scalar): string {
  const text = String(key);
  const quarter = /^(\d{4})-Q(\d)$/.exec(text);
  if (quarter !== null) return `${quarter[1] ?? ''}-${String(3 * Number(quarter[2]) - 2).padStart(2, '0')}-01`;
  return /^\d{4}$/.test(text) ? `${text}-01-01` : /^\d{4}-\d{2}$/.test(text) ? `${text}-01` : text;
}
