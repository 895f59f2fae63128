/**
 * How a column writes its dates. `dmy`/`mdy`: numbers in that order; `iso`: year first; `words`: with the month's name;
 * `month`: a month of a year, "Jan 2004" or "2004-01" (stored as its first day).
 */
export type DateStyle = 'iso' | 'dmy' | 'mdy' | 'words' | 'month';
export const DATE_STYLES: readonly DateStyle[] = ['iso', 'dmy', 'mdy', 'words', 'month'];

export interface ParsedDate {
  /** `2024-03-31`, or `2024-03-31T10:00:00[.123]` when the cell has a time; with an offset it was turned into UTC. */
  readonly iso: string;
  readonly hasTime: boolean;
  readonly hasOffset: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAME =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const WEEKDAY = '(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\\.?,?\\s+)?';
const TIME =
  '(?:(?:[T ]|,\\s*)\\s*(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?\\s*([ap]\\.?m\\.?)?\\s*(Z|UTC|[+-]\\d{2}:?\\d{2})?)?';

const ISO = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}$`, 'i');
const NUMERIC = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${TIME}$`, 'i');
const DAY_FIRST = new RegExp(
  `^${WEEKDAY}(\\d{1,2})(?:st|nd|rd|th)?[\\s-]+(?:of\\s+)?${MONTH_NAME}[\\s,-]+(\\d{4}|\\d{2})${TIME}$`,
  'i',
);
const MONTH_FIRST = new RegExp(`^${WEEKDAY}${MONTH_NAME}\\s*(\\d{1,2})(?:st|nd|rd|th)?\\s*,?\\s+(\\d{4})${TIME}$`, 'i');
const MONTH_YEAR = new RegExp(`^${MONTH_NAME}[\\s,-]+(\\d{4})$`, 'i');
const YEAR_MONTH = /^(\d{4})[-/](\d{2})$/;

/** A cell as a date in the given style, or null. Days that a calendar lacks (30 February) are not dates. */
export function parseDate(cell: string, style: DateStyle): ParsedDate | null {
  if (cell.length < 6 || cell.length > 50) return null;
  switch (style) {
    case 'iso': {
      const m = ISO.exec(cell);
      return m === null ? null : build(Number(m[1]), Number(m[3]), Number(m[4]), m.slice(5));
    }
    case 'dmy':
    case 'mdy': {
      const m = NUMERIC.exec(cell);
      if (m === null) return null;
      const [day, month] = style === 'dmy' ? [Number(m[1]), Number(m[3])] : [Number(m[3]), Number(m[1])];
      return build(fullYear(m[4] ?? ''), month, day, m.slice(5));
    }
    case 'words': {
      const d = DAY_FIRST.exec(cell);
      if (d !== null) return build(fullYear(d[3] ?? ''), monthOf(d[2]), Number(d[1]), d.slice(4));
      const m = MONTH_FIRST.exec(cell);
      return m === null ? null : build(Number(m[3]), monthOf(m[1]), Number(m[2]), m.slice(4));
    }
    case 'month': {
      const m = MONTH_YEAR.exec(cell);
      if (m !== null) return build(Number(m[2]), monthOf(m[1]), 1, []);
      const y = YEAR_MONTH.exec(cell);
      return y === null ? null : build(Number(y[1]), Number(y[2]), 1, []);
    }
  }
}

const monthOf = (name: string | undefined): number => MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;

/** Two digits mean 1970–2069, as POSIX `strptime` has it for %y within a year. */
const fullYear = (digits: string): number =>
  digits.length === 4 ? Number(digits) : Number(digits) + (Number(digits) < 70 ? 2000 : 1900);

function build(year: number, month: number, day: number, time: readonly (string | undefined)[]): ParsedDate | null {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const [hours, minutes, seconds = '0', fraction = '', half, offset] = time;
  if (hours === undefined || minutes === undefined) return { iso: date, hasTime: false, hasOffset: false };
  const hour = clockHour(Number(hours), half);
  if (hour === null || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const millis = fraction === '' ? '' : `.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const iso = `${date}T${pad(hour, 2)}:${minutes}:${pad(Number(seconds), 2)}${millis}`;
  if (offset === undefined) return { iso, hasTime: true, hasOffset: false };
  const sign = /^[+-]/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(-2)}` : 'Z';
  const instant = new Date(`${iso}${sign}`);
  if (Number.isNaN(instant.getTime())) return null;
  const utc = instant.toISOString().slice(0, -1);
  return { iso: millis === '' ? utc.slice(0, 19) : utc, hasTime: true, hasOffset: true };
}

function clockHour(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour <= 23 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;

const pad = (n: number, width: number): string => String(n).padStart(width, '0');
