import { Problem } from '../../common/problem.js';
import type { DatasetProfile } from '../profile.js';
import type { AnalyticalQuery } from './analytical-query.js';
import { compile } from './compile.js';

/** Why the query cannot be run on the data set ("Year" is an integer, so it has no weekday.), in a sentence; null when it can. */
export function faultOf(query: AnalyticalQuery, profile: DatasetProfile): string | null {
  try {
    // Nothing is run: any name of a table does.
    compile(query, profile, 'checked');
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.detail;
    throw error;
  }
}
