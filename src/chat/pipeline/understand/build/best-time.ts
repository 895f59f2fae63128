import type { Expression } from '../../../../datasets/query/analytical-query.js';
import { type ColumnUse, endOf, type Slots, type Superlative } from '../clauses/slots.js';
import { aggregateOf, countRows, outputName } from '../expressions.js';
import type { Context } from '../reader.js';
import { type Draft, groupExpression, having, output, overRows, rowsAreThings, where } from './build-parts.js';

/** "Which month had the highest revenue?", "in which year were most hired?": stretches of time are ranked, not the rows in each. */
export function bestTime(
  context: Context,
  slots: Slots,
  superlative: Superlative,
  groups: readonly ColumnUse[],
  measures: readonly Expression[],
): Draft | null {
  const [use, ...more] = groups;
  if (use === undefined || more.length > 0 || use.column.role !== 'temporal' || use.grain === null) return null;
  const at = slots.units.findIndex((unit) => unit.from === use.from);
  if (!rowsAreThings(context) || !/^(which|what)$/.test(slots.units[at - 1]?.word ?? '')) return null;
  const value = valueOf(superlative, measures);
  if (value === null) return null;
  const key = groupExpression(use);
  const direction = endOf(superlative, superlative.by);
  return {
    query: {
      datasetId: context.profile.id,
      select: [key, value].map(output),
      where: where(slots),
      groupBy: [key],
      having: having(slots),
      orderBy: [{ by: value, direction }],
      limit: superlative.limit,
    },
    chart: slots.chart && { mark: slots.chart.mark ?? undefined, x: outputName(key), y: outputName(value) },
    expects: superlative.limit === 1 ? 'value' : 'table',
    reading: null,
  };
}

/** "Most hired" is no latest hire date: the rows are counted. */
function valueOf({ by, aggregate, counted }: Superlative, [measured]: readonly Expression[]): Expression | null {
  if (measured !== undefined) return measured;
  if (counted || by?.role === 'temporal') return countRows;
  if (by === null) return null;
  return aggregate === null ? overRows(by) : aggregateOf(aggregate, by);
}
