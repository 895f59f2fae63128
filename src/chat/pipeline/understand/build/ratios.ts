import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import { aggregateOf, columnOf, isMeasure, isNumeric } from '../expressions.js';
import type { Context } from '../reader.js';
import { claim, rest } from './analysis-parts.js';
import { type Draft, output } from './build-parts.js';

/** "What is the correlation between X and Y?": the coefficient; "show the correlation" is drawn. */
export function correlation(context: Context, slots: Slots): Draft | null {
  const words = slots.units.map((unit) => unit.word).join(' ');
  const valued =
    /\b(coefficient|how (strong|strongly|much|closely))\b/.test(words) ||
    /^(what|whats|calculate|compute|is|are|does|do)\b/.test(words);
  if (!/\b(correlat\w+|coefficient|depends?|affects?|influences?|related)\b/.test(words) || slots.groups.length > 0)
    return null;
  // Years are numbers as well.
  const columns = slots.columns
    .map((use) => use.column)
    .filter((column) => isMeasure(column) || (column.role === 'temporal' && isNumeric(column)));
  const [first, second] = columns;
  if (!first || !second || columns.length > 2 || !columns.some(isMeasure)) return null;
  if (!valued && columns.every(isMeasure)) return null;
  const value: Expression = { aggregate: 'correlation', of: columnOf(first), with: columnOf(second) };
  return {
    query: {
      datasetId: context.profile.id,
      select: [{ value, as: 'correlation' }],
      where: rest(slots, null),
    },
    chart: null,
    expects: 'value',
    reading: null,
  };
}

/** Words between two numbers, and what they make of both added up. */
const JOINED = {
  per: { op: '/', told: 'divided by' },
  minus: { op: '-', told: 'minus' },
} as const;

/** "revenue per unit by product": one number for each of another; "revenue minus cost". */
export function ratio(context: Context, slots: Slots): Draft | null {
  const at = slots.units.findIndex((unit) => unit.word === 'per' || unit.word === 'minus');
  const word = slots.units[at]?.word === 'minus' ? 'minus' : 'per';
  const { op, told } = JOINED[word];
  const [left, right] = [slots.units[at - 1], slots.units[at + 1]];
  if (at < 1 || left?.kind !== 'column' || right?.kind !== 'column' || slots.superlative) return null;
  const [over, under] = [left.match.column, right.match.column];
  if (!isMeasure(over) || !isMeasure(under) || over === under) return null;
  const value: Expression = { op, left: aggregateOf('sum', over), right: aggregateOf('sum', under) };
  claim(slots, /^minus$/);
  const keys = [...slots.groups, ...slots.columns]
    .filter((use) => !isMeasure(use.column))
    .map((use) => columnOf(use.column, use.grain ?? undefined));
  return {
    query: {
      datasetId: context.profile.id,
      select: [...keys.map(output), { value, as: `${over.name} ${word} ${under.name}` }],
      where: rest(slots, null),
      groupBy: keys.length > 0 ? keys : undefined,
    },
    chart: null,
    expects: keys.length > 0 ? 'table' : 'value',
    reading: `${over.label} ${told} ${under.label}, both added up.`,
  };
}
