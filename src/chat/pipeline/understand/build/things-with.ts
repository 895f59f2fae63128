import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { Slots } from '../clauses/slots.js';
import type { Unit } from '../clauses/units.js';
import { aggregateOf, allOf, columnOf, compare, countRows, isMeasure, literal } from '../expressions.js';
import type { Context } from '../reader.js';
import { lowerFirst } from '../../words/language.js';
import { type Draft, output } from './build-parts.js';

/** What stands between a thing and what it has. */
const HAS =
  /^(with|have|has|had|having|whose|who|that|which|made|make|makes|spent|placed|bought|sold|ordered|total|a|an)$/;
const ROWS = /^(rows?|records?|entries|entry|lines?|times)$/;

interface Bound {
  readonly thing: ColumnProfile;
  readonly left: Expression;
  /** The number that is added up; null: rows or things are counted. */
  readonly said: string | null;
  readonly op: '>' | '>=' | '<' | '<=';
  readonly value: number;
  /** Of the tokens, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/**
 * "Customers with more than 20 orders", "how many products have over 1000 revenue" where a thing has several rows and its number
 * adds up: a condition on all that the thing has, not on each of its rows. null where none is said.
 */
export function thingsWith(context: Context, slots: Slots): Draft | null {
  if (!context.lexicon.isTransactional || slots.superlative !== null || slots.groups.length > 0) return null;
  const bound = boundOf(context, slots.units);
  if (bound === null) return null;
  const inside = ({ from }: { readonly from: number }): boolean => from >= bound.from && from < bound.to;
  const filters = slots.filters.filter((filter) => !inside(filter));
  if (filters.some(({ column }) => isMeasure(column) || column === bound.thing) || slots.having.length > 1) return null;
  const said = slots.units.filter(inside);
  slots.filters = filters;
  slots.having = [];
  slots.unknown = slots.unknown.filter((unit) => !said.includes(unit));
  slots.used = new Set([...slots.used, ...said]);
  const key = columnOf(bound.thing);
  const where = allOf(filters.map(({ condition }) => condition));
  const query = { where, groupBy: [key], having: compare(bound.left, bound.op, literal(bound.value)) };
  const datasetId = context.profile.id;
  const of = lowerFirst(bound.thing.label);
  const reading = bound.said === null ? null : `${bound.said}, added up for each ${of}.`;
  if (slots.units.some(({ kind, from }) => kind === 'count' && from < bound.from)) {
    const kept = allOf([where, { left: key, inQuery: { select: key, ...query } }].flatMap((one) => one ?? []));
    const count = aggregateOf('count_distinct', bound.thing);
    return { query: { datasetId, select: [output(count)], where: kept }, chart: null, expects: 'value', reading };
  }
  const orderBy = [{ by: bound.left, direction: 'desc' as const }];
  return {
    query: { datasetId, select: [output(key), output(bound.left)], ...query, orderBy },
    chart: null,
    expects: 'table',
    reading,
  };
}

/** Thing, what it has, and the number: "customers with revenue above 500", "customers with more than 500 revenue". */
function boundOf(context: Context, units: readonly Unit[]): Bound | null {
  const said = units.filter(({ kind, word }) => kind !== 'stop' && !HAS.test(word));
  const at = said.findIndex(({ kind }) => kind === 'compare');
  const [compared, number, after] = [said[at], said[at + 1], said[at + 2]];
  if (compared?.kind !== 'compare' || said.filter(({ kind }) => kind === 'compare').length > 1) return null;
  const value = number === undefined ? null : plainNumber(number);
  if (number === undefined || value === null) return null;
  const { op } = compared;
  if (op === '=' || op === '!=') return null;
  const before = said[at - 1];
  const own = before === undefined ? null : addedUp(before);
  const thing = thingIn(context, own === null ? before : said[at - 2]);
  if (thing === null) return null;
  const { from } = thing.unit;
  const bound = { thing: thing.column, op, value, from };
  if (own !== null) return { ...bound, left: aggregateOf('sum', own), said: own.label, to: number.to };
  if (after === undefined || after.breaks) return null;
  const sum = addedUp(after);
  if (sum !== null) return { ...bound, left: aggregateOf('sum', sum), said: sum.label, to: after.to };
  const counted = countedIn(context, after);
  return counted === null ? null : { ...bound, left: counted, said: null, to: after.to };
}

/** "1000" may look like a year. */
function plainNumber(unit: Unit): number | null {
  if (unit.kind === 'number') return unit.quantity.value;
  const isBare = unit.kind === 'time' && unit.to === unit.from + 1 && /^\d+$/.test(unit.word);
  return isBare ? Number(unit.word) : null;
}

const addedUp = (unit: Unit): ColumnProfile | null =>
  unit.kind === 'column' && isMeasure(unit.match.column) && unit.match.column.defaultAggregate === 'sum'
    ? unit.match.column
    : null;

/** A column of whose values each has several rows. */
function thingIn(
  { profile }: Context,
  unit: Unit | undefined,
): { readonly unit: Unit; readonly column: ColumnProfile } | null {
  if (unit?.kind !== 'column') return null;
  const { column } = unit.match;
  const several = column.distinct > 1 && column.distinct <= profile.rowCount / 2;
  return several && !isMeasure(column) && column.role !== 'temporal' ? { unit, column } : null;
}

/** "20 orders": rows where each is one, else different ones. */
function countedIn({ profile, lexicon }: Context, unit: Unit): Expression | null {
  if (unit.kind === 'subject' || ROWS.test(unit.word)) return countRows;
  if (unit.kind !== 'column' || isMeasure(unit.match.column)) return null;
  const { column } = unit.match;
  if (column.role === 'temporal') return lexicon.subject.has(unit.word) ? countRows : null;
  return column.distinct >= profile.rowCount - column.nulls ? countRows : aggregateOf('count_distinct', column);
}
