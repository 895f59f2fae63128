import type { AnalyticalQuery } from '../../../../datasets/query/analytical-query.js';
import { asksForRank, rank } from '../build/rank.js';
import type { Slots } from '../clauses/slots.js';
import type { Context } from '../reader.js';
import type { FollowUp } from './edit-base.js';
import { filtersKept, frameOf, measuresOf } from './frame.js';

/** "How does it rank?", "and where does Norway rank?": the place of what was asked about, by what was asked of it. */
export function rankAgain(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  if (!asksForRank(context)) return null;
  const frame = frameOf(query);
  const named = new Set(slots.filters.map((filter) => filter.column));
  const [before] = measuresOf(frame);
  const of = before && 'aggregate' in before && before.of && 'column' in before.of ? before.of.column : null;
  const column = of === null ? undefined : context.lexicon.columns.get(of);
  const own = slots.measures.length > 0 || slots.columns.length > 0 || !column || !before || !('aggregate' in before);
  // One named anew takes the place of the one before, of whatever column it is.
  const isNamed = slots.filters.some((filter) => filter.values?.length === 1 && filter.column.type === 'text');
  const kept = filtersKept(frame, context).filter(
    (filter) =>
      !named.has(filter.column) &&
      !(isNamed && filter.values?.length === 1 && isFiner(context, filter.column.name, named)),
  );
  const draft = rank(context, {
    ...slots,
    filters: [...slots.filters, ...kept],
    groups: [],
    measures: own ? slots.measures : [{ aggregate: before.aggregate, column, from: -1 }],
  });
  if (!draft) return null;
  slots.unknown = [];
  slots.used = new Set(slots.units);
  return { ...draft, edits: ['its rank'], references: [] };
}

/** Whether a column tells more things apart than all that are named: their place is not asked for within it. */
function isFiner({ lexicon }: Context, name: string, named: ReadonlySet<{ readonly distinct: number }>): boolean {
  const own = lexicon.columns.get(name)?.distinct ?? 0;
  return [...named].every(({ distinct }) => own > distinct);
}
