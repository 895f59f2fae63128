import type { AnalyticalQuery } from '../../../../datasets/query/analytical-query.js';
import { isInside, windowPhrase } from '../build/window-phrases.js';
import { overPeriods } from '../build/windows.js';
import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';
import type { FollowUp } from './edit-base.js';
import { filtersKept, frameOf, groupsKept, measuresOf } from './frame.js';

/** "And as a 3-month moving average?", "how did it change year over year?": along the time of what was asked before. */
export function periodsAgain(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const phrase = windowPhrase(context.asked.question);
  if (phrase === null || slots.columns.length > 0 || slots.measures.some(({ column }) => column !== null)) return null;
  const frame = frameOf(query);
  const value = measuresOf(frame).find((one) => 'aggregate' in one);
  if (!value || !('aggregate' in value) || value.where) return null;
  const name = value.of && 'column' in value.of ? value.of.column : null;
  const column = name === null ? null : context.lexicon.columns.get(name);
  if (column === undefined || value.aggregate === 'count_distinct') return null;
  const named = new Set(slots.filters.map((filter) => filter.column));
  const groups = slots.groups.filter(({ from }) => !isInside(context, phrase, from));
  const draft = overPeriods(context, {
    ...slots,
    filters: [...slots.filters, ...filtersKept(frame, context).filter((filter) => !named.has(filter.column))],
    groups: groups.length > 0 ? groups : [...groupsKept(frame, context)],
    measures: [{ aggregate: value.aggregate, column, from: -1 }],
    superlative: null,
    order: null,
  });
  if (!draft) return null;
  slots.unknown = [];
  slots.used = new Set(slots.units);
  return { ...draft, edits: [context.asked.question.slice(phrase.start, phrase.end)], references: [] };
}
