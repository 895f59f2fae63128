import { type AnalyticalQuery, type Expression, GRAINS } from '../../../../datasets/query/analytical-query.js';
import type { ColumnUse, Slots, Superlative } from '../clauses/slots.js';
import {
  aggregateOf,
  allOf,
  columnOf,
  conjuncts,
  countRows,
  isMeasure,
  isNumeric,
  outputName,
} from '../expressions.js';
import type { Context } from '../reader.js';
import { bestOf, type Place } from './best-of.js';
import { namesBothEnds } from './both-ends.js';
import {
  type Draft,
  groupExpression,
  having,
  isPlural,
  labelUse,
  mainMeasure,
  output,
  overRows,
  rowsAreThings,
  SEVERAL,
  unique,
  where,
} from './build-parts.js';

/** "The three best products in each region": a ranking within each group; null where none is asked for. */
export function bestOfEach(
  context: Context,
  slots: Slots,
  superlative: Superlative,
  groups: readonly ColumnUse[],
  columns: readonly ColumnUse[],
  measures: readonly Expression[],
): Draft | null {
  if (groups.length === 0 || groups.some((use) => use.column === superlative.by)) return null;
  const things = rowsAreThings(context);
  const finer = finerOf(groups) ?? rankedOf(slots, groups);
  const each = groups.filter((use) => use !== finer);
  const dims = columns.filter((use) => !isMeasure(use.column) && !groups.some(({ column }) => column === use.column));
  const label = !finer && dims.length === 0 && !things && asksWho(slots, groups) ? labelUse(context) : null;
  const named = finer ? [finer] : label && !groups.some(({ column }) => column === label.column) ? [label] : dims;
  // "the heaviest car of each maker": rows are sought, not the weight.
  const seeks =
    slots.units.some((unit) => /^(which|who|whose|name|names)$/.test(unit.word)) ||
    (slots.subjects.length > 0 && !superlative.direct);
  const [entity = null] = named;
  if (!entity && !(things && seeks)) return null;
  const { direction } = superlative;
  const several = superlative.limit === 1 && entity !== null && isPlural(slots, entity);
  const place: Place = { ...placeOf(slots, superlative), direction };
  const last = several && !place.only ? SEVERAL : place.last;
  const within = unique(each.map(groupExpression));
  const reading = several && !place.only ? `How many was not said: the first ${String(SEVERAL)} of each.` : null;
  // Of what has many rows in each, what adds up is added up.
  const repeats =
    entity !== null &&
    superlative.by?.defaultAggregate === 'sum' &&
    entity.column.distinct < 0.5 * context.profile.rowCount;
  const ranked = things && !repeats && measures.length === 0 && !superlative.counted && superlative.aggregate === null;
  const value = ranked ? rowValue(context, superlative, columns) : groupValue(context, superlative, columns, measures);
  if (!value) return null;
  const labels = context.lexicon.labels.map((column) => columnOf(column));
  const keys = entity ? unique(named.map(groupExpression)) : labels;
  if (keys.length === 0) return null;
  const shown = unique([...within, ...keys, value]);
  const query: AnalyticalQuery = {
    datasetId: context.profile.id,
    select: shown.map(output),
    where: where(slots),
    ...(ranked ? {} : { groupBy: unique([...within, ...keys]), having: having(slots) }),
    qualify: namesBothEnds(slots)
      ? {
          or: (['desc', 'asc'] as const).map((end) => bestOf(value, within, { last, only: false, direction: end })),
        }
      : bestOf(value, within, { ...place, last }),
    orderBy: [...within.map((by) => ({ by, direction: 'asc' as const })), { by: value, direction }],
  };
  const [x, color] = [within[0], keys[0]];
  return {
    query: ranked ? { ...query, where: allOf([...conjuncts(query.where), { missing: false, left: value }]) } : query,
    chart: {
      mark: slots.chart?.mark ?? 'bar',
      x: x ? outputName(x) : undefined,
      y: outputName(value),
      color: color ? outputName(color) : undefined,
    },
    expects: 'table',
    reading,
  };
}

const asksWho = ({ units }: Slots, groups: readonly ColumnUse[]): boolean =>
  units.some(({ word }, at) => /^(who|which)$/.test(word) && !groups.some(({ from }) => from === units[at + 1]?.from));

/** "Score by country, the top 3 per region": what it is told by is ranked. */
function rankedOf(slots: Slots, groups: readonly ColumnUse[]): ColumnUse | null {
  const lead = (use: ColumnUse): string | undefined =>
    slots.units[slots.units.findIndex((unit) => unit.from === use.from) - 1]?.kind;
  const [by, each] = [groups.filter((use) => lead(use) === 'by'), groups.filter((use) => lead(use) === 'each')];
  return groups.length === 2 && by.length === 1 && each.length === 1 ? (by[0] ?? null) : null;
}

/** "The best month in each year": of one time at two grains, the finer is what is ranked. */
function finerOf(groups: readonly ColumnUse[]): ColumnUse | null {
  const [one, other, ...more] = groups;
  if (!one?.grain || !other?.grain || more.length > 0 || one.column !== other.column) return null;
  return GRAINS.indexOf(one.grain) > GRAINS.indexOf(other.grain) ? one : other;
}

/** "the second best": that place alone; "the best two": up to it. */
function placeOf(slots: Slots, { limit, from }: Superlative): Pick<Place, 'last' | 'only'> {
  const at = slots.units.findIndex((unit) => unit.from === from);
  const before = slots.units[at - 1];
  if (before?.kind !== 'number' || !before.quantity.ordinal) return { last: limit, only: false };
  slots.used = new Set([...slots.used, before]);
  return { last: before.quantity.value, only: true };
}

function rowValue(context: Context, { by }: Superlative, columns: readonly ColumnUse[]): Expression | null {
  const column = by ?? columns.find((use) => isMeasure(use.column))?.column ?? onlyMeasure(context);
  return column && isNumeric(column) ? columnOf(column) : null;
}

const onlyMeasure = ({ profile }: Context) => {
  const [only, ...more] = profile.columns.filter(isMeasure);
  return more.length === 0 ? (only ?? null) : null;
};

function groupValue(
  context: Context,
  { by, aggregate, counted }: Superlative,
  columns: readonly ColumnUse[],
  measures: readonly Expression[],
): Expression | null {
  const [measured] = measures;
  if (counted) return countRows;
  if (measured) return measured;
  const column = by ?? columns.find((use) => isMeasure(use.column))?.column ?? mainMeasure(context);
  if (!column) return null;
  return aggregate ? aggregateOf(aggregate, column) : overRows(column);
}
