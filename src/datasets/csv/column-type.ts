import type { Scalar } from '../../common/scalar.js';
import type { ColumnType } from '../profile.js';
import type { ColumnTally, DateFit, Misfit, NumberFit } from './column-tally.js';
import { isMissing } from './column-tally.js';
import { type DateStyle, parseDate } from './dates.js';
import { type NumberStyle, parseNumber } from './numbers.js';

/** At most this share of a typed column's cells may fail to fit; they become missing values and are told by line. */
const TOLERANCE = 0.05;

/** How the cells of one column are read. */
export interface Reading {
  readonly type: ColumnType;
  readonly numberStyle: NumberStyle;
  readonly dateStyle: DateStyle | null;
  /** The unit that all cells with a unit agree on. */
  readonly unit: string | null;
  readonly decimals: number;
  readonly min: Scalar;
  readonly max: Scalar;
  /** Cells that do not fit, up to 100 of `misfitCount`. */
  readonly misfits: readonly Misfit[];
  readonly misfitCount: number;
  /** What a person should know of how it was read. */
  readonly notes: readonly string[];
}

/** What ambiguous columns follow: the readings that other columns of the same file prove. */
export interface Locale {
  readonly numberStyle: NumberStyle;
  readonly dayFirst: boolean;
}

/** `semicolons`: the file separates fields by `;`, as where the comma is the decimal sign. */
export function localeOf(tallies: readonly ColumnTally[], semicolons: boolean): Locale {
  let point = 0;
  let comma = 0;
  let dayFirst = 0;
  let monthFirst = 0;
  for (const { numbers, dates, filled } of tallies) {
    if (fits(numbers.point, filled) && !fits(numbers.comma, filled)) point++;
    if (fits(numbers.comma, filled) && !fits(numbers.point, filled)) comma++;
    if (fits(dates.dmy, filled) && !fits(dates.mdy, filled)) dayFirst++;
    if (fits(dates.mdy, filled) && !fits(dates.dmy, filled)) monthFirst++;
  }
  const numberStyle = comma > point ? 'comma' : 'point';
  const european = semicolons || numberStyle === 'comma';
  return { numberStyle, dayFirst: dayFirst === monthFirst ? european : dayFirst > monthFirst };
}

/** The type that at least 95 % of the column's cells fit, else text. */
export function readColumn(tally: ColumnTally, name: string, locale: Locale): Reading {
  const { filled, missing } = tally;
  // A column that mostly says "unknown" is not typed by its few other cells.
  if (filled === 0 || filled * 9 < missing) return asText([]);
  if (tally.booleans > 0 && filled - tally.booleans <= filled * TOLERANCE) {
    return {
      ...asText([]),
      type: 'boolean',
      misfits: tally.misfitsOfBoolean,
      misfitCount: filled - tally.booleans,
    };
  }
  return asDate(tally, name, locale) ?? asNumber(tally, name, locale) ?? asText(tally.codes > 0 ? codeNote(tally) : []);
}

/** The column read as the type that is expected of it, however `free` would read it; null when its cells do not fit. */
export function readColumnAs(tally: ColumnTally, free: Reading, type: ColumnType): Reading | null {
  if (free.type === type) return free;
  if (type === 'text') return asText([]);
  if (tally.filled === 0) return { ...asText([]), type };
  if (type === 'number' && free.type === 'integer') return { ...free, type };
  if (type === 'datetime' && free.type === 'date') {
    return { ...free, type, min: timed(String(free.min), type), max: timed(String(free.max), type) };
  }
  return null;
}

const codeNote = (tally: ColumnTally): string[] =>
  tally.codes * 2 > tally.filled ? ['Kept as text: its digits start with zeros, so they are codes.'] : [];

const fits = (fit: NumberFit | DateFit, filled: number): boolean =>
  fit.count > 0 && filled - fit.count <= filled * TOLERANCE;

function asNumber(tally: ColumnTally, name: string, locale: Locale): Reading | null {
  const { point, comma } = tally.numbers;
  const { filled } = tally;
  const style = point.count === comma.count ? locale.numberStyle : point.count > comma.count ? 'point' : 'comma';
  const fit = tally.numbers[style];
  if (!fits(fit, filled) || tally.codes > 0) return null;
  const notes: string[] = [];
  const integers = fit.integers === fit.count && fit.decimals === 0;
  const [low, high] = [fit.min ?? 0, fit.max ?? 0];
  if (integers && (Math.abs(low) > Number.MAX_SAFE_INTEGER || high > Number.MAX_SAFE_INTEGER)) {
    return asText(['Kept as text: its whole numbers are too long to be kept exactly.']);
  }
  if (integers && isCompactDate(name, low, high)) {
    const compact = tally.values()?.every(([value]) => isMissing(value) || compactDate(value) !== null) ?? false;
    if (compact)
      return {
        ...asText([]),
        type: 'date',
        dateStyle: null,
        min: compactDate(String(low)),
        max: compactDate(String(high)),
      };
  }
  if (style === 'comma' && fit.decimals > 0) notes.push('Read with a comma as the decimal sign.');
  const units = [...fit.units.keys()];
  if (units.length > 1)
    notes.push(`Its cells carry different units (${units.slice(0, 5).join(', ')}); the numbers were kept without one.`);
  return {
    type: integers ? 'integer' : 'number',
    numberStyle: style,
    dateStyle: null,
    unit: units.length === 1 ? (units[0] ?? null) : null,
    decimals: Math.min(fit.decimals, 15),
    min: low,
    max: high,
    misfits: fit.misfits,
    misfitCount: filled - fit.count,
    notes,
  };
}

function asDate(tally: ColumnTally, name: string, locale: Locale): Reading | null {
  const { filled, dates } = tally;
  const style = dateStyleOf(tally, locale);
  if (style === null) return null;
  const fit = dates[style];
  // "2004-05" is a season when the second number is always the next year.
  if (
    style === 'month' &&
    !/date|month|period|time|quarter/i.test(name) &&
    tally.values()?.every(([value]) => isSeason(value))
  )
    return null;
  const notes: string[] = [];
  if ((style === 'dmy' || style === 'mdy') && dates.dmy.count === dates.mdy.count) {
    notes.push(
      `Its dates could be day first or month first; they were read ${style === 'dmy' ? 'day' : 'month'} first.`,
    );
  }
  if (style === 'month') notes.push('Its months are kept as their first day.');
  if (fit.withOffset > 0) notes.push('Times with an offset were turned into UTC.');
  const type = fit.withTime > 0 ? 'datetime' : 'date';
  return {
    type,
    numberStyle: 'point',
    dateStyle: style,
    unit: null,
    decimals: 0,
    min: timed(fit.min, type),
    max: timed(fit.max, type),
    misfits: fit.misfits,
    misfitCount: filled - fit.count,
    notes,
  };
}

function dateStyleOf({ dates, filled }: ColumnTally, locale: Locale): DateStyle | null {
  for (const style of ['iso', 'words', 'month'] as const) if (fits(dates[style], filled)) return style;
  const { dmy, mdy } = dates;
  const best = Math.max(dmy.count, mdy.count);
  if (best === 0 || filled - best > filled * TOLERANCE) return null;
  if (dmy.count !== mdy.count) return dmy.count > mdy.count ? 'dmy' : 'mdy';
  // Both readings are possible: tables are often in order of time, and the right reading shows that order.
  const [ordered, other] = [Math.abs(dmy.rising), Math.abs(mdy.rising)];
  if (best > 4 && ordered !== other && Math.max(ordered, other) > best * 0.8) return ordered > other ? 'dmy' : 'mdy';
  return locale.dayFirst ? 'dmy' : 'mdy';
}

const isSeason = (value: string): boolean => {
  const m = /^(\d{4})[-/](\d{2})$/.exec(value);
  return m !== null && (Number(m[1]) + 1) % 100 === Number(m[2]);
};

const isCompactDate = (name: string, low: number, high: number): boolean =>
  /date|day/i.test(name) && low >= 1_000_00_00 && high <= 9999_12_31;

const compactDate = (digits: string): string | null =>
  /^\d{8}$/.test(digits)
    ? (parseDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`, 'iso')?.iso ?? null)
    : null;

const timed = (iso: string | null, type: ColumnType): string | null =>
  iso !== null && type === 'datetime' && iso.length === 10 ? `${iso}T00:00:00` : iso;

const asText = (notes: readonly string[]): Reading => ({
  type: 'text',
  numberStyle: 'point',
  dateStyle: null,
  unit: null,
  decimals: 0,
  min: null,
  max: null,
  misfits: [],
  misfitCount: 0,
  notes,
});

/** A trimmed cell as a value of its column; missing values and cells that do not fit are null. */
export function readCell(cell: string, reading: Reading): Scalar {
  if (cell === '') return null;
  if (reading.type === 'text') return cell;
  switch (reading.type) {
    case 'integer':
    case 'number': {
      if (isMissing(cell)) return null;
      const value = parseNumber(cell, reading.numberStyle)?.value ?? null;
      return reading.type === 'integer' && value !== null && !Number.isInteger(value) ? null : value;
    }
    case 'boolean':
      return /^true$/i.test(cell) ? true : /^false$/i.test(cell) ? false : null;
    case 'date':
    case 'datetime':
      return reading.dateStyle === null
        ? compactDate(cell)
        : timed(parseDate(cell, reading.dateStyle)?.iso ?? null, reading.type);
  }
}
