import type { Entity, IntentKind } from '../turn.js';
import { placesIn } from '../words/derived.js';
import type { Draft } from './build/build-parts.js';
import { isAggregate } from './expressions.js';
import type { Context } from './reader.js';
import type { Slots } from './clauses/slots.js';
import { textBetween } from './tokens.js';
import type { Unit } from './clauses/units.js';

/** What kind of question it was, from the shape of its query. */
export function intentOf(slots: Slots, draft: Draft): IntentKind {
  const { query } = draft;
  const mark = slots.chart?.mark;
  const outputs = query.select.map((one) => one.value);
  const groups = query.groupBy ?? [];
  if (outputs.some((one) => 'aggregate' in one && one.aggregate === 'correlation') || mark === 'point')
    return 'correlation';
  if (
    outputs.some((one) => 'window' in one && one.window === 'share') ||
    mark === 'arc' ||
    (slots.share && groups.length > 0)
  )
    return 'share';
  if (
    outputs.some(
      (one) => ('op' in one && one.op === 'percent_change') || ('window' in one && one.window.endsWith('change')),
    )
  )
    return 'growth';
  if (query.qualify !== undefined && placesIn(query) !== null) return 'rank';
  const timed = groups.some(
    (group) => 'column' in group && (group.grain !== undefined || slots.chart?.mark === 'line'),
  );
  if (mark === 'line' || mark === 'area' || timed) return 'trend';
  if (query.limit !== undefined && (query.orderBy?.length ?? 0) > 0) return 'rank';
  const words = new Set(slots.units.map((unit) => unit.word));
  if (words.has('distribution') || words.has('distributed')) return 'distribution';
  if (['compare', 'compared', 'comparison', 'versus', 'vs', 'difference'].some((word) => words.has(word)))
    return 'compare';
  const counts = outputs.some(
    (one) => 'aggregate' in one && (one.aggregate === 'count' || one.aggregate === 'count_distinct'),
  );
  if (counts && groups.length === 0) return 'count';
  if (groups.length > 0) return counts ? 'count' : 'aggregate';
  if (outputs.some(isAggregate)) return 'aggregate';
  return query.where && outputs.length <= 2 ? 'lookup' : 'list';
}

/** The recognised pieces of the question, for people to see what was understood. */
export function entitiesOf(context: Context, slots: Slots): readonly Entity[] {
  const entities: Entity[] = [];
  for (const unit of slots.units) {
    const described = entityOf(unit);
    if (!described) continue;
    const first = context.tokens[unit.from];
    const last = context.tokens[unit.to - 1];
    if (!first || !last) continue;
    entities.push({
      ...described,
      text: textBetween(context.asked.question, context.tokens, unit.from, unit.to),
      start: first.start,
      end: last.end,
    });
  }
  return entities;
}

function entityOf(unit: Unit): Omit<Entity, 'text' | 'start' | 'end'> | null {
  switch (unit.kind) {
    case 'column':
      return { kind: 'column', column: unit.match.column.name, score: Math.min(1, unit.match.score) };
    case 'value':
      return {
        kind: 'value',
        column: unit.match.column.name,
        value: unit.match.value,
        score: Math.min(1, unit.match.score),
      };
    case 'number':
      return { kind: 'number', value: unit.quantity.value, score: 1 };
    case 'time':
      return { kind: 'time', value: unit.span.start ?? unit.span.end, score: 1 };
    case 'aggregate':
    case 'count':
      return { kind: 'aggregate', score: 1 };
    case 'superlative':
      return { kind: 'order', score: 1 };
    case 'subject':
      return { kind: 'dataset', score: 1 };
    default:
      return null;
  }
}
