import type { Scalar } from '../../common/scalar.js';
import type { ColumnType } from '../profile.js';
import type { AnalyticalQuery } from './analytical-query.js';

export interface ResultColumn {
  /** Unique in the result. */
  readonly name: string;
  /** For people and axis titles: `Average score`. */
  readonly label: string;
  readonly type: ColumnType;
  readonly unit: string | null;
  /** group: what the rows are grouped by (or a plain column) · value: an aggregate or computed number. */
  readonly kind: 'group' | 'value';
}

export interface JoinedIn {
  readonly name: string;
  readonly relationId: string;
  readonly datasetId: string;
  readonly datasetVersion: number;
}

/** What an analytical query gave, with what it takes to check it. */
export interface ResultSet {
  readonly datasetId: string;
  readonly datasetVersion: number;
  /** Related data sets whose columns it has, by the names that begin theirs. Left out: it is of one data set. */
  readonly joined?: readonly JoinedIn[] | undefined;
  readonly query: AnalyticalQuery;
  readonly columns: readonly ResultColumn[];
  /** In the query's order, one array a row, at most the row limit. */
  readonly rows: readonly (readonly Scalar[])[];
  /** More rows existed than the limit let through. */
  readonly truncated: boolean;
  /** Rows of the table that passed `where` (what an average is over); null for plain rows. */
  readonly matchedRows: number | null;
  readonly sql: string;
  readonly parameters: readonly Scalar[];
  readonly ms: number;
}
