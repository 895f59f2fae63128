import { unionIssues } from './union-issues.js';
import { Problem } from '../../common/problem.js';
import { type AnalyticalQuery, analyticalQuerySchema } from './analytical-query.js';

/**
 * The body of a query request as a query of the data set.
 * @throws {400} validation_failed (not the shape of an analytical query)
 * @throws {422} dataset_mismatch (it names another data set)
 */
export function parseQuery(datasetId: string, body: unknown): AnalyticalQuery {
  const named = typeof body === 'object' && body !== null && !Array.isArray(body) ? { datasetId, ...body } : body;
  const parsed = analyticalQuerySchema.safeParse(named);
  if (!parsed.success) {
    const errors = unionIssues(parsed.error.issues);
    const [first] = errors;
    throw new Problem(
      400,
      'validation_failed',
      `${first === undefined ? 'The query is not valid' : `${first.path}: ${first.message}`}.`,
      { errors },
    );
  }
  if (parsed.data.datasetId.toLowerCase() !== datasetId) {
    throw new Problem(
      422,
      'dataset_mismatch',
      'The query names another data set than its address; leave datasetId out.',
      {
        errors: [{ path: 'datasetId', message: `must be ${datasetId}, or left out` }],
      },
    );
  }
  return { ...parsed.data, datasetId };
}
