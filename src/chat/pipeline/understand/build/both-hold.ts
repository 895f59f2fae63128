import type { Condition, Expression } from '../../../../datasets/query/analytical-query.js';
import type { ColumnUse, Filter, Slots } from '../clauses/slots.js';
import { aggregateOf, allOf, compare, isMeasure } from '../expressions.js';
import type { Context } from '../reader.js';
import { only, valueCondition } from './analysis-parts.js';
import { type Draft, groupExpression, output, overRows, rowsAreThings } from './build-parts.js';

/** A bound of a number, where it is to hold. */
interface Bound {
  readonly filter: Filter;
  readonly side: Condition;
  readonly name: string;
}

/**
 * "Countries with a score above 60 in education and above 50 in healthcare": those for which both hold, each bound of the
 * number where it was said to hold. Where a row is a thing it stands in one place only: then one of the bounds must hold.
 */
export function bothHold(context: Context, slots: Slots): Draft | null {
  const sides = slots.filters.find(
    ({ values, negated, column }) => !negated && !isMeasure(column) && (values?.length ?? 0) > 1,
  );
  const bounds = sides === undefined ? [] : boundsOf(slots, sides);
  const [first] = bounds;
  if (sides === undefined || first === undefined || slots.superlative !== null || slots.groups.length > 0) return null;
  const others = slots.filters.filter((filter) => filter !== sides && !bounds.some((bound) => bound.filter === filter));
  const where = allOf(others.map(({ condition }) => condition));
  const entity = entityOf(slots, sides);
  if (entity === null || isRow(context, entity) || isWithin(context, entity, sides)) {
    const either: Condition = { or: bounds.map(({ filter, side }) => ({ and: [side, filter.condition] })) };
    slots.filters = [...others, { ...sides, condition: either }];
    return null;
  }
  const key = groupExpression(entity);
  const values = bounds.map(({ filter, side }) => only(overRows(filter.column), side));
  const conditions = bounds.map(({ filter }, at) => boundOn(filter, values[at] ?? key));
  const isEither = slots.units.some(({ kind, from }) => kind === 'or' && from > first.filter.from);
  const having = isEither ? { or: conditions } : allOf(conditions);
  slots.filters = [...others, sides];
  const query = { where: allOf([where, sides.condition].flatMap((one) => one ?? [])), groupBy: [key], having };
  const all = bounds.length === 2 ? 'both conditions hold' : 'all conditions hold';
  const reading = `${entity.column.label} for which ${isEither ? 'one of the conditions holds' : all}`;
  const datasetId = context.profile.id;
  if (slots.counted !== null) {
    const kept = allOf([{ left: key, inQuery: { select: key, ...query } }]);
    const count = aggregateOf('count_distinct', entity.column);
    return { query: { datasetId, select: [output(count)], where: kept }, chart: null, expects: 'value', reading };
  }
  const shown = values.map((value, at) => ({ value, as: bounds[at]?.name ?? '' }));
  const orderBy = [{ by: values[0] ?? key, direction: 'desc' as const }];
  return {
    query: { datasetId, select: [output(key), ...shown], ...query, orderBy },
    chart: null,
    expects: 'table',
    reading,
  };
}

/** Each bound with the value beside it; none where they do not come in turns. */
function boundsOf(slots: Slots, sides: Filter): readonly Bound[] {
  const found = slots.filters
    .filter(
      (filter) => 'compare' in filter.condition && /^[<>]/.test(filter.condition.compare) && isMeasure(filter.column),
    )
    .toSorted((one, other) => one.from - other.from);
  const places = slots.units.flatMap((unit) =>
    unit.kind === 'value' && unit.match.column === sides.column ? [{ from: unit.from, value: unit.match.value }] : [],
  );
  const [one] = found;
  // "Above 60 in both education and healthcare" is one bound for each.
  if (one !== undefined && found.length === 1 && slots.units.some(({ word }) => word === 'both'))
    return places.map(({ value }) => ({ filter: one, side: valueCondition(sides.column, value), name: String(value) }));
  if (found.length < 2 || found.length !== places.length || new Set(found.map(({ column }) => column)).size > 1)
    return [];
  const said = [...found, ...places].toSorted((one, other) => one.from - other.from);
  const inTurns = said.every((one, at) => 'value' in one !== 'value' in (said[at + 1] ?? {}) || at === said.length - 1);
  if (!inTurns) return [];
  return found.flatMap((filter, at) => {
    const value = places[at]?.value;
    return value === undefined ? [] : [{ filter, side: valueCondition(sides.column, value), name: String(value) }];
  });
}

const boundOn = ({ condition }: Filter, value: Expression): Condition =>
  'compare' in condition ? compare(value, condition.compare, condition.right) : condition;

/** What is sought or counted. */
function entityOf(slots: Slots, sides: Filter): ColumnUse | null {
  const uses = slots.counted === null ? slots.columns : [slots.counted];
  return uses.find(({ column }) => !isMeasure(column) && column !== sides.column) ?? null;
}

/** Are the things that are sought the rows themselves? */
const isRow = (context: Context, { column }: ColumnUse): boolean =>
  rowsAreThings(context) && context.lexicon.labels.includes(column);

/** Is each of the things in one of the places only, a country in its region? */
function isWithin({ lexicon }: Context, { column }: ColumnUse, sides: Filter): boolean {
  let above = lexicon.columns.get(column.parent ?? '');
  for (let steps = 0; above !== undefined && steps < 5; steps += 1) {
    if (above === sides.column) return true;
    above = lexicon.columns.get(above.parent ?? '');
  }
  return false;
}
