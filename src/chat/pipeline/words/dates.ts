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

const DAY_MS = 86_400_000;

/** A moment's day: `3 March 2026`. In UTC, as all times here. */
export const dayWords = (at: Date): string => dateWords(at.toISOString().slice(0, 10)) ?? '';

/** `on 3 March 2026`, `in March 2026`, `in 2026`, `between 2 March 2026 and 8 March 2026`; `to` is the first moment after it. */
export function periodWords({ from, to }: { readonly from: Date; readonly to: Date }): string {
  const last = new Date(to.getTime() - DAY_MS);
  if (last.getTime() <= from.getTime()) return `on ${dayWords(from)}`;
  const startsMonth = from.getUTCDate() === 1 && to.getUTCDate() === 1;
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  if (startsMonth && months === 1) return `in ${dateWords(from.toISOString().slice(0, 7)) ?? ''}`;
  if (startsMonth && months === 12 && from.getUTCMonth() === 0) return `in ${from.getUTCFullYear()}`;
  return `between ${dayWords(from)} and ${dayWords(last)}`;
}
