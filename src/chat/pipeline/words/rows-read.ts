import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { counted } from './language.js';
import { formatNumber, WHOLE } from './numbers.js';

const whole = (count: number): string => formatNumber(count, WHOLE);

/** How many rows there are, of a result that was cut at the limit of what is read; null where that is not known. */
function rowsThere({ query }: ResultSet, { rowCount }: DatasetProfile): number | null {
  const { where, groupBy, having, qualify, distinct } = query;
  const narrowed = [where, having, qualify].some((each) => each !== undefined);
  return narrowed || distinct === true || (groupBy ?? []).length > 0 ? null : rowCount;
}

/** `12 rows`; `the first 1,000 of 7,544 rows` where only those were read, `the first 1,000 rows` where nobody counted the others. */
export function rowsRead(result: ResultSet, profile: DatasetProfile): string {
  const read = result.rows.length;
  const rows = counted(read, 'row', whole(read));
  if (!result.truncated) return rows;
  const there = rowsThere(result, profile);
  return there === null || there <= read ? `the first ${rows}` : `the first ${whole(read)} of ${whole(there)} rows`;
}
