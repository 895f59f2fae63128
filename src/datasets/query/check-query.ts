import { LRUCache } from 'lru-cache';
import { Problem } from '../../common/problem.js';
import type { DatasetProfile } from '../profile.js';
import type { AnalyticalQuery } from './analytical-query.js';
import { compile } from './compile.js';

/** Checking is compiling, which queries that are asked often need not go through each time. */
const MOST_CHECKED = 200;
const checked = new WeakMap<DatasetProfile, LRUCache<string, { readonly fault: string | null }>>();

/** Why the query cannot be run on the data set ("Year" is an integer, so it has no weekday.), in a sentence; null when it can. */
export function faultOf(query: AnalyticalQuery, profile: DatasetProfile): string | null {
  const queries = checked.get(profile) ?? new LRUCache({ max: MOST_CHECKED });
  checked.set(profile, queries);
  const text = JSON.stringify(query);
  const known = queries.get(text) ?? { fault: compiledFault(query, profile) };
  queries.set(text, known);
  return known.fault;
}

function compiledFault(query: AnalyticalQuery, profile: DatasetProfile): string | null {
  try {
    // Nothing is run: any name of a table does.
    compile(query, profile, 'checked');
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.detail;
    throw error;
  }
}
