import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition } from '../../../../datasets/query/analytical-query.js';
import type { Period } from '../../studies/study.js';
import { periodWords } from '../../words/dates.js';

const DAY = 86_400_000;

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
 * beginning and the last year, two ends; without any, the last two years. Null where there are no two.
 */
export function periodsOf(
  column: ColumnProfile,
  conditions: readonly Condition[],
  twoEnds: boolean,
): { readonly before: Period; readonly after: Period } | null {
  const year = (value: unknown): number => Number(String(value).slice(0, 4));
  const years = (from: number, to: number) =>
    from < to ? { before: yearPeriod(column, from), after: yearPeriod(column, to) } : null;
  const last = lastYear(column);
  if (conditions.length === 0) return last === null ? null : years(last - 1, last);
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

const inOrder = (values: readonly Scalar[]): Scalar[] => values.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));

/** A stretch of whole months against as many before it; other days against as many days. */
function before(
  column: ColumnProfile,
  from: Date,
  to: Date,
): { readonly before: Period; readonly after: Period } | null {
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
