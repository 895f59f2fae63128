import { ApiProperty } from '@nestjs/swagger';
import type { Scalar } from '../common/scalar.js';
import type { ResultSet } from './query/result-set.js';

/** How JSON carries a cell. OpenAPI 3.0 has no type for null, so the first alternative takes it in. */
export const SCALAR = { oneOf: [{ type: 'string', nullable: true }, { type: 'number' }, { type: 'boolean' }] };

export class ResultColumnView {
  /** Unique in the result.
   * @example "avg_score" */
  name: string;
  /** For people and axis titles.
   * @example "Average score" */
  label: string;
  /** @example "number" */
  type: 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'datetime';
  /** @example null */
  unit: string | null;
  /** group: what the rows are grouped by, or a plain column · value: an aggregate or a number worked out.
   * @example "value" */
  kind: 'group' | 'value';
}

export class JoinedInView {
  /** What the names of its columns begin with.
   * @example "customers" */
  name: string;
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4f" */
  relationId: string;
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d50" */
  datasetId: string;
  /** @example 3 */
  datasetVersion: number;
}

export class ResultSetView {
  /** @example "019ab3f0-5b7e-7c3a-9d52-0f6a3b1c2d4e" */
  datasetId: string;
  /** @example 1 */
  datasetVersion: number;
  /** Related data sets that it read besides; left out where there are none. */
  joined?: JoinedInView[];
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The query as it was run.', example: {} })
  query: object;
  columns: ResultColumnView[];
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: SCALAR },
    description: 'One array a row, in the order of `columns`.',
    example: [['North America', 72.4]],
  })
  rows: readonly (readonly Scalar[])[];
  /** Whether there are more rows than the limit let through.
   * @example false */
  truncated: boolean;
  /** Rows of the table that passed `where` (what an average is over); null for plain rows.
   * @example 1885 */
  matchedRows: number | null;
  /** The statement that ran.
   * @example "SELECT c3 AS o1, avg(c6)::float8 AS o2 …" */
  sql: string;
  @ApiProperty({ type: 'array', items: SCALAR, description: 'The values of its parameters.', example: ['Education'] })
  parameters: readonly Scalar[];
  /** @example 2.4 */
  ms: number;

  static of(this: void, result: ResultSet): ResultSetView {
    const { joined, ...rest } = result;
    return { ...rest, ...(joined !== undefined && { joined: [...joined] }), columns: [...result.columns] };
  }
}
