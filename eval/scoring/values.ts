import type { Scalar } from '../../src/common/scalar.js';

export type Value = Scalar | undefined;
export type Row = readonly Value[];

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
/** Long and short names alike, in the calendar's order: months, then weekdays. */
export const CALENDAR: readonly string[] = [...MONTHS, ...WEEKDAYS];
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ...CALENDAR.map((name) => [name.slice(0, 3), name] as const),
  ['tues', 'tuesday'],
  ['thur', 'thursday'],
  ['thurs', 'thursday'],
  ['sept', 'september'],
]);

/** A cell as text is compared: case, kinds of quotes and dashes, runs of blanks and a midnight after a date do not count. */
export function plain(value: Value): string {
  if (value === null || value === undefined) return '';
  const folded = String(value)
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—−]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/^"(.*)"$/, '$1')
    .replace(/^(\d{4}-\d{2}-\d{2})[t ]00:00:00(?:\.0+)?z?$/, '$1');
  return LONG_NAMES.get(folded) ?? folded;
}

/** The number that a cell is, written with or without currency, thousands separators, percent sign or accounting brackets. */
export function numeric(value: Value): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const digits = value
    .trim()
    .replace(/^\((.*)\)$/, '-$1')
    .replace(/[$€£,\s]/g, '')
    .replace(/%$/, '')
    .replaceAll('−', '-');
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(digits) ? Number(digits) : null;
}

/** Whole numbers exactly, others to 0.1 % or half a unit of the second decimal (below 1: to 1 %), the rest as text. */
export function same(predicted: Value, gold: Value): boolean {
  const left = numeric(predicted);
  const right = numeric(gold);
  if (left === null || right === null) return plain(predicted) === plain(gold);
  const size = Math.abs(right);
  const off = Math.abs(left - right);
  if (Number.isInteger(right)) return off <= 1e-6 * Math.max(1, size);
  return off <= (size >= 1 ? Math.max(0.0051, 1e-3 * size) : 1e-2 * size);
}

const sameRow = (predicted: Row, gold: Row): boolean =>
  predicted.length === gold.length && gold.every((value, index) => same(predicted[index], value));

export const sameList = (predicted: readonly Row[], gold: readonly Row[]): boolean =>
  predicted.length === gold.length && gold.every((row, index) => sameRow(predicted[index] ?? [], row));

/** Equal as multisets of rows. */
export function sameBag(predicted: readonly Row[], gold: readonly Row[]): boolean {
  if (predicted.length !== gold.length) return false;
  // Text cells select the candidates, so that the tolerant comparison of numbers stays short.
  const left = new Map<string, Row[]>();
  for (const row of predicted) {
    const key = shape(row);
    const rows = left.get(key);
    if (rows === undefined) left.set(key, [row]);
    else rows.push(row);
  }
  return gold.every((wanted) => {
    const candidates = left.get(shape(wanted)) ?? [];
    const at = candidates.findIndex((row) => sameRow(row, wanted));
    if (at >= 0) candidates.splice(at, 1);
    return at >= 0;
  });
}

const shape = (row: Row): string => row.map((value) => (numeric(value) === null ? plain(value) : '#')).join('\u0001');
