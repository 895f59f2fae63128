import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Slots } from '../clauses/slots.js';
import type { Unit } from '../clauses/units.js';
import { aggregateOf, countRows, isMeasure } from '../expressions.js';
import type { Match } from '../cover.js';
import { isModifier } from '../modifiers.js';
import type { Context } from '../reader.js';
import { aggregated, grouped } from './build-groups.js';
import { type Draft, mainMeasure } from './build-parts.js';

/** Things that are more than these are not shown one by one beside another group. */
const MOST_SHOWN = 20;

const IDENTIFIER = /(?:^|[ _-])(?:id|no|nr|number|code|key)$/i;

interface Thing {
  readonly word: string;
  readonly from: number;
  readonly match: Match | null;
}

/**
 * "revenue per order by region", "average revenue per customer by month": how much one thing has of a number that adds up, in
 * each group. Where the rows are the things it is the mean over rows, where a thing has several rows it is the sum over the
 * different things.
 */
export function perThing(context: Context, slots: Slots): Draft | null {
  if (slots.superlative !== null || slots.counted !== null || slots.having.length > 0) return null;
  const thing = thingOf(slots.units);
  const column = thing === null ? null : numberOf(context, slots, thing);
  if (thing === null || column === null) return null;
  const named = thing.match?.column ?? null;
  const key = thing.match !== null && namesThings(thing.match, thing.word) ? named : null;
  const groups = slots.groups.filter((use) => use.column !== named || use.grain !== null);
  if (key !== null && isOneOfSeveral(slots.units, thing)) return null;
  const { title, rowCount } = context.profile;
  if (key === null) {
    const mean = aggregateOf('avg', column);
    const draft = groups.length > 0 ? grouped(context, slots, groups, [], [mean]) : aggregated(context, slots, [mean]);
    const taken = thing.match === null ? 'on average over the rows' : `each row of ${title} taken as one`;
    return draft && { ...draft, reading: `${column.label} per ${thing.word}, ${taken}.` };
  }
  const averaged = slots.measures[0]?.aggregate === 'avg';
  const groupsToo = slots.groups.some((use) => use.column === key);
  const counts = averaged || key.distinct > MOST_SHOWN || IDENTIFIER.test(key.name);
  if (groups.length === 0 || !groupsToo || !counts) return null;
  const things = key.distinct === rowCount ? countRows : aggregateOf('count_distinct', key);
  return grouped(context, slots, groups, [], [{ op: '/', left: aggregateOf('sum', column), right: things }]);
}

/** "per category and channel": pairs of both, no thing that has a number in each channel. */
function isOneOfSeveral(units: readonly Unit[], { from }: Thing): boolean {
  const at = units.findIndex((unit) => unit.from === from);
  return /^(and|&)$/.test(units[at + 1]?.word ?? '') && units[at + 2]?.kind === 'column';
}

/** Who says the "order" of an order date, or the "sale" that is its revenue, means things, and those are the rows. */
const namesThings = (match: Match, word: string): boolean =>
  !isMeasure(match.column) && (match.column.role !== 'temporal' || !isModifier(match, word));

/** "orders per customer", "countries by region": how many there are. */
export function thingsPer(context: Context, slots: Slots): Draft | null {
  const said = slots.units.filter((unit) => unit.kind !== 'stop');
  const [first, second, third, ...more] = said;
  const lists = context.tokens.some(({ lower }) => /^(list|which|what|name|names|who)$/.test(lower));
  const joined = second?.kind === 'each' && second.word === 'per';
  if (lists || more.some(({ kind }) => kind === 'column') || !joined || third?.kind !== 'column') return null;
  const key = first?.kind === 'column' ? first.match.column : null;
  const [use] = slots.columns;
  if (key === null || isMeasure(key) || key.role === 'temporal' || isMeasure(third.match.column)) return null;
  if (slots.columns.length !== 1 || use?.column !== key || slots.groups.length !== 1) return null;
  return grouped(context, slots, slots.groups, [], [aggregateOf('count_distinct', key)]);
}

/** What stands after "per": the rows by their name, or a column. */
function thingOf(units: readonly Unit[]): Thing | null {
  const at = units.findIndex((unit) => unit.kind === 'each' && unit.word === 'per');
  const next = at < 1 ? undefined : units[at + 1];
  if (next?.kind === 'subject') return { word: next.word, from: next.from, match: null };
  return next?.kind === 'column' ? { word: next.word, from: next.from, match: next.match } : null;
}

/** The one number that is asked for, of those that add up. */
function numberOf(context: Context, slots: Slots, thing: Thing): ColumnProfile | null {
  const named = slots.columns.filter((use) => isMeasure(use.column) && use.from < thing.from).map((use) => use.column);
  const [measure, more] = slots.measures;
  if (more !== undefined || named.length + slots.measures.length !== 1) return null;
  if (measure !== undefined && measure.aggregate !== 'avg' && measure.aggregate !== 'sum') return null;
  const column = measure === undefined ? named[0] : (measure.column ?? mainMeasure(context));
  // "points per start order" is one number over another.
  const over = thing.match !== null && isMeasure(thing.match.column) && thing.match.column !== column;
  return column?.defaultAggregate === 'sum' && column.computed === undefined && !over ? column : null;
}
