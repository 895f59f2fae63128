import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition } from '../../../../datasets/query/analytical-query.js';
import type { Period } from '../../studies/study.js';
import { periodWords } from '../../words/dates.js';
import { MONTHS } from '../english.js';

const DAY = 86_400_000;

interface Periods {
  readonly before: Period;
  readonly after: Period;
}

const isYears = ({ type }: ColumnProfile): boolean => type === 'integer' || type === 'number';

const yearPeriod = (column: ColumnProfile, year: number): Period => ({
  name: String(year),
  where: {
    compare: '=',
    left: isYears(column) ? { column: column.name } : { column: column.name, grain: 'year' },
    right: { literal: year },
  },
});

/** Both days belong to it. */
function daysPeriod(column: ColumnProfile, from: Date, to: Date): Period {
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const left = { column: column.name };
  return {
    name: periodWords({ from, to: new Date(to.getTime() + DAY) }).replace(/^(?:in|on) /, ''),
    where: {
      and: [
        { compare: '>=', left, right: { literal: day(from) } },
        { compare: '<=', left, right: { literal: day(to) } },
      ],
    },
  };
}

/**
 * The two periods that a change lies between, of what the filter says of time: the year or month and the one before it, a
 * beginning and the last year, two ends; a month without a year is the latest one; without any, the last two years, or months
 * where there is but one year. Null where there are no two.
 */
export function periodsOf(column: ColumnProfile, conditions: readonly Condition[], twoEnds: boolean): Periods | null {
  const year = (value: unknown): number => Number(String(value).slice(0, 4));
  const years = (from: number, to: number) =>
    from < to ? { before: yearPeriod(column, from), after: yearPeriod(column, to) } : null;
  const last = lastYear(column);
  if (conditions.length === 0) {
    if (last !== null && last > Number(String(column.min).slice(0, 4))) return years(last - 1, last);
    return isYears(column) ? null : lastMonths(column);
  }
  const month = monthNamed(conditions);
  if (month !== null) return monthOfLatestYear(column, month);
  const literals = conditions.flatMap((each) =>
    'compare' in each && 'literal' in each.right
      ? [{ compare: each.compare, value: each.right.literal }]
      : 'between' in each
        ? [
            { compare: '>=' as const, value: each.between[0] },
            { compare: '<=' as const, value: each.between[1] },
          ]
        : 'in' in each && each.in.length === 2 && each.negated !== true
          ? inOrder(each.in).map((value, index) => ({
              compare: index === 0 ? ('>=' as const) : ('<=' as const),
              value,
            }))
          : [],
  );
  const at = (...kinds: string[]) => literals.find(({ compare }) => kinds.includes(compare))?.value ?? null;
  const [same, from, to] = [at('='), at('>=', '>'), at('<=', '<')];
  if (typeof same === 'number') return years(same - 1, same);
  if (from !== null && to === null) return last === null ? null : years(year(from), last);
  if (from === null || to === null) return null;
  if (isYears(column) || twoEnds) return years(year(from), year(to));
  return before(column, new Date(String(from).slice(0, 10)), new Date(String(to).slice(0, 10)));
}

/** The number of the one month that is named without a year, from 0; null: other things are said of time, too. */
function monthNamed([condition, ...others]: readonly Condition[]): number | null {
  if (condition === undefined || others.length > 0 || !('compare' in condition) || condition.compare !== '=')
    return null;
  const { left, right } = condition;
  if (!('grain' in left) || left.grain !== 'month_of_year' || !('literal' in right)) return null;
  return MONTHS.get(String(right.literal).toLowerCase()) ?? null;
}

const stretchOf = (column: ColumnProfile, year: number, month: number) =>
  before(column, new Date(Date.UTC(year, month, 1)), new Date(Date.UTC(year, month + 1, 0)));

/** The last of these months that the data holds, and the month before it. */
function monthOfLatestYear(column: ColumnProfile, month: number): Periods | null {
  const last = new Date(String(column.max).slice(0, 10));
  if (Number.isNaN(last.getTime())) return null;
  return stretchOf(column, last.getUTCFullYear() - (month > last.getUTCMonth() ? 1 : 0), month);
}

/** Of data within one year: its last month that is there to its end, and the one before; null: it holds no two. */
function lastMonths(column: ColumnProfile): Periods | null {
  const [first, last] = [column.min, column.max].map((end) => new Date(String(end).slice(0, 10)));
  if (first === undefined || last === undefined || Number.isNaN(first.getTime()) || Number.isNaN(last.getTime()))
    return null;
  const next = new Date(last.getTime() + (isDaily(column, first, last) ? SLACK_DAYS : 31) * DAY);
  const months = next.getUTCFullYear() * 12 + next.getUTCMonth() - 1;
  if (months - 1 < first.getUTCFullYear() * 12 + first.getUTCMonth()) return null;
  return stretchOf(column, Math.floor(months / 12), months % 12);
}

/** A last day or two without rows leave a month whole. */
const SLACK_DAYS = 3;

/** Most days have rows: a month without its last ones is not there to its end. */
const isDaily = ({ distinct }: ColumnProfile, first: Date, last: Date): boolean =>
  distinct >= 0.5 * ((last.getTime() - first.getTime()) / DAY + 1);

const inOrder = (values: readonly Scalar[]): Scalar[] => values.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));

/** A stretch of whole months against as many before it; other days against as many days. */
function before(column: ColumnProfile, from: Date, to: Date): Periods | null {
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || to < from) return null;
  const next = new Date(to.getTime() + DAY);
  const months = (next.getUTCFullYear() - from.getUTCFullYear()) * 12 + next.getUTCMonth() - from.getUTCMonth();
  const isWhole = from.getUTCDate() === 1 && next.getUTCDate() === 1;
  const start = isWhole
    ? new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() - months, 1))
    : new Date(2 * from.getTime() - next.getTime());
  return {
    before: daysPeriod(column, start, new Date(from.getTime() - DAY)),
    after: daysPeriod(column, from, to),
  };
}

/** The last year that is there to its last month: data that stops in spring makes none. */
function lastYear({ max, type }: ColumnProfile): number | null {
  const year = Number(String(max).slice(0, 4));
  if (Number.isNaN(year)) return null;
  return type === 'integer' || type === 'number' || String(max).slice(5, 7) === '12' ? year : year - 1;
}
