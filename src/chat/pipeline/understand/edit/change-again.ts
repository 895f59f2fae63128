import type { AnalyticalQuery, Expression } from '../../../../datasets/query/analytical-query.js';
import { rowsAreThings } from '../build/build-parts.js';
import { growth } from '../build/change.js';
import type { Filter, Slots } from '../clauses/slots.js';
import { columnOf } from '../expressions.js';
import type { Context } from '../reader.js';
import { changeIn } from '../../words/derived.js';
import type { FollowUp } from './edit-base.js';
import { filtersKept, frameOf, groupsKept, isAbout, measuresOf } from './frame.js';

type Ends = readonly [first: number, last: number];

/** "How much did it grow?", "and which worsened most?": the change in what was asked before, over the same things. */
export function changeAgain(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const time = context.lexicon.temporal;
  if (!time || rowsAreThings(context)) return null;
  if (slots.filters.length + slots.columns.length + slots.groups.length + slots.measures.length > 0) return null;
  const frame = frameOf(query);
  const before = query.select.flatMap(({ value }) => changeIn(value) ?? [])[0];
  const value: Expression | undefined = before?.of ?? measuresOf(frame)[0];
  if (!value || !('aggregate' in value) || !value.of || !('column' in value.of)) return null;
  const column = context.lexicon.columns.get(value.of.column);
  const ends: Ends | null = before ? [Number(before.from), Number(before.to)] : endsIn(context, query);
  if (!column || !ends || !(ends[0] < ends[1])) return null;
  const filters = filtersKept(frame, context).filter((filter) => filter.column !== time);
  const span: Filter = {
    column: time,
    condition: { between: ends, left: columnOf(time) },
    values: null,
    negated: false,
    from: -1,
    to: -1,
    score: 1,
  };
  const groups = groupsKept(frame, context).filter((use) => use.column !== time);
  const draft = growth(context, {
    ...slots,
    filters: [span, ...filters],
    groups,
    measures: [{ aggregate: value.aggregate, column, from: 0 }],
    superlative: slots.superlative
      ? { ...slots.superlative, limit: Math.max(slots.superlative.limit, query.limit ?? 1) }
      : null,
  });
  if (!draft) return null;
  slots.unknown = [];
  return { ...draft, edits: [`change from ${ends[0]} to ${ends[1]}`], references: [] };
}

/** The years of the filter; of one year, the one before it and itself; all of them where none is named. */
function endsIn(context: Context, query: AnalyticalQuery): Ends | null {
  const time = context.lexicon.temporal;
  if (!time) return null;
  const year = (value: unknown): number => Number(String(value).slice(0, 4));
  const [first, last] = [year(time.min), year(time.max)];
  const about = frameOf(query).where.filter((condition) => isAbout(condition, time));
  const named = (JSON.stringify(about).match(/\b(?:19|20)\d\d\b/g) ?? []).map(Number);
  if (named.length === 0) return [first, last];
  const [low, high] = [Math.min(...named), Math.max(...named)];
  if (low !== high) return [low, high];
  const open = about.some((condition) => 'compare' in condition && condition.compare === '>=');
  if (open) return [low, last];
  return low > first ? [low - 1, low] : null;
}
