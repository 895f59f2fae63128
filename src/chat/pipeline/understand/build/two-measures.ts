import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import type { Unit } from '../clauses/units.js';
import { aggregateOf, isMeasure, outputName, sameExpression } from '../expressions.js';
import type { Context } from '../reader.js';
import { claim, rest } from './analysis-parts.js';
import { type Draft, groupExpression, output, overRows, unique } from './build-parts.js';

const DIFFERS = /^(difference|differences|gap)$/;
const LINKS = /^(the|total|sum|of|all|our|average|mean)$/;
const CLAIMED = /^(difference|differences|gap|between|and|minus|ratio|to|divided|by|of)$/;

interface Pair {
  readonly op: '-' | '/';
  readonly left: ColumnProfile;
  readonly right: ColumnProfile;
}

/** "Difference between A and B", "A minus B", "ratio of A to B", "A divided by B": two measures and what is between and before them. */
function pairIn(slots: Slots): Pair | null {
  const columns = slots.units.flatMap((unit, at) =>
    unit.kind === 'column' && isMeasure(unit.match.column) && unit.match.column.computed?.level !== 'group'
      ? [{ column: unit.match.column, at }]
      : [],
  );
  for (const [index, { column: left, at }] of columns.entries()) {
    const next = columns[index + 1];
    if (!next || next.column === left) continue;
    const plain = (units: readonly Unit[]): string =>
      units
        .map(({ word }) => word)
        .filter((word) => !LINKS.test(word))
        .join(' ');
    const between = plain(slots.units.slice(at + 1, next.at));
    const before = slots.units.slice(0, at).filter(({ word }) => !LINKS.test(word));
    const led = before.at(-1)?.word === 'between' ? before.at(-2)?.word : before.at(-1)?.word;
    const pair = { left, right: next.column };
    if (between === 'minus' || (between === 'and' && DIFFERS.test(led ?? ''))) return { op: '-', ...pair };
    const ratio = led === 'ratio' || slots.units[next.at + 1]?.word === 'ratio';
    if (between === 'divided by' || (ratio && (between === 'to' || between === 'and'))) return { op: '/', ...pair };
  }
  return null;
}

/**
 * One measure minus, or divided by, another one: both added up, or both averaged, over the same rows. A ratio is of sums,
 * as an average of ratios would count small rows as much as large ones.
 */
export function twoMeasures(context: Context, slots: Slots): Draft | null {
  const pair = pairIn(slots);
  if (!pair) return null;
  const { op, left, right } = pair;
  const asked = (column: ColumnProfile): Expression => {
    const own = slots.measures.find((measure) => measure.column === column);
    return own && !own.aggregate.startsWith('count') ? aggregateOf(own.aggregate, column) : overRows(column);
  };
  const own = [asked(left), asked(right)].map((one) => ('aggregate' in one ? one.aggregate : 'sum'));
  const named = slots.measures.find(({ column }) => column === left || column === right)?.aggregate;
  const aggregate = op === '/' ? 'sum' : own[0] === own[1] ? own[0] : (named ?? 'sum');
  const sides = [left, right].map((column) => aggregateOf(aggregate ?? 'sum', column));
  const [first, second] = sides;
  if (!first || !second || sameExpression(first, second)) return null;
  claim(slots, CLAIMED);
  const value: Expression = { op, left: first, right: second };
  const keys = unique([...slots.groups, ...slots.columns].filter((use) => !isMeasure(use.column)).map(groupExpression));
  const [key] = keys;
  const timed = [...slots.groups, ...slots.columns].find(({ column }) => column.role === 'temporal');
  const ranked = slots.superlative;
  const as = op === '/' ? `${left.label} to ${right.label}` : 'difference';
  return {
    query: {
      datasetId: context.profile.id,
      select: [...keys.map(output), { value, as }, ...sides.map(output)],
      where: rest(slots, null),
      groupBy: key ? keys : undefined,
      orderBy: !key
        ? undefined
        : timed && !ranked
          ? [{ by: groupExpression(timed), direction: 'asc' }]
          : [{ by: value, direction: ranked?.direction ?? 'desc' }],
      limit: key ? ranked?.limit : undefined,
    },
    chart: key ? { mark: slots.chart?.mark ?? undefined, x: outputName(key), y: as } : null,
    expects: key ? 'table' : 'value',
    reading: op === '/' ? `${left.label} divided by ${right.label}, both added up.` : null,
  };
}
