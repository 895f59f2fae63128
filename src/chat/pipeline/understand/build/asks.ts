import type { Slots } from '../clauses/slots.js';
import { isMeasure } from '../expressions.js';
import type { Context } from '../reader.js';
import { rowsAreThings } from './build-parts.js';

/** "high income countries": the noun after a value only says what the value describes. */
export function headNouns(context: Context, slots: Slots): void {
  if (rowsAreThings(context)) return;
  slots.columns = slots.columns.filter((use) => {
    const at = slots.units.findIndex((unit) => unit.from === use.from);
    const before = slots.units[at - 1];
    return !(
      before?.kind === 'value' &&
      before.match.column !== use.column &&
      !isMeasure(use.column) &&
      (slots.chart !== null && !(slots.chart.implied && slots.chart.mark === 'line')
        ? slots.columns.length + slots.groups.length > 1
        : (slots.groups.length > 0 || slots.measures.length > 0 || slots.chart !== null) &&
          slots.superlative === null &&
          !leadsWithCount(slots))
    );
  });
}

export const EVERYTHING = /^(all|everything|data|dataset|table|rows?|records?|information|info|details|entries|list)$/;

export function asksNothing(slots: Slots): boolean {
  const named =
    slots.columns.length +
    slots.groups.length +
    slots.measures.length +
    slots.filters.length +
    slots.having.length +
    slots.subjects.length;
  return (
    named === 0 &&
    !slots.superlative &&
    !slots.order &&
    !slots.counted &&
    !slots.units.some((unit) => EVERYTHING.test(unit.word))
  );
}

/** "How many directors served…": one number is asked for, whatever else is named. */
export function leadsWithCount(slots: Slots): boolean {
  const first = slots.units.find((unit) => unit.kind !== 'stop');
  return (
    first?.kind === 'count' &&
    slots.units.every((unit) => unit.kind !== 'each' && unit.kind !== 'by' && unit.kind !== 'distinct') &&
    slots.units[0]?.word !== 'show'
  );
}

/** "What is the population of the Caribbean?": one number of a group of rows. */
export function asksForOne(context: Context, slots: Slots): boolean {
  const [filter, ...rest] = slots.filters;
  if (!filter?.values || rest.length > 0 || slots.subjects.length > 0 || slots.eachRow) return false;
  const singular = slots.units.some(
    (unit) => unit.word === 'is' || unit.word === 'was' || (unit.kind === 'count' && unit.word === 'how'),
  );
  return (
    singular &&
    filter.column.role === 'dimension' &&
    !context.lexicon.labels.includes(filter.column) &&
    filter.column.distinct < context.profile.rowCount / 2
  );
}

/** "Orders with more than 500 revenue", where each has a number: the orders themselves, not what they make together. */
export const listsRows = ({ lexicon, profile }: Context, slots: Slots): boolean =>
  lexicon.isTransactional &&
  lexicon.labels.some(({ distinct }) => distinct >= profile.rowCount) &&
  slots.subjects.length > 0 &&
  slots.filters.some(({ column }) => isMeasure(column));

export function joinedByAnd(slots: Slots, from: number, to: number): boolean {
  const inside = slots.units.filter((unit) => unit.from > from && unit.from < to);
  return (
    inside.some((unit) => unit.kind === 'and' || /^(vs|versus|against|with|to)$/.test(unit.word)) &&
    !inside.some((unit) => unit.kind === 'or')
  );
}
