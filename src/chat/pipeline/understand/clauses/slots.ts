import type { Scalar } from '../../../../common/scalar.js';
import type { ColumnProfile } from '../../../../datasets/profile.js';
import type { Aggregate, Condition, Expression, Grain } from '../../../../datasets/query/analytical-query.js';

import type { ChartClause } from './charts.js';
import type { OrderClause } from './ordering.js';
import type { Comparison } from './english-units.js';
import type { Unit } from './units.js';

/** A column that the question asks for, groups by or filters on. */
export interface ColumnUse {
  readonly column: ColumnProfile;
  readonly grain: Grain | null;
  readonly distinct: boolean;
  /** Token index where it stands. */
  readonly from: number;
  readonly score: number;
}

export interface Measure {
  readonly aggregate: Aggregate;
  /** null: rows (count), or to be taken from the question before ("the average of those"). */
  readonly column: ColumnProfile | null;
  readonly from: number;
}

/** A condition on rows, with what follow-ups need to replace it. */
export interface Filter {
  readonly column: ColumnProfile;
  readonly condition: Condition;
  /** Plain values asked for, when it is an equality. */
  readonly values: readonly Scalar[] | null;
  readonly negated: boolean;
  /** Whole steps of time that it keeps, the ends of a stretch from one step to another, and its first and last day. */
  readonly steps?: readonly Scalar[] | undefined;
  readonly ends?: readonly [Scalar, Scalar] | undefined;
  readonly stretch?: readonly [string, string] | undefined;
  /** Stretches of time that no grain tells apart. */
  readonly several?: boolean;
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

/** A condition on groups: "more than two students", "an average age over 30". */
export interface Having {
  readonly left: Expression;
  readonly op: Comparison;
  readonly right: Expression;
}

export interface Superlative {
  readonly direction: 'asc' | 'desc';
  /** What is compared; null when only a count or the question before can tell. */
  readonly by: ColumnProfile | null;
  readonly aggregate: Aggregate | null;
  /** The number of rows of each group is compared: "most common", "the most students". */
  readonly counted: boolean;
  readonly limit: number;
  readonly from: number;
  /** Stands directly before its column ("highest score"): could be the aggregate itself. */
  readonly direct: boolean;
  /** Said as "best" or "worst": which end that is depends on what is compared. */
  readonly judges: boolean;
}

/** The end of a ranking that is meant: the best of what is better low is the lowest. */
export function endOf(
  { direction, judges }: Pick<Superlative, 'direction' | 'judges'>,
  by: ColumnProfile | null | undefined,
): 'asc' | 'desc' {
  const turned = judges && by?.higherIsBetter === false;
  return turned ? (direction === 'asc' ? 'desc' : 'asc') : direction;
}

/** The question taken apart. */
export interface Slots {
  chart: ChartClause | null;
  order: OrderClause | null;
  filters: Filter[];
  having: Having[];
  groups: ColumnUse[];
  series: ColumnUse | null;
  measures: Measure[];
  /** "how many X": the column counted, when it is one. */
  counted: ColumnUse | null;
  columns: ColumnUse[];
  superlative: Superlative | null;
  share: boolean;
  /** "each student": one line a row. */
  eachRow: boolean;
  /** The rows themselves are named: "students". */
  subjects: Unit[];
  back: Unit[];
  /** Content words without a meaning here. */
  unknown: Unit[];
  /** Columns named only to say what a filter's value is. */
  filterColumns: ColumnUse[];
  units: readonly Unit[];
  /** Units that found their part in the question. */
  used: ReadonlySet<Unit>;
}
