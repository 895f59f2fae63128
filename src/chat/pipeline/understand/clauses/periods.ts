import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression, Grain } from '../../../../datasets/query/analytical-query.js';
import { columnOf, conjuncts, equalsAny, isNumeric } from '../expressions.js';
import { unitAround, type TimeSpan } from '../times.js';
import type { Filter } from './slots.js';

/** What a step of time is called in a query of that grain: 2025, `2025-Q1`, `2025-05`, `2025-05-03`; null where a stretch is none. */
function stepOf({ start, end, unit }: Pick<TimeSpan, 'start' | 'end' | 'unit'>): Scalar {
  if (start === null || end === null || unit === 'week') return null;
  const whole = unitAround(new Date(`${start}T00:00:00Z`), unit, 0);
  if (whole.start !== start || whole.end !== end) return null;
  const [year = '', month = ''] = start.split('-');
  switch (unit) {
    case 'year':
      return Number(year);
    case 'quarter':
      return `${year}-Q${String(Math.ceil(Number(month) / 3))}`;
    case 'month':
      return `${year}-${month}`;
    case 'day':
      return start;
  }
}

/** The grain of a step written as `stepOf` does. */
export function grainOfStep(step: Scalar): Grain {
  const text = String(step);
  if (/^\d{4}-Q[1-4]$/.test(text)) return 'quarter';
  if (/^\d{4}-\d\d$/.test(text)) return 'month';
  return /^\d{4}-\d\d-\d\d/.test(text) ? 'day' : 'year';
}

const isDated = (column: ColumnProfile): boolean => column.type === 'date' || column.type === 'datetime';

/** A column of time by the grain of these steps; a column of years has no other. */
export const steppedBy = (column: ColumnProfile, step: Scalar): Expression =>
  isDated(column) ? { column: column.name, grain: grainOfStep(step) } : columnOf(column);

/** The steps that a time names on a column, and the ends of a stretch from one step to another. */
export function stepsNamed(column: ColumnProfile, span: TimeSpan): Pick<Filter, 'steps' | 'ends' | 'stretch'> {
  const own = isDated(column) || (isNumeric(column) && span.unit === 'year');
  const stretch = span.start === null || span.end === null ? undefined : ([span.start, span.end] as const);
  if (!own) return { stretch };
  if (span.years) return { steps: span.years, stretch };
  const [first, last] = (span.ends ?? []).map(stepOf);
  if (first !== undefined && first !== null && last !== undefined && last !== null && first !== last)
    return { ends: [first, last], stretch };
  const step = stepOf(span);
  return { steps: step === null ? undefined : [step], stretch };
}

const UNITS = ['day', 'month', 'quarter', 'year'] as const;

/** The one step that a condition on a column of dates keeps; null where it keeps anything else. */
export function stepKept(condition: Condition): Scalar {
  const bound = (op: '>=' | '<='): string | null => {
    const found = conjuncts(condition).find((one) => 'compare' in one && one.compare === op);
    return found && 'compare' in found && 'literal' in found.right ? String(found.right.literal) : null;
  };
  const [start, end] = [bound('>='), bound('<=')];
  if (start === null || end === null || conjuncts(condition).length !== 2) return null;
  return UNITS.map((unit) => stepOf({ start, end, unit })).find((step) => step !== null) ?? null;
}

const apart = (one: Filter, other: Filter): boolean =>
  one.stretch !== undefined &&
  other.stretch !== undefined &&
  (one.stretch[1] < other.stretch[0] || other.stretch[1] < one.stretch[0]);

/** Times of one column that no row can be in at once are alternatives: "May and June 2025", "Q1 2025 with Q2 2025". */
export function united(filters: readonly Filter[]): Filter[] {
  const kept: Filter[] = [];
  for (const filter of filters) {
    const at = kept.findIndex(
      (other) => other.column === filter.column && !other.negated && !filter.negated && apart(other, filter),
    );
    const before = kept[at];
    if (before === undefined) kept.push(filter);
    else kept[at] = together(before, filter);
  }
  return kept;
}

function together(one: Filter, other: Filter): Filter {
  const [first, last] = one.from <= other.from ? [one, other] : [other, one];
  const steps = [...(first.steps ?? []), ...(last.steps ?? [])];
  const [step = null] = steps;
  const named = first.steps !== undefined && last.steps !== undefined;
  const alike = named && steps.every((each) => grainOfStep(each) === grainOfStep(step));
  const either: Condition[] = [first, last].flatMap(({ condition }) =>
    'or' in condition ? condition.or : [condition],
  );
  const left = steppedBy(one.column, step);
  const condition: Condition = !alike
    ? { or: either }
    : isDated(one.column)
      ? { in: steps, left }
      : equalsAny(one.column, steps);
  return {
    ...first,
    condition,
    values: alike ? steps : null,
    steps: alike ? steps : undefined,
    ends: undefined,
    stretch: [reach(first, last, 0), reach(first, last, 1)],
    to: last.to,
    several: !alike,
  };
}

/** The earlier start, or the later end, of two stretches. */
function reach(one: Filter, other: Filter, at: 0 | 1): string {
  const [left = '', right = ''] = [one.stretch?.[at], other.stretch?.[at]];
  return left < right === (at === 0) ? left : right;
}
