import { unionIssues } from './union-issues.js';
import { Problem } from '../../common/problem.js';
import { type AnalyticalQuery, analyticalQuerySchema } from './analytical-query.js';

/**
 * The body of a query request as a query of the data set.
 * @throws {400} validation_failed (not the shape of an analytical query)
 * @throws {422} dataset_mismatch (it names another data set)
 */
export function parseQuery(datasetId: string, body: unknown): { query: AnalyticalQuery; version: number | undefined } {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const { version, ...rest } = (isObject ? body : {}) as { version?: unknown };
  const named = isObject ? { datasetId, ...rest } : body;
  if (version !== undefined && !(Number.isInteger(version) && Number(version) >= 1 && Number(version) < 2 ** 31)) {
    throw new Problem(400, 'validation_failed', 'version: must be a version of the data set, from 1.', {
      errors: [{ path: 'version', message: 'must be a version of the data set, from 1' }],
    });
  }
  const parsed = analyticalQuerySchema.safeParse(named);
  if (!parsed.success) {
    const errors = unionIssues(parsed.error.issues);
    const [first] = errors;
    throw new Problem(
      400,
      'validation_failed',
      `${first === undefined ? 'The query is not valid' : `${first.path.slice(0, 300)}: ${first.message}`}.`,
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
  return { query: { ...parsed.data, datasetId }, version: version === undefined ? undefined : Number(version) };
}
