import type { Scalar } from '../../../common/scalar.js';
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
