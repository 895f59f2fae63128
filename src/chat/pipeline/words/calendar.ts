import type { Scalar } from '../../../common/scalar.js';
import { ISO_QUARTER } from './dates.js';
import type { Field } from './shape.js';

/** What to call one step of a temporal field, and which step a value is (in whole steps for years, quarters, months). */
export interface Calendar {
  readonly step: 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour';
  readonly at: (value: Scalar) => number | null;
  /** The value that stands for a step: the other way round. */
  readonly key: (at: number) => Scalar;
  /** Steps are whole numbers, so that a missing one can be named. */
  readonly whole: boolean;
}

const parsed = (value: Scalar): number | null => {
  if (typeof value !== 'string') return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
};
const HOUR = 3_600_000;

export function calendarOf(field: Field): Calendar {
  const years: Calendar = {
    step: 'year',
    whole: true,
    at: (value) => (typeof value === 'number' ? value : null),
    key: (at) => at,
  };
  if (field.column.type === 'integer' || field.column.type === 'number') return years;
  switch (field.grain) {
    case 'year':
      return {
        ...years,
        at: (value) => (typeof value === 'number' ? value : Number(String(value).slice(0, 4)) || null),
      };
    case 'quarter':
      return {
        step: 'quarter',
        whole: true,
        at: (value) => {
          const found = ISO_QUARTER.exec(String(value));
          return found === null ? null : Number(found[1]) * 4 + Number(found[2]) - 1;
        },
        key: (at) => `${Math.floor(at / 4)}-Q${(at % 4) + 1}`,
      };
    case 'month':
      return {
        step: 'month',
        whole: true,
        at: (value) => {
          const found = /^(\d{4})-(\d{2})/.exec(String(value));
          return found === null ? null : Number(found[1]) * 12 + Number(found[2]) - 1;
        },
        key: (at) => `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`,
      };
    case 'week':
      return {
        step: 'week',
        whole: false,
        at: (value) => scaled(parsed(value), 168 * HOUR),
        key: dated(168 * HOUR, 10),
      };
    case 'hour':
      return { step: 'hour', whole: false, at: (value) => scaled(parsed(value), HOUR), key: dated(HOUR, 19) };
    case 'day':
    case 'weekday':
    case 'month_of_year':
    case 'day_of_month':
    case 'hour_of_day':
    case null:
      return { step: 'day', whole: false, at: (value) => scaled(parsed(value), 24 * HOUR), key: dated(24 * HOUR, 10) };
  }
}

const dated =
  (unit: number, length: number) =>
  (at: number): string =>
    new Date(Math.round(at * unit)).toISOString().slice(0, length);

const scaled = (time: number | null, unit: number): number | null => (time === null ? null : time / unit);
