import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { shapeOf, type Field } from '../words/shape.js';

/**
 * What an outlier query looks at: its last column for rows, which `spread` tells of; else the number of its groups. Where no
 * row is beyond the bounds, how exactly it is written shows in the quartiles alone.
 */
export function measuredIn(result: ResultSet, profile: DatasetProfile, spread: ResultSet | null): Field | null {
  const { fields, y } = shapeOf(result, profile);
  if (spread === null) return y;
  const value = fields.at(-1);
  const quartile = shapeOf(spread, profile).fields[1];
  if (value === undefined) return null;
  return result.rows.length > 0 || quartile === undefined ? value : { ...value, style: quartile.style };
}
