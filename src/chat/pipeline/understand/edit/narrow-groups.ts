import type { AnalyticalQuery } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import { boundsPhrase } from '../../words/expressions.js';
import { allOf, compare, conjuncts, literal } from '../expressions.js';
import type { Context } from '../reader.js';
import type { FollowUp } from './edit-base.js';
import { frameOf, measuresOf, queryOf } from './frame.js';

const NARROWS =
  /^(?:and |but |now |then |ok |so )*(?:(?:show|keep|list|give)(?: me)? )?(?:only|just|those|the ones|which|what about|and)\b/;

/** "Only those with more than 20" after a number of each group: the groups whose number is more. */
export function narrowGroups(context: Context, slots: Slots, query: AnalyticalQuery): FollowUp | null {
  const frame = frameOf(query);
  const [of, ...more] = measuresOf(frame);
  const text = context.tokens.map(({ lower }) => lower).join(' ');
  if (frame.groups.length === 0 || of === undefined || more.length > 0 || !NARROWS.test(text)) return null;
  const said = slots.units.filter(({ kind }) => kind !== 'stop' && kind !== 'back');
  const [first, second, ...rest] = said.filter(
    (unit) => !/^(ones?|have|has)$/.test(unit.word) && !isGroup(frame, unit),
  );
  const pair = [first, second];
  const number = pair.find((unit) => unit?.kind === 'number');
  const bound = pair.find((unit) => unit?.kind === 'compare' || unit?.kind === 'compare_after');
  const isOp = bound?.kind === 'compare' || bound?.kind === 'compare_after';
  const named = rest.length > 0 && !rest.every((unit) => unit.kind === 'subject' || unit.kind === 'word');
  if (number?.kind !== 'number' || !isOp || named || slots.groups.length + slots.measures.length > 0) return null;
  if (rest.some(({ kind }) => kind === 'subject') && !isCount(of)) return null;
  const condition = compare(of, bound.op, literal(number.quantity.value));
  slots.filters = [];
  slots.having = [];
  slots.unknown = [];
  slots.used = new Set(slots.units);
  const kept = { ...frame, having: allOf([...conjuncts(frame.having), condition]) };
  return {
    query: queryOf(kept, query.datasetId),
    chart: context.previous?.understanding?.chart ?? null,
    expects: 'table',
    reading: `Only those whose ${boundsPhrase(condition, context.profile) ?? 'number fits'}`,
    edits: ['groups narrowed'],
    references: [],
  };
}

const isCount = (of: object): boolean => 'aggregate' in of && String(of.aggregate).startsWith('count');

/** "Only the regions with …": what the groups are called. */
const isGroup = (frame: ReturnType<typeof frameOf>, unit: Slots['units'][number]): boolean =>
  unit.kind === 'column' && frame.groups.some((group) => 'column' in group && group.column === unit.match.column.name);
