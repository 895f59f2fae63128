import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { Filter, Slots } from '../clauses/slots.js';
import { allOf, columnOf, isMeasure, outputName } from '../expressions.js';
import type { Context } from '../reader.js';
import { lowerFirst } from '../../words/language.js';
import { claim, measured, only } from './analysis-parts.js';
import { type Draft, groupExpression, output, rowsAreThings, trendGrain, unique } from './build-parts.js';

const BETWEEN = /^(vs|versus|against|compared?|comparing|comparison|with|to|than|and|relative)$/;
const COMPARES = /^(vs|versus|against|compared?|comparing|comparison|relative|than|difference|gap)$/;
const OWN = /^(its|their|his|her)$/;
/** Words between the two that only link them. */
const LINKS =
  /^(vs|versus|against|compared?|comparing|comparison|relative|than|with|to|and|the|that|of|in|for|all|whole|average|mean)$/;

interface Against {
  readonly one: Filter;
  readonly name: string;
  readonly other: Condition;
  readonly left: readonly Filter[];
  readonly column: ColumnProfile;
}

const single = (filter: Filter): boolean =>
  filter.values?.length === 1 && !filter.negated && !isMeasure(filter.column) && filter.column.role !== 'temporal';

/** "Germany compared to the average of its region": the value that is finer than the column, and all that is where it is. */
function ownGroup(slots: Slots): Against | null {
  const at = slots.units.findIndex(
    (unit, index) => unit.kind === 'column' && OWN.test(slots.units[index - 1]?.word ?? ''),
  );
  const unit = slots.units[at];
  if (unit?.kind !== 'column' || isMeasure(unit.match.column)) return null;
  const { column } = unit.match;
  const one = partOf(slots.filters.filter(single), column);
  if (!one || one.column === column) return null;
  const key = columnOf(column);
  return {
    one,
    column,
    name: `${lowerFirst(column.label)} of ${String(one.values?.[0])}`,
    other: { left: key, inQuery: { select: key, where: one.condition, groupBy: [key] } },
    left: [one],
  };
}

/** "Germany compared with Europe": values of two columns, one on each side of the word that compares. */
function otherColumn(slots: Slots): Against | null {
  const values = slots.units.flatMap((unit, at) => (unit.kind === 'value' ? [{ column: unit.match.column, at }] : []));
  const filterOf = (column: ColumnProfile): Filter | undefined =>
    slots.filters.find((filter) => filter.column === column && single(filter));
  for (const [index, { column, at }] of values.entries()) {
    const last = values[index - 1];
    const other = filterOf(column);
    if (!last || !other) continue;
    const between = slots.units.slice(last.at + 1, at);
    const words = between.map(({ word }) => word);
    const linked = between.every(
      ({ word, kind }) => LINKS.test(word) || ['column', 'time', 'aggregate'].includes(kind),
    );
    const led = slots.units.slice(0, last.at).some(({ word }) => COMPARES.test(word));
    if (!linked || !words.some((word) => COMPARES.test(word) || (led && BETWEEN.test(word)))) continue;
    const named = values.slice(0, index).filter((value) => value.column !== column);
    const one = filterOf((partOf(named, column) ?? last).column);
    if (!one || one === other || (!partOf(named, column) && last.column === column)) continue;
    return { one, column, name: String(other.values?.[0]), other: other.condition, left: [one, other] };
  }
  return null;
}

/** "Germany in Education compared to Europe": of what is named before, that which can be a part of it. */
function partOf<T extends { readonly column: ColumnProfile }>(
  named: readonly T[],
  whole: ColumnProfile,
): T | undefined {
  const finer = named.filter(({ column }) => column.distinct > whole.distinct);
  return finer.find(({ column }) => column.parent === whole.name) ?? finer.at(-1);
}

/** One thing beside a group that it may be part of: each number over its own rows, never over those that are in both. */
export function againstGroup(context: Context, slots: Slots): Draft | null {
  if (rowsAreThings(context) || slots.share || slots.superlative) return null;
  if (!slots.units.some(({ word }) => COMPARES.test(word))) return null;
  const against = ownGroup(slots) ?? otherColumn(slots);
  const value = against && measured(context, slots);
  if (!against || !value || !('aggregate' in value)) return null;
  const { one, other, name, left, column } = against;
  const sides: readonly [Expression, Expression] = [only(value, one.condition), only(value, other)];
  const uses = [...slots.groups, ...slots.columns].filter(
    (use) => !isMeasure(use.column) && use.column !== column && use.column !== one.column,
  );
  const time = context.lexicon.temporal;
  const runs = slots.chart?.mark === 'line' && time !== null && !uses.some((use) => use.column === time);
  const keys = unique([
    ...(runs ? [columnOf(time, trendGrain(time, slots) ?? undefined)] : []),
    ...uses.map(groupExpression),
  ]);
  claim(slots, BETWEEN);
  claim(slots, COMPARES);
  claim(slots, OWN);
  slots.unknown = slots.unknown.filter((unit) => unit.kind !== 'compare');
  const gap: Expression = { op: '-', left: sides[0], right: sides[1] };
  const [key] = keys;
  return {
    query: {
      datasetId: context.profile.id,
      select: [
        ...keys.map(output),
        { value: gap, as: 'difference' },
        { value: sides[0], as: String(one.values?.[0]) },
        { value: sides[1], as: name },
      ],
      where: allOf(slots.filters.filter((filter) => !left.includes(filter)).map(({ condition }) => condition)),
      groupBy: keys.length > 0 ? keys : undefined,
      orderBy: key ? [{ by: key, direction: 'asc' }] : undefined,
    },
    chart: key ? { x: outputName(key), y: 'difference' } : null,
    expects: key ? 'table' : 'value',
    reading: null,
  };
}
