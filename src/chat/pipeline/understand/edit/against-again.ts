import type { AnalyticalQuery } from '../../../../datasets/query/analytical-query.js';
import { againstGroup } from '../build/against-group.js';
import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';
import type { FollowUp } from './edit-base.js';
import { filtersKept, frameOf, measuresOf } from './frame.js';

/** "Compare it to the average of its region": what was asked before, beside the group that it belongs to. */
export function againstAgain(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const refers = context.tokens.some(({ lower }) => /^(it|that|this|them)$/.test(lower));
  if (!refers || slots.columns.some(({ column }) => column.role === 'measure')) return null;
  const frame = frameOf(query);
  const value = measuresOf(frame)[0];
  if (!value || !('aggregate' in value) || value.where || !value.of || !('column' in value.of)) return null;
  const column = context.lexicon.columns.get(value.of.column);
  if (!column) return null;
  const named = new Set(slots.filters.map((filter) => filter.column));
  const draft = againstGroup(context, {
    ...slots,
    filters: [...filtersKept(frame, context).filter((filter) => !named.has(filter.column)), ...slots.filters],
    measures: [{ aggregate: value.aggregate, column, from: -1 }],
  });
  if (!draft) return null;
  slots.unknown = [];
  slots.used = new Set(slots.units);
  return { ...draft, edits: [context.asked.question], references: [] };
}
