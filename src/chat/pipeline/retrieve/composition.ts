import type { DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { changeIn } from '../words/derived.js';

/** A dimension of more values than this has some that are missing somewhere, always. */
const MOST_VALUES = 25;
const MOST_SHOWN = 25;

/** The time of a condition `time = step`. */
function stepIn(where: Condition | undefined): { readonly time: Expression; readonly step: Condition } | null {
  return where !== undefined && 'compare' in where && where.compare === '=' && 'column' in where.left
    ? { time: where.left, step: where }
    : null;
}

interface Compared {
  readonly time: Expression;
  /** Either end. */
  readonly ends: Condition;
  /** What there is a change of, one each. */
  readonly key: Expression | undefined;
}

/** A change between two times. */
function endsOf({ select, groupBy = [] }: AnalyticalQuery): Compared | null {
  const changed = select.map(({ value }) => value).find((value) => changeIn(value) !== null);
  if (!changed || !('op' in changed) || !('aggregate' in changed.left) || !('aggregate' in changed.right)) return null;
  const [to, from] = [stepIn(changed.left.where), stepIn(changed.right.where)];
  if (!to || !from || changed.left.aggregate !== 'avg' || groupBy.length > 1) return null;
  return { time: to.time, ends: { or: [to.step, from.step] }, key: groupBy[0] };
}

/** Averages along time: the first and the last that are shown. */
function seriesEnds(
  { select, groupBy = [], orderBy = [] }: AnalyticalQuery,
  { rows }: ResultSet,
  { columns }: DatasetProfile,
): Compared | null {
  const [time] = groupBy;
  const value = select.map((one) => one.value).find((one) => 'aggregate' in one);
  if (!time || !('column' in time) || groupBy.length > 1 || !value || value.aggregate !== 'avg') return null;
  const isTime = columns.find(({ name }) => name === time.column)?.role === 'temporal';
  const at = select.findIndex((one) => JSON.stringify(one.value) === JSON.stringify(time));
  const runs = JSON.stringify(orderBy[0]?.by) === JSON.stringify(time);
  const [first, last] = [rows[0]?.[at] ?? null, rows.at(-1)?.[at] ?? null];
  if (!isTime || !runs || first === null || last === null || first === last) return null;
  return { time, ends: { in: [first, last], left: time }, key: undefined };
}

/**
 * What an average at two times is made of: which values of a dimension there are at either end, of each of the things
 * shown. Columns: the thing where there is one, the time, the value. An average over other parts changes without any of
 * them changing (Simpson's paradox).
 */
export function compositionQueries(
  query: AnalyticalQuery,
  primary: ResultSet,
  profile: DatasetProfile,
): AnalyticalQuery[] {
  const compared = endsOf(query) ?? seriesEnds(query, primary, profile);
  if (!compared) return [];
  const { time, ends, key } = compared;
  const at = query.select.findIndex(({ value }) => JSON.stringify(value) === JSON.stringify(key));
  const shown = key ? [...new Set(primary.rows.slice(0, MOST_SHOWN).map((row) => row[at] ?? null))] : [];
  const parts: Condition[] = [ends];
  if (query.where) parts.push(query.where);
  if (key) parts.push({ in: shown, left: key });
  const known = JSON.stringify([query.where, key, time]);
  return profile.columns
    .filter(
      ({ name, role, distinct }) =>
        role === 'dimension' && distinct >= 2 && distinct <= MOST_VALUES && !known.includes(JSON.stringify(name)),
    )
    .slice(0, 2)
    .map(({ name }) => {
      const groupBy: Expression[] = [...(key ? [key] : []), time, { column: name }];
      return {
        datasetId: query.datasetId,
        select: groupBy.map((value) => ({ value })),
        where: { and: parts },
        groupBy,
      };
    });
}
