import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { ColumnUse, Filter, Slots } from '../clauses/slots.js';
import { aggregateOf, allOf, columnOf, countRows, isMeasure, outputName } from '../expressions.js';
import type { Context } from '../reader.js';
import { has, measured, only, rest } from './analysis-parts.js';
import { type Draft, groupExpression, output, rowsAreThings } from './build-parts.js';

/** "what percentage of countries are high income", "share of sales by region". */
export function percentage(context: Context, slots: Slots): Draft | null {
  if (!slots.share || slots.superlative || !has(slots, /^(percentage|percent|share|proportion|fraction)$/)) return null;
  // "by revenue" says what the shares are of.
  const measures = slots.groups.filter((use) => isMeasure(use.column));
  slots.groups = slots.groups.filter((use) => !measures.includes(use));
  slots.columns = [...slots.columns, ...measures];
  const parted = withinEach(context, slots);
  if (parted) return parted;
  const named = slots.columns.find((use) => isMeasure(use.column) && use.score < 1);
  const [group] =
    slots.groups.length > 0
      ? slots.groups
      : slots.columns.filter((use) => !isMeasure(use.column) && slots.filters.length === 0);
  const value =
    slots.measures.length > 0 || (slots.columns.some((use) => isMeasure(use.column)) && !named)
      ? measured(context, slots)
      : (thingsShared(context, slots, group) ?? countRows);
  if (!value) return null;
  const counts = 'aggregate' in value && value.aggregate.startsWith('count');
  const bounds = counts ? slots.filters.filter((filter) => isMeasure(filter.column)) : [];
  // A pie already shows the shares.
  if (group && slots.chart?.mark === 'arc' && !has(slots, /^(percentage|percent|share)$/)) return null;
  if (group && bounds.length > 0) return shareOfRows(context, slots, bounds, value, group);
  if (group) {
    const key: Expression = group.grain === null ? columnOf(group.column) : columnOf(group.column, group.grain);
    const summed: Expression =
      'aggregate' in value && value.aggregate === 'avg' ? { ...value, aggregate: 'sum' } : value;
    const share: Expression = { window: 'share', of: summed };
    return {
      query: {
        datasetId: context.profile.id,
        select: [key, share, summed].map(output),
        where: rest(slots, null),
        groupBy: [key],
        orderBy: [{ by: share, direction: 'desc' }],
      },
      chart: { mark: slots.chart?.mark ?? undefined, x: outputName(key), y: outputName(share) },
      expects: 'table',
      reading: null,
    };
  }
  const part = slots.filters.at(-1);
  if (!part) return null;
  return shareOfRows(context, slots, bounds.length > 0 ? bounds : [part], value, null);
}

/** "With a score above 80 in Healthcare 2024" is of those in Healthcare 2024: all that is said but the parts is the whole. */
function shareOfRows(
  context: Context,
  slots: Slots,
  parts: readonly Filter[],
  value: Expression,
  group: ColumnUse | null,
): Draft | null {
  const part = allOf(parts.map(({ condition }) => condition));
  if (!part) return null;
  const whole = thingsCounted(context, slots, group) ?? value;
  const ratio: Expression = {
    op: '*',
    left: { literal: 100 },
    right: { op: '/', left: only(whole, part), right: whole },
  };
  const keys = group ? [groupExpression(group)] : [];
  const others = slots.filters.filter((filter) => !parts.includes(filter)).map(({ condition }) => condition);
  return {
    query: {
      datasetId: context.profile.id,
      select: [...keys.map(output), { value: ratio, as: 'percent' }],
      where: allOf(others),
      groupBy: group ? keys : undefined,
      orderBy: group ? [{ by: ratio, direction: 'desc' }] : undefined,
    },
    chart: null,
    expects: group ? 'table' : 'value',
    reading: null,
  };
}

const WHOLE = /^(within|inside|per)$/;
const EACH = /^(each|every|its|their|a|an|any|given)$/;

/** "in each region", "within its region", "per region": the shares are of this, and add up to 100 % in each of them. */
function isWhole(slots: Slots, use: ColumnUse): boolean {
  const at = slots.units.findIndex((unit) => unit.from === use.from);
  const [near, far] = [slots.units[at - 1]?.word ?? '', slots.units[at - 2]?.word ?? ''];
  return WHOLE.test(near) || (EACH.test(near) && /^(within|inside|in|for|across)$/.test(far));
}

/** "Share of countries": what there are shares of. */
function isShared(slots: Slots, use: ColumnUse): boolean {
  const at = slots.units.findIndex((unit) => unit.from === use.from);
  return slots.units[at - 1]?.word === 'of' && slots.units[at - 2]?.kind === 'share';
}

/** "share of each product within its region", "percentage of revenue by channel and region": parts told apart by two columns. */
function withinEach(context: Context, slots: Slots): Draft | null {
  const dims = [...slots.groups, ...slots.columns].filter(
    (use, at, uses) => !isMeasure(use.column) && uses.findIndex(({ column }) => column === use.column) === at,
  );
  const thing =
    dims.length === 3 && !rowsAreThings(context) ? (dims.find((use) => isShared(slots, use)) ?? null) : null;
  const [first, second, ...more] = dims.filter((use) => use !== thing);
  if (!first || !second || more.length > 0 || slots.measures.some(({ aggregate }) => aggregate === 'avg')) return null;
  const named = [...slots.groups, ...slots.columns].find((use) => isMeasure(use.column))?.column;
  const own = slots.measures[0];
  const column = own?.column ?? named ?? null;
  if (!column && !own && !thing && slots.groups.length < 2) return null;
  const of = thing ? aggregateOf('count_distinct', thing.column) : column ? aggregateOf('sum', column) : countRows;
  const whole = dims.findLast((use) => isWhole(slots, use)) ?? null;
  const [outer, inner] = whole === first || whole === null ? [first, second] : [second, first];
  const [key, part] = [groupExpression(outer), groupExpression(inner)];
  const share: Expression = { window: 'share', of, within: whole === null ? undefined : [key] };
  return {
    query: {
      datasetId: context.profile.id,
      select: [key, part, share, of].map(output),
      where: rest(slots, null),
      groupBy: [key, part],
      orderBy: [
        { by: key, direction: 'asc' },
        { by: share, direction: 'desc' },
      ],
    },
    chart: { mark: slots.chart?.mark ?? undefined, x: outputName(key), y: outputName(share), color: outputName(part) },
    expects: 'table',
    reading: whole === null ? 'Shares of the total over both.' : null,
  };
}

/** "share of countries by region" where a country has many rows: each counts once. */
function thingsShared(context: Context, slots: Slots, group: ColumnUse | undefined): Expression | null {
  const use = slots.columns.find((one) => !isMeasure(one.column) && one.column !== group?.column);
  if (!use || !group || use.column.role === 'temporal' || rowsAreThings(context)) return null;
  return aggregateOf('count_distinct', use.column);
}

/** "percentage of countries" in a table with many rows for each country: countries, not rows. */
function thingsCounted(context: Context, slots: Slots, group: ColumnUse | null): Expression | null {
  const use = slots.columns.find((one) => !isMeasure(one.column) && one.column !== group?.column);
  if (!use || rowsAreThings(context) || use.column.distinct >= context.profile.rowCount) return null;
  return aggregateOf('count_distinct', use.column);
}
