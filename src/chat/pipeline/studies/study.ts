import type { Condition, Expression } from '../../../datasets/query/analytical-query.js';

/*
 * A study is a question that is answered by a named method: which values are far from the others, how a series goes on, what
 * a change is made up of. Understanding says which, and makes the query whose result it is worked out from.
 */

/**
 * fences: Tukey's, 1.5 times the distance between the quartiles beyond them (Tukey 1977, Exploratory Data Analysis) ·
 * mad: 3.5 modified z-scores, 0.6745 (x − median) / MAD (Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers).
 */
export type OutlierMethod = 'fences' | 'mad';

/** Groups or the periods of a series are all in the result; of rows, those beyond the bounds, which the database works out over all. */
export type OutlierStudy = { readonly kind: 'outliers'; readonly method: OutlierMethod } & (
  | { readonly of: 'groups' | 'series' }
  | { readonly of: 'rows'; readonly value: Expression; readonly within?: Condition | undefined }
);

/** What a change is made up of: the query gives the change, both ends, and how many values stand behind each. */
export interface ReasonStudy {
  readonly kind: 'reasons';
  readonly value: Extract<Expression, { aggregate: unknown }>;
  /** The rest of the filter. */
  readonly within?: Condition | undefined;
  readonly before: Period;
  readonly after: Period;
  /** What the question says happened; null: a change. */
  readonly claimed: 'rise' | 'fall' | null;
}

export interface Period {
  /** `2024`, `March 2024` */
  readonly name: string;
  readonly where: Condition;
}

export type Study =
  | OutlierStudy
  /** So many steps beyond the last known one; or up to a period, written as the series writes its own. */
  | { readonly kind: 'forecast'; readonly steps: number | null; readonly until: number | string | null }
  | ReasonStudy;
