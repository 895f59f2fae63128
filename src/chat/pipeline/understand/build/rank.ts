import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { Filter, Slots } from '../clauses/slots.js';
import { allOf, columnOf, columnsIn, isMeasure } from '../expressions.js';
import type { Context } from '../reader.js';
import { wordsOf } from '../tokens.js';
import { measured, rest } from './analysis-parts.js';
import { type Draft, mainMeasure, rowsAreThings } from './build-parts.js';

const ASKS = /^(how|where|what|which)\b.*\brank(s|ed|ing)?\b/;

export const asksForRank = (context: Context): boolean =>
  ASKS.test(
    context.tokens
      .map((token) => token.lower)
      .join(' ')
      .replace(/^(and|so|then|ok|okay) /, ''),
  );

/** "How does X rank in Y?": its place among all others by the number, 1 being the best one; and how many there are. */
export function rank(context: Context, slots: Slots): Draft | null {
  const text = context.tokens.map((token) => token.lower).join(' ');
  if (!asksForRank(context) || slots.groups.length > 0 || slots.superlative !== null) return null;
  if (slots.columns.some((use) => wordsOf(use.column.name).some((word) => word.startsWith('rank')))) return null;
  const one = theOne(slots);
  const value = ordered(slots, text) ?? measured(context, slots) ?? ofThings(context);
  if (!one || !value) return null;
  const key = columnOf(one.column);
  const others = rest(slots, one);
  const own = allOf([one.condition, ...(others ? [others] : [])]);
  const by = columnsIn(value)
    .map((name) => context.lexicon.columns.get(name))
    .find((column) => column !== undefined);
  if (!by || !('aggregate' in value)) return null;
  const lower = by.higherIsBetter === false;
  const better: Condition = {
    compare: lower ? '<' : '>',
    left: value,
    right: { scalar: { aggregate: value.aggregate, of: value.of, where: own } },
  };
  const ahead: Condition = { left: key, inQuery: { select: key, where: others, groupBy: [key], having: better } };
  const known: Condition | undefined = by.nulls > 0 ? { missing: false, left: columnOf(by) } : undefined;
  const counted = (conditions: readonly (Condition | undefined)[]): Expression => ({
    scalar: {
      aggregate: 'count_distinct',
      of: key,
      where: allOf(conditions.flatMap((condition) => (condition ? [condition] : []))),
    },
  });
  return {
    query: {
      datasetId: context.profile.id,
      select: [
        { value: { op: '+', left: counted([others, ahead]), right: { literal: 1 } }, as: 'rank' },
        { value: counted([others, known]), as: 'among' },
      ],
      // No row of its own, no place.
      where: allOf([...(own ? [own] : []), ...(known ? [known] : [])]),
      limit: 1,
    },
    chart: null,
    expects: 'value',
    reading: `Rank 1 has the ${lower ? 'lowest' : 'highest'} ${value.aggregate === 'avg' ? 'average ' : ''}${by.label.toLowerCase()}.`,
  };
}

/** "rank by total sales": the words after "by" were read as an order. */
function ordered({ order }: Slots, text: string): Expression | null {
  const target = order?.target;
  if (target?.kind !== 'column' || !isMeasure(target.column)) return null;
  const aggregate = target.aggregate ?? (/\btotal\b/.test(text) ? 'sum' : target.column.defaultAggregate);
  return { aggregate, of: columnOf(target.column) };
}

/** The name whose place is asked for: of several, the one of the column that tells most things apart. */
function theOne(slots: Slots): Filter | null {
  const named = slots.filters.filter(
    ({ column, values, negated }) =>
      values?.length === 1 && !negated && !isMeasure(column) && column.role !== 'temporal' && column.type === 'text',
  );
  return named.toSorted((left, right) => right.column.distinct - left.column.distinct)[0] ?? null;
}

function ofThings(context: Context): Expression | null {
  const column: ColumnProfile | null = rowsAreThings(context) ? mainMeasure(context) : null;
  return column ? { aggregate: column.defaultAggregate, of: columnOf(column) } : null;
}
