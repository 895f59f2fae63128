import type { Scalar } from '../../../common/scalar.js';
import { nameWords, numberAt, type Field } from '../words/shape.js';
import { formatNumber, formatQuantity, type NumberStyle } from '../words/numbers.js';
import type { Subject } from './finding.js';

/** A row of a result as a named number. */
export interface Point {
  readonly row: number;
  readonly key: Scalar;
  readonly name: string;
  readonly value: number;
}

/** Rows that have both a name and a number, in the result's order. */
export function pointsOf(subject: Subject, x: Field, y: Field, keep?: (row: readonly Scalar[]) => boolean): Point[] {
  return subject.set.rows.flatMap((row, index) => {
    const value = numberAt(row, y);
    const key = row[x.index] ?? null;
    if (value === null || key === null || (keep !== undefined && !keep(row))) return [];
    return [{ row: index, key, name: nameWords(key, x), value }];
  });
}

export const highest = (points: readonly Point[]): Point | undefined =>
  points.reduce<Point | undefined>(
    (best, point) => (best === undefined || point.value > best.value ? point : best),
    undefined,
  );

export const lowest = (points: readonly Point[]): Point | undefined =>
  points.reduce<Point | undefined>(
    (best, point) => (best === undefined || point.value < best.value ? point : best),
    undefined,
  );

/**
 * A difference between two of a field's numbers; between percentages it is in percentage points.
 * @param ends the two as they are written beside it: where their rounding would contradict it, it has a decimal more
 */
export function gapWords(gap: number, y: Field, ends: readonly [number, number] | null = null): string {
  const { unit, decimals } = y.style;
  const finer = ends !== null && decimals !== null && contradicts(gap, ends, y.style);
  const style = finer ? { ...y.style, decimals: decimals + 1 } : y.style;
  return formatQuantity(Math.abs(gap), unit === '%' ? { ...style, unit: 'percentage points' } : style);
}

/** `0.1` beside `59.5` and `59.3`. */
function contradicts(gap: number, ends: readonly [number, number], style: NumberStyle): boolean {
  if (style.fixed === true || style.compact === true) return false;
  const [from, to] = ends.map((value) => Number(formatNumber(value, style).replaceAll(',', '')));
  return formatNumber(Math.abs(gap), style) !== formatNumber(Math.abs((to ?? 0) - (from ?? 0)), style);
}

export const valueWords = (value: number, y: Field): string => formatQuantity(value, y.style);

/** `highest (best)` where the data set says which end is good. */
export function endWords(end: 'highest' | 'lowest', y: Field): string {
  if (y.higherIsBetter === null) return end;
  return (end === 'highest') === y.higherIsBetter ? `${end} (best)` : `${end} (worst)`;
}

/** Whether two numbers differ by less than is written of them. */
export const alike = (a: number, b: number, y: Field): boolean =>
  a === b || (y.style.decimals !== null && Math.abs(a - b) < 0.5 * 10 ** -y.style.decimals);

/** Relative change in percent; null from zero or across it, where a percentage misleads. */
export function relative(from: number, to: number): number | null {
  return from === 0 || from < 0 !== to < 0 ? null : ((to - from) / Math.abs(from)) * 100;
}

export const percentWords = (percent: number): string => formatQuantity(Math.abs(percent), { decimals: 1, unit: '%' });
