import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import {
  ROW_NUMBER,
  type AnalyticalQuery,
  type Condition,
  type Expression,
} from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Evidence } from '../turn.js';
import { columnOf } from '../words/expressions.js';
import { shapeOf } from '../words/shape.js';
import { compositionQueries } from './composition.js';
import { partnersQuery } from './partners.js';

export interface ContextQuery {
  readonly purpose: Evidence['context'][number]['purpose'];
  readonly query: AnalyticalQuery;
}

/** A breakdown into more parts than this cannot be taken in; into fewer than two it says nothing. */
const MOST_PARTS = 25;
/** So few rows are no number to take apart. */
const FEWEST_ROWS = 5;
const MOST_AVAILABLE = 30;
const MOST_CONTEXT = 3;

type AggregateExpression = Extract<Expression, { aggregate: unknown }>;

/** Queries whose answers put a result into context. All are cheap: one pass over the rows that the question itself read. */
export function contextQueries(query: AnalyticalQuery, primary: ResultSet, profile: DatasetProfile): ContextQuery[] {
  if (primary.rows.length === 0 || primary.matchedRows === 0)
    return availableQueries(query, profile).slice(0, MOST_CONTEXT);
  const aggregate = soleAggregate(query);
  const grouped = (query.groupBy ?? []).length > 0;
  const found: (ContextQuery | null)[] = [...correlationQueries(query, primary, profile)];
  if (aggregate !== null && !grouped) found.push(breakdownQuery(query, aggregate, primary, profile));
  if (aggregate !== null && grouped) found.push(sampleQuery(query, aggregate, primary, profile));
  if (aggregate !== null && (query.groupBy ?? []).length <= 1 && primary.rows.length <= 10)
    found.push(previousQuery(query, profile));
  found.push(rankingQuery(query, primary));
  const partners = partnersQuery(query, profile);
  return [
    ...found.filter((each) => each !== null).slice(0, MOST_CONTEXT),
    ...compositionQueries(query, primary, profile).map((each) => ({ purpose: 'composition' as const, query: each })),
    ...(partners === null ? [] : [{ purpose: 'partners' as const, query: partners }]),
  ];
}

/** The aggregate of a query that selects exactly one, beside plain columns. */
function soleAggregate({ select }: AnalyticalQuery): AggregateExpression | null {
  const values = select.map(({ value }) => value).filter((value) => !('column' in value));
  const [only] = values;
  return values.length === 1 && only !== undefined && 'aggregate' in only && only.aggregate !== 'correlation'
    ? only
    : null;
}

/** Conditions that must all hold. */
export function conjuncts(where: Condition | undefined): readonly Condition[] {
  if (where === undefined) return [];
  return 'and' in where ? where.and.flatMap(conjuncts) : [where];
}

/** The column that a condition is about, when it compares one column with given values. */
export function comparedColumn(condition: Condition): string | null {
  if ('and' in condition || 'or' in condition || 'not' in condition || 'inQuery' in condition) return null;
  if ('compare' in condition && !('literal' in condition.right)) return null;
  return 'column' in condition.left ? condition.left.column : null;
}

/** Columns that a filter leaves only one value of. */
function fixedColumns(where: Condition | undefined): Set<string> {
  const fixed = new Set<string>();
  for (const condition of conjuncts(where)) {
    const column = comparedColumn(condition);
    const one =
      ('compare' in condition && condition.compare === '=') ||
      ('in' in condition && condition.in.length === 1 && condition.negated !== true) ||
      ('text' in condition && condition.text === 'equals');
    if (column !== null && one) fixed.add(column);
  }
  return fixed;
}

/**
 * The dimension that a number is best told by: two to 25 values, left open by the filter and not decided by it (a country
 * has one region). A column that the filter names several values of comes first; else one with about six parts, which is
 * what a reader compares with ease.
 */
export function bestDimension(where: Condition | undefined, profile: DatasetProfile): ColumnProfile | null {
  const fixed = fixedColumns(where);
  const named = new Set(
    conjuncts(where).flatMap((each) => ('in' in each && each.negated !== true ? (comparedColumn(each) ?? []) : [])),
  );
  const finest = Math.max(
    0,
    ...[...fixed]
      .map((name) => columnOf(profile, name))
      .map((each) => (each?.role === 'dimension' ? each.distinct : 0)),
  );
  const score = (column: ColumnProfile): number => {
    if (named.has(column.name)) return 10;
    const closeness = 1 / (1 + Math.abs(Math.log(column.distinct / 6)));
    if (column.role === 'temporal') return finest > MOST_PARTS ? 3 + closeness : closeness / 2;
    return column.distinct < finest ? closeness / 4 : 1 + closeness;
  };
  const candidates = profile.columns.filter(
    (column) =>
      (column.role === 'dimension' || (column.role === 'temporal' && column.type === 'integer')) &&
      !fixed.has(column.name) &&
      column.distinct >= 2 &&
      column.distinct <= MOST_PARTS &&
      column.distinct <= profile.rowCount / 2 &&
      column.nulls < profile.rowCount / 2,
  );
  return candidates.reduce<ColumnProfile | null>(
    (best, column) => (best === null || score(column) > score(best) ? column : best),
    null,
  );
}

const countOf = (of: Expression | null): Expression => ({ aggregate: 'count', of });

function breakdownQuery(
  query: AnalyticalQuery,
  aggregate: AggregateExpression,
  primary: ResultSet,
  profile: DatasetProfile,
): ContextQuery | null {
  if (primary.matchedRows !== null && primary.matchedRows < FEWEST_ROWS) return null;
  // Different things counted by parts do not add up, and mostly repeat the number itself.
  if (aggregate.aggregate === 'count_distinct') return null;
  const dimension = bestDimension(query.where, profile);
  if (
    dimension === null ||
    (aggregate.of !== null && 'column' in aggregate.of && aggregate.of.column === dimension.name)
  )
    return null;
  const by: Expression = { column: dimension.name };
  const time = dimension.role === 'temporal';
  return {
    purpose: 'breakdown',
    query: {
      datasetId: query.datasetId,
      select: [
        { value: by },
        { value: aggregate },
        ...(aggregate.of === null ? [] : [{ value: countOf(aggregate.of), as: 'values' }]),
      ],
      where: query.where,
      groupBy: [by],
      orderBy: [time ? { by, direction: 'asc' } : { by: aggregate, direction: 'desc' }],
      limit: MOST_PARTS,
    },
  };
}

/** How many values stand behind each average, and how they spread about it. Sums and counts need none. */
function sampleQuery(
  query: AnalyticalQuery,
  aggregate: AggregateExpression,
  primary: ResultSet,
  profile: DatasetProfile,
): ContextQuery | null {
  const averages =
    aggregate.aggregate === 'avg' || aggregate.aggregate === 'median' || aggregate.aggregate === 'stddev';
  if (!averages || isOfGroups(aggregate, profile)) return null;
  if (primary.rows.length > MOST_PARTS || query.limit === 1 || query.qualify !== undefined) return null;
  const groups = query.select.filter(({ value }) => 'column' in value);
  if (groups.length === 0) return null;
  return {
    purpose: 'sample',
    query: {
      ...query,
      select: [
        ...groups,
        ...(aggregate.aggregate === 'avg'
          ? [{ value: { ...aggregate, aggregate: 'stddev' as const }, as: 'standard deviation' }]
          : []),
        { value: countOf(aggregate.of), as: 'values' },
      ],
    },
  };
}

/** A ratio of sums is one number of many rows: no row has one that could spread. */
const isOfGroups = ({ of }: AggregateExpression, profile: DatasetProfile): boolean =>
  of !== null && 'column' in of && columnOf(profile, of.column)?.computed?.level === 'group';

/** The same one year earlier, where the question names exactly one year. */
function previousQuery(query: AnalyticalQuery, profile: DatasetProfile): ContextQuery | null {
  if (query.limit !== undefined || query.having !== undefined || query.qualify !== undefined) return null;
  const all = conjuncts(query.where);
  const index = all.findIndex((condition) => yearOf(condition, profile) !== null);
  const condition = all[index];
  const year = condition === undefined ? null : yearOf(condition, profile);
  if (condition === undefined || year === null || !('compare' in condition)) return null;
  if (all.some((other, at) => at !== index && comparedColumn(other) === comparedColumn(condition))) return null;
  const { min } = columnOf(profile, comparedColumn(condition) ?? '') ?? {};
  if (typeof min === 'number' && year - 1 < min) return null;
  const before: Condition = { ...condition, right: { literal: year - 1 } };
  return {
    purpose: 'previous',
    query: { ...query, where: { and: all.map((each, at) => (at === index ? before : each)) } },
  };
}

function yearOf(condition: Condition, profile: DatasetProfile): number | null {
  if (
    !('compare' in condition) ||
    condition.compare !== '=' ||
    !('literal' in condition.right) ||
    !('column' in condition.left)
  )
    return null;
  const column = columnOf(profile, condition.left.column);
  const { literal } = condition.right;
  if (typeof literal !== 'number' || column?.role !== 'temporal') return null;
  return condition.left.grain === 'year' || column.type === 'integer' ? literal : null;
}

/** "Which country has the highest score?" names one: its score, and who comes next, are worth telling. */
function rankingQuery(query: AnalyticalQuery, primary: ResultSet): ContextQuery | null {
  const [order] = query.orderBy ?? [];
  const [first, second] = query.select;
  if (
    order === undefined ||
    first === undefined ||
    query.limit !== 1 ||
    (query.offset ?? 0) > 0 ||
    primary.rows.length === 0
  )
    return null;
  if (!('column' in first.value) || query.distinct === true || query.select.length > 2) return null;
  if (second !== undefined && !sameExpression(second.value, order.by)) return null;
  if ('column' in order.by && (order.by.column === first.value.column || order.by.column === ROW_NUMBER)) return null;
  return {
    purpose: 'ranking',
    query: { ...query, select: [first, second ?? { value: order.by }], limit: 10, withTies: undefined },
  };
}

const sameExpression = (a: Expression, b: Expression): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Two measures: how they go together over all rows, how many rows have both, and how many there are, where more rows were
 * there than were read; for a coefficient that was asked for, besides, the pairs themselves.
 */
function correlationQueries(query: AnalyticalQuery, primary: ResultSet, profile: DatasetProfile): ContextQuery[] {
  const [asked] = query.select.map(({ value }) => value);
  const coefficient =
    asked !== undefined && 'aggregate' in asked && asked.aggregate === 'correlation' && asked.where === undefined;
  if (coefficient && query.select.length === 1 && (query.groupBy ?? []).length === 0 && asked.of && asked.with) {
    const { of, with: other } = asked;
    const both = bothKnown(of, other);
    const where = query.where === undefined ? both : { and: [query.where, both] };
    return [
      wholeQuery(query, of, other),
      {
        purpose: 'pairs',
        query: { datasetId: query.datasetId, select: [{ value: of }, { value: other }], where },
      },
    ];
  }
  const { kind, x, y } = shapeOf(primary, profile);
  return kind === 'pair' && primary.truncated && x?.expression && y?.expression
    ? [wholeQuery(query, x.expression, y.expression)]
    : [];
}

const bothKnown = (x: Expression, y: Expression): Condition => ({
  and: [
    { missing: false, left: x },
    { missing: false, left: y },
  ],
});

const wholeQuery = (query: AnalyticalQuery, x: Expression, y: Expression): ContextQuery => ({
  purpose: 'whole',
  query: {
    datasetId: query.datasetId,
    select: [
      { value: { aggregate: 'correlation', of: x, with: y }, as: 'correlation' },
      { value: { aggregate: 'count', of: null, where: bothKnown(x, y) }, as: 'both' },
      { value: countOf(null), as: 'rows' },
    ],
    where: query.where,
  },
});

/** For each condition of a filter that nothing passed: what there is in its column when the others hold. */
function availableQueries(query: AnalyticalQuery, profile: DatasetProfile): ContextQuery[] {
  const all = conjuncts(query.where);
  const columns = [...new Set(all.map(comparedColumn))].filter(
    (column) => column !== null && columnOf(profile, column) !== null,
  );
  return columns.flatMap((column) => {
    if (column === null) return [];
    const grain = all.flatMap((each) =>
      'left' in each && 'column' in each.left && each.left.column === column ? (each.left.grain ?? []) : [],
    )[0];
    const by: Expression = { column, grain };
    const others = all.filter((condition) => comparedColumn(condition) !== column);
    const time = columnOf(profile, column)?.role === 'temporal';
    return [
      {
        purpose: 'available' as const,
        query: {
          datasetId: query.datasetId,
          select: [{ value: by }, { value: countOf(null), as: 'rows' }],
          where: others.length === 0 ? undefined : others.length === 1 ? others[0] : { and: others },
          groupBy: [by],
          orderBy: [time ? { by, direction: 'desc' as const } : { by: countOf(null), direction: 'desc' as const }],
          limit: MOST_AVAILABLE,
        },
      },
    ];
  });
}
