import type { DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../../datasets/query/analytical-query.js';
import { boundsOf } from '../studies/bounds.js';
import type { ReasonStudy, Study } from '../studies/study.js';
import type { Understanding } from '../turn.js';
import { comparedColumn, conjuncts, type ContextQuery } from './context-queries.js';

/** What a study needs besides the query's own result. */
export function studyQueries({ query, study }: Understanding, profile: DatasetProfile): ContextQuery[] {
  if (query === null || study === undefined) return [];
  if (study.kind === 'reasons') return partQueries(query, study, profile);
  return study.kind === 'outliers' && study.of === 'rows' ? [spreadQuery(query.datasetId, study)] : [];
}

/** How all values are spread, in the order of `SPREAD`. */
function spreadQuery(
  datasetId: string,
  { value, within: where, method }: Extract<Study, { of: 'rows' }>,
): ContextQuery {
  const { low, high } = boundsOf(value, where, method);
  const below: Condition = { compare: '<', left: value, right: low };
  const above: Condition = { compare: '>', left: value, right: high };
  const inside: Condition = { and: [{ not: below }, { not: above }] };
  const of = (aggregate: 'min' | 'max' | 'q1' | 'median' | 'q3'): Expression => ({ aggregate, of: value });
  return {
    purpose: 'spread',
    query: {
      datasetId,
      where,
      select: [
        { value: { aggregate: 'count', of: value }, as: 'values' },
        { value: of('q1'), as: 'first quartile' },
        { value: of('median'), as: 'median' },
        { value: of('q3'), as: 'third quartile' },
        { value: low, as: 'lower bound' },
        { value: high, as: 'upper bound' },
        { value: { aggregate: 'count', of: value, where: below }, as: 'below' },
        { value: { aggregate: 'count', of: value, where: above }, as: 'above' },
        { value: { aggregate: 'min', of: value, where: inside }, as: 'lowest inside' },
        { value: { aggregate: 'max', of: value, where: inside }, as: 'highest inside' },
      ],
    },
  };
}

/** More values than these are no parts that a reader can take in; a data set with more dimensions shows the coarsest. */
const MOST_PARTS = 300;
const MOST_DIMENSIONS = 5;

/** The change again, by each dimension that the filter leaves open: both ends, and how many values stand behind them. */
function partQueries(query: AnalyticalQuery, study: ReasonStudy, profile: DatasetProfile): ContextQuery[] {
  const used = new Set(conjuncts(study.within).map(comparedColumn));
  const dimensions = profile.columns
    .filter(
      ({ name, role, distinct }) => role === 'dimension' && distinct > 1 && distinct <= MOST_PARTS && !used.has(name),
    )
    .toSorted((a, b) => a.distinct - b.distinct)
    .slice(0, MOST_DIMENSIONS);
  return dimensions.map(({ name }) => ({
    purpose: 'parts',
    query: {
      datasetId: query.datasetId,
      where: query.where,
      select: [{ value: { column: name } }, ...query.select.slice(1)],
      groupBy: [{ column: name }],
    },
  }));
}
