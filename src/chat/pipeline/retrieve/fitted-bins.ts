import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { AnalyticalQuery, Expression } from '../../../datasets/query/analytical-query.js';
import { binWidth } from '../analyze/statistics/bins.js';
import type { Evidence, Understanding } from '../turn.js';

type Binned = Extract<Expression, { column: string }>;

export interface FittedBins {
  readonly query: AnalyticalQuery;
  readonly context: Evidence['context'][number];
}

/**
 * A histogram whose bins fit its numbers: their spread is asked of the database first. Null where the question said the
 * bins, or nothing is binned. Rejects as `run` does.
 */
export async function fittedBins(
  { query, chart }: Understanding,
  run: (query: AnalyticalQuery) => Promise<ResultSet>,
): Promise<FittedBins | null> {
  const bins = query?.groupBy?.length === 1 ? query.groupBy[0] : undefined;
  if (query === null || chart?.fitted !== true || bins === undefined || !('column' in bins) || bins.bin === undefined)
    return null;
  const result = await run(spreadQuery(query, { column: bins.column }));
  const context = { purpose: 'distribution', result } as const;
  const [n, q1, , q3, min, max] = (result.rows[0] ?? []).map(Number);
  if (n === undefined || q1 === undefined || q3 === undefined || min === undefined || max === undefined)
    return { query, context };
  const isWhole = result.columns[4]?.type === 'integer';
  const width = binWidth({ n, q1, q3, min, max, isWhole });
  return { query: width === null ? query : rebinned(query, bins, width), context };
}

/** In the order that findings read: values, first quartile, median, third quartile, lowest, highest, average, deviation, rows. */
function spreadQuery({ datasetId, where }: AnalyticalQuery, of: Binned): AnalyticalQuery {
  const each = (['count', 'q1', 'median', 'q3', 'min', 'max', 'avg', 'stddev'] as const).map((aggregate) => ({
    value: { aggregate, of },
  }));
  return { datasetId, where, select: [...each, { value: { aggregate: 'count', of: null }, as: 'rows' }] };
}

/** The query with bins of another width wherever it names them; its columns keep their names. */
function rebinned(query: AnalyticalQuery, bins: Binned, width: number): AnalyticalQuery {
  const change = (each: Expression): Expression =>
    JSON.stringify(each) === JSON.stringify(bins) ? { ...bins, bin: width } : each;
  return {
    ...query,
    select: query.select.map((output) => ({ ...output, value: change(output.value) })),
    groupBy: query.groupBy?.map(change),
    orderBy: query.orderBy?.map((order) => ({ ...order, by: change(order.by) })),
  };
}
