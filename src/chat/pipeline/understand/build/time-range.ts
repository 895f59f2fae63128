import type { Condition, Expression, Grain } from '../../../../datasets/query/analytical-query.js';
import { conjuncts } from '../expressions.js';

/** Both ends of a stretch of time, inclusive: ISO dates; null: open. */
interface Bounds {
  readonly first: string | null;
  readonly last: string | null;
}

const dayBefore = (iso: string): string =>
  new Date(Date.parse(`${iso}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
const dayAfter = (iso: string): string =>
  new Date(Date.parse(`${iso}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The first and last day that a year or an ISO date stands for. */
function daysOf(value: unknown): { readonly from: string; readonly to: string } | null {
  const text = String(value);
  if (/^\d{4}$/.test(text)) return { from: `${text}-01-01`, to: `${text}-12-31` };
  return /^\d{4}-\d\d-\d\d/.test(text) ? { from: text.slice(0, 10), to: text.slice(0, 10) } : null;
}

/** The stretch that a condition on a time keeps; null where it keeps anything else. */
function boundsOf(condition: Condition): Bounds | null {
  if ('between' in condition) {
    const [from, to] = condition.between.map(daysOf);
    return from && to ? { first: from.from, last: to.to } : null;
  }
  if (!('compare' in condition) || !('literal' in condition.right)) return null;
  const days = daysOf(condition.right.literal);
  if (days === null) return null;
  switch (condition.compare) {
    case '=':
      return { first: days.from, last: days.to };
    case '>=':
      return { first: days.from, last: null };
    case '>':
      return { first: dayAfter(days.to), last: null };
    case '<=':
      return { first: null, last: days.to };
    case '<':
      return { first: null, last: dayBefore(days.from) };
    case '!=':
      return null;
  }
}

/** The step of time that a day lies in, as a query writes it. */
function stepAt(iso: string, grain: Grain | null): string | number {
  const [year = '', month = ''] = iso.split('-');
  switch (grain) {
    case null:
    case 'year':
      return Number(year);
    case 'quarter':
      return `${year}-Q${String(Math.ceil(Number(month) / 3))}`;
    case 'month':
      return `${year}-${month}`;
    default:
      return iso;
  }
}

/** Conditions on a time as conditions on its steps, so that rows before them can still be looked back at; null where they cannot be. */
export function withinTime(
  key: Expression,
  grain: Grain | null,
  conditions: readonly Condition[],
): readonly Condition[] | null {
  const parts: Condition[] = [];
  for (const condition of conditions.flatMap((one) => conjuncts(one))) {
    const bounds = boundsOf(condition);
    if (bounds === null) return null;
    const end = (compare: '>=' | '<=', day: string | null): readonly Condition[] =>
      day === null ? [] : [{ compare, left: key, right: { literal: stepAt(day, grain) } }];
    const [first, last] = [bounds.first, bounds.last].map((day) => (day === null ? null : stepAt(day, grain)));
    if (first !== null && first !== undefined && first === last) {
      parts.push({ compare: '=', left: key, right: { literal: first } });
      continue;
    }
    parts.push(...end('>=', bounds.first), ...end('<=', bounds.last));
  }
  return parts;
}
