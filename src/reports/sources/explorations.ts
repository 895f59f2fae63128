import type { IntentKind } from '../../chat/pipeline/turn.js';
import { binWidth } from '../../chat/pipeline/understand/build/build-groups.js';
import { isCurrency } from '../../datasets/csv/numbers.js';
import { usableColumns } from '../../datasets/measures/measures.js';
import type { ColumnProfile, DatasetProfile } from '../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression, Grain } from '../../datasets/query/analytical-query.js';

/** One question that is asked of every table that can answer it. */
export interface Exploration {
  readonly intent: IntentKind;
  readonly query: AnalyticalQuery;
}

export interface Outline {
  readonly measures: readonly ColumnProfile[];
  readonly time: ColumnProfile | null;
  /** Few values each: what numbers are broken down by. */
  readonly dimensions: readonly ColumnProfile[];
  /** Of related data sets, with few values each. */
  readonly related: readonly ColumnProfile[];
  /** Many values: what is told by its top and its bottom. */
  readonly names: ColumnProfile | null;
}

const MOST_MEASURES = 3;
const MOST_DIMENSIONS = 2;
const MOST_RELATED = 2;
const MOST_PARTS = 25;
const MOST_LINES = 8;
const ENDS = 10;
const DAY_MS = 86_400_000;

/** The columns that matter: measures by what the owner made of them, dimensions nearest to what a reader compares with ease. */
export function outlineOf({ columns, related = [], rowCount }: DatasetProfile): Outline {
  const filled = usableColumns(columns).filter(({ nulls }) => nulls < rowCount);
  const isDimension = ({ role, type }: ColumnProfile): boolean => role === 'dimension' && type !== 'number';
  const isFew = ({ distinct }: ColumnProfile): boolean => distinct >= 2 && distinct <= MOST_PARTS;
  const dimensions = filled.filter(isDimension);
  const ease = ({ distinct }: ColumnProfile): number => Math.abs(Math.log(distinct / 6));
  const few = dimensions.filter(isFew);
  const others = related.filter((column) => isDimension(column) && isFew(column) && column.nulls < rowCount);
  const many = dimensions.filter(({ distinct }) => distinct > MOST_PARTS);
  const named = filled.filter(
    ({ role, type, distinct }) => role === 'identifier' && type === 'text' && distinct > ENDS,
  );
  return {
    measures: filled
      .filter(({ role }) => role === 'measure')
      .toSorted((a, b) => weightOf(b) - weightOf(a))
      .slice(0, MOST_MEASURES),
    time: filled.find(({ role, distinct }) => role === 'temporal' && distinct > 1) ?? null,
    dimensions: few.toSorted((a, b) => ease(a) - ease(b)).slice(0, MOST_DIMENSIONS),
    related: others.toSorted((a, b) => ease(a) - ease(b)).slice(0, MOST_RELATED),
    names: [...many, ...named].toSorted((a, b) => a.distinct - b.distinct)[0] ?? null,
  };
}

/** What the owner defined is what a report is wanted of; then what was corrected by hand, and money. */
function weightOf({ computed, edited = [], unit }: ColumnProfile): number {
  if (computed !== undefined) return 3;
  if (edited.some((key) => key !== 'parent')) return 2;
  return isCurrency(unit) ? 1 : 0;
}

export const usual = ({ name, defaultAggregate }: ColumnProfile): Expression => ({
  aggregate: defaultAggregate,
  of: { column: name },
});

/** What a table is asked, in the order that a report tells it. All of it is bounded, and most are one pass over the rows. */
export function explorationsOf(profile: DatasetProfile): Exploration[] {
  const outline = outlineOf(profile);
  const { measures, dimensions, related, names } = outline;
  // A ratio over all rows of a group has no values of single rows.
  const ofRows = measures.filter(({ computed }) => computed?.level !== 'group');
  const time = outline.time === null ? null : periodOf(outline.time);
  const where = outline.time === null ? null : beforeUnfinished(outline.time);
  const trend = (select: readonly Expression[], groupBy: readonly Expression[], by: Expression): Exploration => {
    const { intent, query } = asked(profile, 'trend', select, groupBy, [by, 'asc']);
    return { intent, query: where === null ? query : { ...query, where } };
  };
  const [main, second] = measures;
  const found: Exploration[] = [];
  if (time !== null) {
    for (const value of main === undefined ? [rows] : measures.map(usual)) {
      found.push(trend([time, value], [time], time));
    }
  }
  for (const dimension of dimensions) {
    const by = { column: dimension.name };
    for (const value of main === undefined ? [rows] : [main, second].flatMap((each) => each ?? []).map(usual)) {
      found.push(asked(profile, 'aggregate', [by, value], [by], [value, 'desc']));
    }
  }
  for (const { name } of related) {
    const by = { column: name };
    const value = main === undefined ? rows : usual(main);
    found.push(asked(profile, 'aggregate', [by, value], [by], [value, 'desc']));
  }
  const [first] = dimensions;
  if (time !== null && main !== undefined && first !== undefined && first.distinct <= MOST_LINES) {
    const by = { column: first.name };
    found.push(trend([time, by, usual(main)], [time, by], time));
  }
  if (names !== null && main !== undefined) {
    const by = { column: names.name };
    for (const direction of ['desc', 'asc'] as const) {
      const query = asked(profile, 'rank', [by, usual(main)], [by], [usual(main), direction]);
      found.push({ ...query, query: { ...query.query, limit: ENDS } });
    }
  }
  for (const measure of ofRows) {
    const width = binWidth(measure);
    if (!(width > 0)) continue;
    const bins: Expression = { column: measure.name, bin: width };
    found.push(asked(profile, 'distribution', [bins, rows], [bins], [bins, 'asc']));
  }
  for (const [at, one] of ofRows.entries()) {
    for (const other of ofRows.slice(at + 1)) {
      const value: Expression = { aggregate: 'correlation', of: { column: one.name }, with: { column: other.name } };
      found.push({ intent: 'correlation', query: { datasetId: profile.id, select: [{ value, as: 'correlation' }] } });
    }
  }
  return found;
}

const rows: Expression = { aggregate: 'count', of: null };

function asked(
  profile: DatasetProfile,
  intent: IntentKind,
  select: readonly Expression[],
  groupBy: readonly Expression[],
  [by, direction]: readonly [Expression, 'asc' | 'desc'],
): Exploration {
  return {
    intent,
    query: {
      datasetId: profile.id,
      select: select.map((value) => ({ value })),
      groupBy,
      orderBy: [{ by, direction }],
    },
  };
}

/** A column of time at the grain that gives a few dozen points at most. */
export function periodOf({ name, type, min, max }: ColumnProfile): Expression {
  if (type !== 'date' && type !== 'datetime') return { column: name };
  const days = (Date.parse(String(max)) - Date.parse(String(min))) / DAY_MS;
  return { column: name, grain: grainOf(days) };
}

/** Part of a period that may be missing at its end: weekends, delays. */
const MISSING = 0.15;
/** With so many different dates in a period the last date says how much of it there is. */
const DATES = 4;

/**
 * What leaves out the last period where its dates stop before it is over: a month of 18 days is no month to compare with.
 * null: it is over, or its dates do not say.
 */
export function beforeUnfinished(column: ColumnProfile): Condition | null {
  const period = periodOf(column);
  if (!('column' in period) || (period.grain !== 'year' && period.grain !== 'month')) return null;
  const [first, last] = [new Date(String(column.min)), new Date(String(column.max))];
  const [year, month] = [last.getUTCFullYear(), last.getUTCMonth()];
  const isYear = period.grain === 'year';
  const starts = Date.UTC(year, isYear ? 0 : month);
  const ends = isYear ? Date.UTC(year + 1, 0) : Date.UTC(year, month + 1);
  const periods = (last.getTime() - first.getTime()) / (ends - starts) + 1;
  const missing = (ends - DAY_MS - last.getTime()) / (ends - starts);
  if (missing <= MISSING || column.distinct < DATES * periods) return null;
  const literal = new Date(starts).toISOString().slice(0, 10);
  return { compare: '<', left: { column: column.name }, right: { literal } };
}

function grainOf(days: number): Grain {
  if (days > 5 * 366) return 'year';
  if (days > 3 * 31) return 'month';
  return days > 2 ? 'day' : 'hour';
}
