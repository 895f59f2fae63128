import { columnNamed, type DatasetProfile } from '../../../../datasets/profile.js';
import type { AnalyticalQuery, Condition } from '../../../../datasets/query/analytical-query.js';
import { allOf, conjuncts } from '../expressions.js';

/** "Which region sells most?": rows without a region are no region that could win, or be among those that are sought. */
export function namedGroups(query: AnalyticalQuery, profile: DatasetProfile): AnalyticalQuery {
  if (query.limit === undefined && query.having === undefined && query.qualify === undefined) return query;
  const kept = JSON.stringify(query.where ?? null);
  const known = (query.groupBy ?? []).flatMap((key): Condition[] => {
    const column = 'column' in key ? columnNamed(profile, key.column) : null;
    const filtered = kept.includes(JSON.stringify(column?.name ?? ''));
    return column && column.nulls > 0 && !filtered ? [{ missing: false, left: { column: column.name } }] : [];
  });
  return known.length === 0 ? query : { ...query, where: allOf([...conjuncts(query.where), ...known]) };
}
