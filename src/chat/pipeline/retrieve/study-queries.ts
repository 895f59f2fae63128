import type { Condition, Expression } from '../../../datasets/query/analytical-query.js';
import { boundsOf } from '../studies/bounds.js';
import type { Study } from '../studies/study.js';
import type { Understanding } from '../turn.js';
import type { ContextQuery } from './context-queries.js';

/** What a study needs besides the query's own result. */
export function studyQueries({ query, study }: Understanding): ContextQuery[] {
  if (query === null || study === undefined) return [];
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
