const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const ISO_QUARTER = /^(\d{4})-Q([1-4])$/;
const ISO_MONTH = /^(\d{4})-(\d{2})$/;
const ISO_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/;

const month = (number: string | undefined): string => MONTHS[Number(number) - 1] ?? '';

/** `2024-03-31` → `31 March 2024`, `2024-03` → `March 2024`, `2024-Q1` → `Q1 2024`; null when it is none of these. */
export function dateWords(text: string): string | null {
  const [, monthYear, monthOfYear] = ISO_MONTH.exec(text) ?? [];
  if (monthYear !== undefined) return `${month(monthOfYear)} ${monthYear}`;
  const [, quarterYear, quarter] = ISO_QUARTER.exec(text) ?? [];
  if (quarterYear !== undefined) return `Q${quarter ?? ''} ${quarterYear}`;
  const [, year, monthOfDay, day, hour, minute] = ISO_TIME.exec(text) ?? [];
  if (year === undefined) return null;
  const clock = hour === undefined || (hour === '00' && minute === '00') ? '' : ` ${hour}:${minute ?? '00'}`;
  return `${Number(day)} ${month(monthOfDay)} ${year}${clock}`;
}
