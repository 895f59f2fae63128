import type { DatasetProfile, JoinedDataset } from '../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression, Output } from '../../../datasets/query/analytical-query.js';
import { joinsIn } from '../../../datasets/query/joins.js';

/** Outputs of the query below: all rows, then those with a partner in each of the joined data sets that nothing is joined to. */
export const ROWS = 'rows';

/** Data sets that a query reads by way of relations, the last of each way. */
function lastJoins(query: AnalyticalQuery, profile: DatasetProfile): readonly JoinedDataset[] {
  const joins = joinsIn(query, profile);
  return joins.filter(({ name }) => !joins.some((other) => other.name.startsWith(`${name}.`)));
}

/**
 * How many of the rows that the question is about have a partner in the related data sets: of those that pass the conditions on
 * the data set's own columns, since no row without a partner passes one on a related column.
 */
export function partnersQuery(query: AnalyticalQuery, profile: DatasetProfile): AnalyticalQuery | null {
  const joins = lastJoins(query, profile);
  if (joins.length === 0) return null;
  const all: Expression = { aggregate: 'count', of: null };
  const select: Output[] = [
    { value: all, as: ROWS },
    ...joins.map(({ name, right }) => ({ value: { ...all, where: present(`${name}.${right}`) }, as: name })),
  ];
  return { datasetId: query.datasetId, select, where: ownWhere(query, profile) };
}

const present = (column: string): Condition => ({ missing: false, left: { column } });

/** The conditions of a query that are on the data set's own columns. */
function ownWhere({ where, datasetId }: AnalyticalQuery, profile: DatasetProfile): Condition | undefined {
  if (where === undefined) return undefined;
  const isOwn = (part: Condition): boolean =>
    joinsIn({ datasetId, select: [], where: part } satisfies AnalyticalQuery, profile).length === 0;
  const parts = 'and' in where ? where.and : [where];
  const own = parts.filter(isOwn);
  return own.length > 1 ? { and: own } : own[0];
}
