import type { Expression } from '../../../../datasets/query/analytical-query.js';
import type { ColumnUse, Slots } from '../clauses/slots.js';
import { isMeasure } from '../expressions.js';
import type { Context } from '../reader.js';
import { aggregated, grouped } from './build-groups.js';
import { type Draft, overRows } from './build-parts.js';

/** "margin over the years", "the margin": a measure of rows together is shown of groups or of all rows, never of single ones. */
export function ratios(
  context: Context,
  slots: Slots,
  columns: readonly ColumnUse[],
  measures: readonly Expression[],
): Draft | null {
  if (context.ofGroups !== true || slots.chart?.mark === 'point') return null;
  const keys = columns.filter((use) => !isMeasure(use.column));
  const shown = columns.filter((use) => isMeasure(use.column));
  if (shown.length === 0) return null;
  if (keys.length > 0) return grouped(context, slots, keys, shown, measures);
  return slots.chart === null
    ? aggregated(
        context,
        slots,
        shown.map((use) => overRows(use.column)),
      )
    : null;
}
