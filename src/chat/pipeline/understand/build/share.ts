import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { ColumnUse, Slots } from '../clauses/slots.js';
import { aggregateOf, columnOf, countRows, isMeasure, outputName } from '../expressions.js';
import type { Context } from '../reader.js';
import { has, measured, only, rest } from './analysis-parts.js';
import { type Draft, output, rowsAreThings } from './build-parts.js';

/** "what percentage of countries are high income", "share of sales by region". */
export function percentage(context: Context, slots: Slots): Draft | null {
  if (!slots.share || slots.superlative || !has(slots, /^(percentage|percent|share|proportion|fraction)$/)) return null;
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
  // A pie already shows the shares.
  if (group && slots.chart?.mark === 'arc' && !has(slots, /^(percentage|percent|share)$/)) return null;
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
  if (!part || slots.filters.length === 0) return null;
  const things = thingsCounted(context, slots);
  const whole = things ?? value;
  const ratio: Expression = {
    op: '*',
    left: { literal: 100 },
    right: { op: '/', left: only(whole, part.condition), right: whole },
  };
  return {
    query: { datasetId: context.profile.id, select: [{ value: ratio, as: 'percent' }], where: rest(slots, part) },
    chart: null,
    expects: 'value',
    reading: null,
  };
}

/** "share of countries by region" where a country has many rows: each counts once. */
function thingsShared(context: Context, slots: Slots, group: ColumnUse | undefined): Expression | null {
  const use = slots.columns.find((one) => !isMeasure(one.column) && one.column !== group?.column);
  if (!use || !group || use.column.role === 'temporal' || rowsAreThings(context)) return null;
  return aggregateOf('count_distinct', use.column);
}

/** "percentage of countries" in a table with many rows for each country: countries, not rows. */
function thingsCounted(context: Context, slots: Slots): Expression | null {
  const use: ColumnUse | undefined = slots.columns.find((one) => !isMeasure(one.column));
  if (!use || rowsAreThings(context) || use.column.distinct >= context.profile.rowCount) return null;
  return aggregateOf('count_distinct', use.column);
}
