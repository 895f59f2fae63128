import type { DatasetProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Expression, Grain } from '../../../../datasets/query/analytical-query.js';
import { columnOf } from '../../words/expressions.js';
import { isMeasure, outputName } from '../expressions.js';

/**
 * The query as one number over time: as it is where it groups by a time alone; its rows by their time where it shows both
 * plainly (one row a year). Null where it is neither.
 */
export function overTime(
  query: AnalyticalQuery,
  profile: DatasetProfile,
  grain: Grain | null,
): { readonly query: AnalyticalQuery; readonly by: Extract<Expression, { column: string }> } | null {
  const groups = query.groupBy ?? [];
  const measured = query.select.filter(({ value }) => !('column' in value));
  const [by] = groups;
  if (groups.length === 1 && by !== undefined && 'column' in by) {
    const one = measured.length === 1 && columnOf(profile, by.column)?.role === 'temporal' && !isCycle(by.grain);
    return one ? { query: { ...query, ...AS_A_WHOLE, orderBy: [{ by, direction: 'asc' }] }, by } : null;
  }
  if (groups.length > 0 || measured.length > 0) return null;
  const columns = query.select.map(({ value }) => ('column' in value ? columnOf(profile, value.column) : null));
  const time = columns.find((column) => column?.role === 'temporal');
  const measures = columns.filter((column) => column !== null && isMeasure(column));
  const [measure] = measures;
  if (!time || !measure || measures.length > 1) return null;
  const isNumber = time.type === 'integer' || time.type === 'number';
  const key = isNumber ? { column: time.name } : { column: time.name, grain: grain ?? ('month' as const) };
  const value: Expression = { aggregate: measure.defaultAggregate, of: { column: measure.name } };
  return {
    by: key,
    query: {
      datasetId: query.datasetId,
      select: [key, value].map((each) => ({ value: each, as: outputName(each) })),
      where: query.where,
      groupBy: [key],
      orderBy: [{ by: key, direction: 'asc' }],
    },
  };
}

const AS_A_WHOLE = { limit: undefined, having: undefined, withTies: undefined } as const;

/** Weekdays and months of any year come round again. */
const isCycle = (grain: Grain | undefined): boolean =>
  grain === 'weekday' || grain === 'month_of_year' || grain === 'day_of_month' || grain === 'hour_of_day';
