import { MONTHS, TIME_UNITS, type TimeUnit } from './english.js';
import type { Quantity } from './numbers.js';
import type { Token } from './tokens.js';
import { borrowedYear } from './times-together.js';

/** A stretch of time that the question names. Days as `YYYY-MM-DD`, both ends included. */
export interface TimeSpan {
  /** Token indexes, `to` exclusive; the relation's words ("since", "between") included. */
  readonly from: number;
  readonly to: number;
  /** null: open on that side ("before 2010", "since 2015"). */
  readonly start: string | null;
  readonly end: string | null;
  /** What the question counts in: "in 2015" is a year, "in March 2020" a month. */
  readonly unit: TimeUnit;
  /** Several single years ("in 2015 and 2018"); null for one stretch. */
  readonly years: readonly number[] | null;
  /** The first and the last step of a stretch from one to another: "from April to May 2025". */
  readonly ends?: readonly [Point, Point];
}

/** A point as written, before "since", "between"… are read. */
export interface Point {
  readonly from: number;
  readonly to: number;
  readonly start: string;
  readonly end: string;
  readonly unit: TimeUnit;
}

const pad = (value: number): string => String(value).padStart(2, '0');
const day = (date: Date): string => date.toISOString().slice(0, 10);
const utc = (year: number, month: number, date: number): Date => new Date(Date.UTC(year, month, date));
const YEAR_MIN = 1000;
const YEAR_MAX = 2199;

/** Does this number look like a calendar year? */
export function isYear(quantity: Quantity, token: Token | undefined): boolean {
  return (
    quantity.digits &&
    !quantity.percent &&
    !quantity.ordinal &&
    Number.isInteger(quantity.value) &&
    quantity.value >= YEAR_MIN &&
    quantity.value <= YEAR_MAX &&
    /^\d{4}$/.test(token?.lower ?? '') &&
    !/[$€£]\s*$/.test(token?.before ?? '')
  );
}

/** First and last day of the year, quarter, month, week or day that holds `date`, moved by `shift` units. */
export function unitAround(date: Date, unit: TimeUnit, shift: number): { start: string; end: string } {
  const [year, month, monthDay] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case 'year':
      return { start: `${String(year + shift)}-01-01`, end: `${String(year + shift)}-12-31` };
    case 'quarter': {
      const first = Math.floor(month / 3) * 3 + shift * 3;
      return { start: day(utc(year, first, 1)), end: day(utc(year, first + 3, 0)) };
    }
    case 'month':
      return { start: day(utc(year, month + shift, 1)), end: day(utc(year, month + shift + 1, 0)) };
    case 'week': {
      const monday = monthDay - ((date.getUTCDay() + 6) % 7) + shift * 7;
      return { start: day(utc(year, month, monday)), end: day(utc(year, month, monday + 6)) };
    }
    case 'day':
      return { start: day(utc(year, month, monthDay + shift)), end: day(utc(year, month, monthDay + shift)) };
  }
}

/** All times of the question, left to right, with "since", "before", "between … and …" read. */
export function timesOf(tokens: readonly Token[], numbers: readonly Quantity[], askedAt: Date): readonly TimeSpan[] {
  const points = pointsOf(tokens, numbers, askedAt);
  const spans: TimeSpan[] = [];
  for (let index = 0; index < points.length; index += 1) {
    const point = points[index];
    if (!point) continue;
    const before = tokens[point.from - 1]?.lower ?? '';
    const twoBefore = tokens[point.from - 2]?.lower ?? '';
    const next = points[index + 1];
    const joint = next ? joins(tokens, point.to, next.from) : null;
    if (next && ((before === 'between' && joint !== null) || (before === 'from' && joint === 'to') || joint === 'to')) {
      const from = before === 'between' || before === 'from' ? point.from - 1 : point.from;
      spans.push({
        from,
        to: next.to,
        start: point.start,
        end: next.end,
        unit: point.unit,
        years: null,
        ends: [point, next],
      });
      index += 1;
      continue;
    }
    if (joint === 'and' && point.unit === 'year') {
      const years: number[] = [Number(point.start.slice(0, 4))];
      let last = point;
      let reach = index;
      for (let more = points[reach + 1]; more && more.unit === 'year' && joins(tokens, last.to, more.from) === 'and';) {
        years.push(Number(more.start.slice(0, 4)));
        last = more;
        reach += 1;
        more = points[reach + 1];
      }
      years.sort((left, right) => left - right);
      const from = before === 'in' || before === 'for' || before === 'during' ? point.from - 1 : point.from;
      const [first, final] = [years[0] ?? 0, years.at(-1) ?? 0];
      spans.push({
        from,
        to: last.to,
        start: `${String(first)}-01-01`,
        end: `${String(final)}-12-31`,
        unit: 'year',
        years,
      });
      index = reach;
      continue;
    }
    spans.push(openEnded(point, before, twoBefore));
  }
  return spans;
}

function joins(tokens: readonly Token[], from: number, to: number): 'and' | 'to' | null {
  if (to - from > 1)
    return tokens[from]?.lower === 'and' && to - from === 2 && tokens[from + 1]?.lower === 'in' ? 'and' : null;
  const word = from === to ? '' : (tokens[from]?.lower ?? '');
  const mark = tokens[to]?.before ?? '';
  if (word === 'and' || word === 'or') return 'and';
  if (word === 'to' || word === 'until' || word === 'till' || word === 'through') return 'to';
  if (word === '' && /[-–—]/.test(mark)) return 'to';
  if (word === '' && /,/.test(mark)) return 'and';
  return null;
}

function openEnded(point: Point, before: string, twoBefore: string): TimeSpan {
  const { to, unit } = point;
  if (before === 'since') return { from: point.from - 1, to, start: point.start, end: null, unit, years: null };
  if (before === 'from' || before === 'starting') {
    // "from 2015" alone names the year; "from 2015 on" is open.
    return { from: point.from - 1, to, start: point.start, end: point.end, unit, years: null };
  }
  if (before === 'after' || (before === 'than' && twoBefore === 'later')) {
    const width = before === 'than' ? 2 : 1;
    return { from: point.from - width, to, start: dayAfter(point.end), end: null, unit, years: null };
  }
  if (before === 'before' || (before === 'than' && twoBefore === 'earlier')) {
    const width = before === 'than' ? 2 : 1;
    return { from: point.from - width, to, start: null, end: dayBefore(point.start), unit, years: null };
  }
  if (before === 'until' || before === 'till' || before === 'through') {
    return { from: point.from - 1, to, start: null, end: point.end, unit, years: null };
  }
  const from =
    before === 'in' || before === 'during' || before === 'on' || before === 'of' ? point.from - 1 : point.from;
  return { from, to, start: point.start, end: point.end, unit, years: null };
}

const dayAfter = (iso: string): string => day(new Date(Date.parse(`${iso}T00:00:00Z`) + 86_400_000));
const dayBefore = (iso: string): string => day(new Date(Date.parse(`${iso}T00:00:00Z`) - 86_400_000));

function pointsOf(tokens: readonly Token[], numbers: readonly Quantity[], askedAt: Date): readonly Point[] {
  const numberAt = new Map(numbers.map((quantity) => [quantity.from, quantity]));
  const points: Point[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const point =
      tokens[at]?.quote === null ? (datePoint(tokens, numberAt, at) ?? relative(tokens, numberAt, at, askedAt)) : null;
    if (!point) continue;
    points.push(point);
    at = point.to - 1;
  }
  return points;
}

/** "Q1", "first quarter": its first month from 0, and where it ends. */
function quarterAt(
  tokens: readonly Token[],
  numberAt: ReadonlyMap<number, Quantity>,
  at: number,
): { readonly first: number; readonly to: number } | null {
  const short = /^q([1-4])$/.exec(tokens[at]?.lower ?? '')?.[1];
  if (short !== undefined) return { first: (Number(short) - 1) * 3, to: at + 1 };
  const count = numberAt.get(at);
  if (!count?.ordinal || count.value > 4 || tokens[count.to]?.lower !== 'quarter') return null;
  const to = tokens[count.to + 1]?.lower === 'of' ? count.to + 2 : count.to + 1;
  return { first: (count.value - 1) * 3, to };
}

/** "2015", "March 2015", "3 March 2015", "March 3, 2015", "2015-03-03". */
function datePoint(tokens: readonly Token[], numberAt: ReadonlyMap<number, Quantity>, at: number): Point | null {
  const quantity = numberAt.get(at);
  const token = tokens[at];
  const yearOf = (index: number): number | null => {
    const candidate = numberAt.get(index);
    return candidate && isYear(candidate, tokens[index]) ? candidate.value : null;
  };
  const dateOf = (index: number): number | null => {
    const candidate = numberAt.get(index);
    return candidate && candidate.digits && candidate.value >= 1 && candidate.value <= 31 ? candidate.value : null;
  };
  const month = MONTHS.get(token?.lower ?? '');
  if (month !== undefined) {
    const first = dateOf(at + 1);
    const yearAfter = yearOf(at + 2);
    if (first !== null && yearAfter !== null) return dayPoint(at, at + 3, yearAfter, month, first);
    const year = yearOf(at + 1);
    const own = year ?? borrowedYear(tokens, at, at + 1, 'month', yearOf);
    if (own === null) return null;
    const to = year === null ? at + 1 : at + 2;
    return { from: at, to, ...unitAround(utc(own, month, 1), 'month', 0), unit: 'month' };
  }
  const quarter = quarterAt(tokens, numberAt, at);
  if (quarter) {
    const said = yearOf(quarter.to) ?? yearOf(quarter.to + 1);
    const year = said ?? borrowedYear(tokens, at, quarter.to, 'quarter', yearOf);
    const to = said === null ? quarter.to : yearOf(quarter.to) === null ? quarter.to + 2 : quarter.to + 1;
    if (year !== null)
      return { from: at, to, ...unitAround(utc(year, quarter.first, 1), 'quarter', 0), unit: 'quarter' };
  }
  if (!quantity) return null;
  const monthAfter = MONTHS.get(tokens[at + 1]?.lower ?? '');
  const firstDay = dateOf(at);
  if (monthAfter !== undefined && firstDay !== null) {
    const year = yearOf(at + 2);
    if (year !== null) return dayPoint(at, at + 3, year, monthAfter, firstDay);
  }
  if (!isYear(quantity, token)) return null;
  const [second, third] = [dateOf(at + 1), dateOf(at + 2)];
  if (
    second !== null &&
    third !== null &&
    second <= 12 &&
    tokens[at + 1]?.before === '-' &&
    tokens[at + 2]?.before === '-'
  ) {
    return dayPoint(at, at + 3, quantity.value, second - 1, third);
  }
  return { from: at, to: at + 1, ...unitAround(utc(quantity.value, 0, 1), 'year', 0), unit: 'year' };
}

function dayPoint(from: number, to: number, year: number, month: number, date: number): Point {
  const iso = `${String(year)}-${pad(month + 1)}-${pad(date)}`;
  return { from, to, start: iso, end: iso, unit: 'day' };
}

/** "last year", "this month", "past 3 months", "yesterday". */
function relative(
  tokens: readonly Token[],
  numberAt: ReadonlyMap<number, Quantity>,
  at: number,
  askedAt: Date,
): Point | null {
  const word = tokens[at]?.lower ?? '';
  if (word === 'today') return { from: at, to: at + 1, ...unitAround(askedAt, 'day', 0), unit: 'day' };
  if (word === 'yesterday') return { from: at, to: at + 1, ...unitAround(askedAt, 'day', -1), unit: 'day' };
  const back = word === 'last' || word === 'past' || word === 'previous';
  if (!back && word !== 'this' && word !== 'current' && word !== 'next') return null;
  const count = numberAt.get(at + 1);
  const unitAt = count ? count.to : at + 1;
  const unit = TIME_UNITS.get(tokens[unitAt]?.lower ?? '');
  if (unit === undefined) return null;
  const plural = tokens[unitAt]?.lower.endsWith('s') === true;
  if (count && back) {
    const start = unitAround(askedAt, unit, -count.value + (unit === 'day' || unit === 'year' ? 1 : 0)).start;
    return { from: at, to: unitAt + 1, start, end: day(askedAt), unit };
  }
  // "the last year" of a listing, without the calendar, is read elsewhere; plural without a number means nothing here.
  if (plural || (back && tokens[at - 1]?.lower === 'the')) return null;
  const shift = back ? -1 : word === 'next' ? 1 : 0;
  return { from: at, to: unitAt + 1, ...unitAround(askedAt, unit, shift), unit };
}
