import { DATE_STYLES, parseDate } from '../csv/dates.js';

/** A stretch of time: from `start` up to and without `end`; `end` null = the one instant. ISO texts. */
export interface Period {
  readonly start: string;
  readonly end: string | null;
}

/**
 * What a literal means beside a date: `2024` and "2024" the year, "2024-Q1" the quarter, "2024-03" and "March 2024" the month,
 * "2024-03-31" and other spellings of a day the day, a date with a time that second. null for anything else.
 */
export function periodOf(value: string | number): Period | null {
  const text = String(value).trim();
  const year = /^(\d{4})$/.exec(text);
  if (year !== null) return { start: `${text}-01-01`, end: `${pad(Number(text) + 1, 4)}-01-01` };
  const quarter = /^(\d{4})[- ]?Q([1-4])$/i.exec(text);
  if (quarter !== null) return months(Number(quarter[1]), Number(quarter[2]) * 3 - 2, 3);
  const month = parseDate(text, 'month');
  if (month !== null) return months(Number(month.iso.slice(0, 4)), Number(month.iso.slice(5, 7)), 1);
  for (const style of DATE_STYLES) {
    const date = parseDate(text, style);
    if (date !== null)
      return date.hasTime ? { start: date.iso, end: null } : { start: date.iso, end: nextDay(date.iso) };
  }
  const instant = /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text) : null;
  return instant === null || Number.isNaN(instant.getTime())
    ? null
    : { start: instant.toISOString().slice(0, 19), end: null };
}

function months(year: number, month: number, count: number): Period {
  const after = year * 12 + month - 1 + count;
  return {
    start: `${pad(year, 4)}-${pad(month, 2)}-01`,
    end: `${pad(Math.floor(after / 12), 4)}-${pad((after % 12) + 1, 2)}-01`,
  };
}

function nextDay(iso: string): string {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0');
