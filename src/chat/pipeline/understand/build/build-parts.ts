import type { ColumnProfile, DefaultAggregate } from '../../../../datasets/profile.js';
import type {
  AnalyticalQuery,
  Condition,
  Expression,
  Grain,
  Order,
  Output,
} from '../../../../datasets/query/analytical-query.js';
import type { ChartRequest, Understanding } from '../../turn.js';
import type { ColumnUse, Slots } from '../clauses/slots.js';
import {
  aggregateOf,
  allOf,
  columnOf,
  compare,
  countRows,
  isAggregate,
  isMeasure,
  outputName,
  sameExpression,
} from '../expressions.js';
import type { Context } from '../reader.js';
import { stemOf, wordsOf } from '../tokens.js';

/** A query in the making, and what the answer's form should be. */
export interface Draft {
  readonly query: AnalyticalQuery;
  readonly chart: ChartRequest | null;
  readonly expects: Understanding['expects'];
  readonly reading: string | null;
}

export const output = (value: Expression): Output => ({ value, as: outputName(value) });

export const groupExpression = (use: ColumnUse): Expression => columnOf(use.column, use.grain ?? undefined);

/** Does a row have a name of its own? (A table of things; the opposite is a table of observations.) */
export function rowsAreThings(context: Context): boolean {
  if (context.ofGroups === true || context.lexicon.isTransactional) return false;
  const { labels, profile } = context.lexicon;
  const telling = labels.reduce((most, column) => Math.max(most, column.role === 'temporal' ? 0 : column.distinct), 0);
  return profile.rowCount > 0 && (telling >= 0.8 * profile.rowCount || labels.length > 1);
}

/** The number that "show me the …" means when none is named: the first measure. */
export function mainMeasure(context: Context): ColumnProfile | null {
  return context.profile.columns.find(isMeasure) ?? null;
}

/** Default aggregate of a measure over several rows. */
export const overRows = (column: ColumnProfile): Expression => aggregateOf(column.defaultAggregate, column);

const OVER_ROWS = {
  sum: 'added up',
  avg: 'on average',
  median: 'by its median',
  min: 'at its lowest',
  max: 'at its highest',
} as const satisfies Record<DefaultAggregate, string>;
/** A longer description of a column would drown what is said of it. */
const LONGEST_ASIDE = 120;

/** `Score (mean of the indicators), on average.`: how a measure was taken over several rows; null: its formula says it. */
export function howRead(
  { label, description, defaultAggregate, computed }: ColumnProfile,
  over: '' | ' over the rows that fit',
): string | null {
  if (computed?.level === 'group') return null;
  const aside = (description ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.;,]+$/, '');
  const called = aside === '' || aside.length > LONGEST_ASIDE ? label : `${label} (${aside})`;
  return `${called}, ${OVER_ROWS[defaultAggregate]}${over}.`;
}

/** Observations over time or places: a table with a time and numbers, where no column names single rows. */
export function leadsObservation(context: Context): boolean {
  return context.lexicon.temporal !== null && context.profile.columns.some(isMeasure);
}

/** Steps of time that give a readable line: years over many of them, days over a few weeks, else months. */
export function trendGrain(time: ColumnProfile, slots: Slots): Grain | null {
  if (time.type !== 'date' && time.type !== 'datetime') return null;
  const bounds = slots.filters
    .filter((filter) => filter.column === time)
    .flatMap((filter) => JSON.stringify(filter.condition).match(/\b\d{4}(?:-\d{2}-\d{2})?\b/g) ?? []);
  const oneYear = bounds.length === 1 && bounds[0]?.length === 4;
  const first = Date.parse(String(bounds[0] ?? time.min));
  const last = oneYear ? first + 365 * DAY : Date.parse(String(bounds.length > 1 ? bounds.at(-1) : time.max));
  const days = (last - first) / DAY;
  if (!Number.isFinite(days) || days > 12 * 366) return 'year';
  return days <= 62 ? 'day' : 'month';
}

const DAY = 86_400_000;

export function labelUse(context: Context): ColumnUse | null {
  const column = context.lexicon.labels[0];
  return column ? { column, grain: null, distinct: false, from: 0, score: 1 } : null;
}

export function where(slots: Slots): Condition | undefined {
  return allOf(slots.filters.map((filter) => filter.condition));
}

export function having(slots: Slots): Condition | undefined {
  return allOf(slots.having.map((one) => compare(one.left, one.op, one.right)));
}

export function unique(expressions: readonly Expression[]): readonly Expression[] {
  return expressions.filter(
    (expression, index) => expressions.findIndex((other) => sameExpression(other, expression)) === index,
  );
}

/** "The poorest countries": more than one, and how many was not said. */
export const SEVERAL = 5;

/** Is the thing that is ranked said in the plural? */
export function isPlural(slots: Slots, entity: ColumnUse): boolean {
  const at = slots.units.findIndex((unit) => unit.from === entity.from);
  const word = slots.units[at]?.word ?? '';
  // "which species has": the verb tells.
  const verb = slots.units[at + 1]?.word ?? '';
  if (/^(has|is|was|does)$/.test(verb)) return false;
  // "species" is how the column is called, for one of them as well.
  if (!/^(have|are|were|do)$/.test(verb) && wordsOf(entity.column.name).includes(word)) return false;
  return /[^s]s$/.test(word) && stemOf(word) !== word && !/(us|is)$/.test(word);
}

/** Whole rows; "which …" and "who …" have the name first. */
export function everything(context: Context, slots: Slots): readonly Expression[] {
  const all = context.profile.columns.map((column) => columnOf(column));
  const seeks = slots.units.some((unit) => /^(which|who|whom|name)$/.test(unit.word));
  return seeks ? unique([...context.lexicon.labels.map((column) => columnOf(column)), ...all]) : all;
}

/** The order asked for, in terms of what is shown; null when none. */
export function orderOf(
  slots: Slots,
  x: Expression | null,
  y: Expression | null,
  select: readonly Expression[],
): Order[] | null {
  const { order } = slots;
  if (!order) return null;
  const { direction, target } = order;
  const grouped = select.some(isAggregate);
  const by = ((): Expression | null => {
    if (target === null) return y ?? x ?? select[0] ?? null;
    if (target.kind === 'quality') return y ?? x;
    if (target.kind !== 'column') return target.kind === 'x' ? x : (y ?? x);
    if (target.aggregate === 'count') return countRows;
    if (target.aggregate !== null) return aggregateOf(target.aggregate, target.column);
    const shown = select.find((expression) => 'column' in expression && expression.column === target.column.name);
    if (shown) return shown;
    const measured = select.find(
      (expression) =>
        'aggregate' in expression &&
        expression.of !== null &&
        'column' in expression.of &&
        expression.of.column === target.column.name,
    );
    if (measured) return measured;
    if (grouped)
      return isMeasure(target.column)
        ? overRows(target.column)
        : target.column.role === 'temporal'
          ? aggregateOf('min', target.column)
          : null;
    return columnOf(target.column);
  })();
  if (!by) return null;
  const more = grouped ? [] : order.more.map((column): Order => ({ by: columnOf(column), direction }));
  return [{ by, direction }, ...more];
}
