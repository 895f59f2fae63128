import { z } from 'zod';
import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import {
  AGGREGATES,
  type AnalyticalQuery,
  type Condition,
  type Expression,
  GRAINS,
} from '../../../datasets/query/analytical-query.js';
import { faultOf } from '../../../datasets/query/check-query.js';
import { INTENTS } from '../turn.js';

/*
 * What a language model is asked to fill in: a flat form of the analytical query, which small models manage and servers
 * can hold them to (every object closed, every member required). It says less than the query can, and enough.
 */

const value = z.union([z.string(), z.number(), z.boolean()]);
const grain = z.enum(GRAINS).nullable();

export const plainQuery = z.strictObject({
  /** Whether the data sets can answer at all. */
  answerable: z.boolean(),
  intent: z.enum(INTENTS),
  datasetId: z.string().nullable(),
  /** What to work out; with `aggregate` null the plain values of the column. */
  measures: z.array(z.strictObject({ aggregate: z.enum(AGGREGATES).nullable(), column: z.string().nullable() })).max(8),
  groupBy: z.array(z.strictObject({ column: z.string(), grain })).max(4),
  filters: z
    .array(
      z.strictObject({
        column: z.string(),
        grain,
        operator: z.enum(['=', '!=', '<', '<=', '>', '>=', 'in', 'between', 'contains']),
        values: z.array(value).max(50),
      }),
    )
    .max(12),
  /** `measure`: place in `measures`, from 0; null: the first group. */
  orderBy: z.strictObject({ measure: z.int().nullable(), direction: z.enum(['asc', 'desc']) }).nullable(),
  limit: z.int().nullable(),
});
export type PlainQuery = z.infer<typeof plainQuery>;

export const PLAIN_QUERY_JSON = z.toJSONSchema(plainQuery) as Readonly<Record<string, unknown>>;

/** Why the model's query cannot be run, in words that it can mend it by. */
export class QueryFault extends Error {}

/** The analytical query that the form stands for. @throws QueryFault */
export function analyticalQuery(plain: PlainQuery, datasets: readonly DatasetProfile[]): AnalyticalQuery {
  const profile =
    datasets.find(({ id }) => id === plain.datasetId) ?? (datasets.length === 1 ? datasets[0] : undefined);
  if (profile === undefined)
    throw new QueryFault(`datasetId must be one of ${datasets.map(({ id }) => id).join(', ')}`);
  if (plain.measures.length === 0) throw new QueryFault('measures must not be empty');
  const measures = plain.measures.map(({ aggregate, column }): Expression => {
    if (aggregate === null) return columnOf(profile, column ?? '');
    if (aggregate === 'correlation') throw new QueryFault('correlation cannot be asked for in this form');
    if (column === null && aggregate !== 'count') throw new QueryFault(`${aggregate} needs a column`);
    return { aggregate, of: column === null ? null : columnOf(profile, column) };
  });
  const groupBy = plain.groupBy.map(({ column, grain: at }) => columnOf(profile, column, at));
  const where = plain.filters.map((filter) => conditionOf(profile, filter));
  const by =
    plain.orderBy === null ? undefined : plain.orderBy.measure === null ? groupBy[0] : measures[plain.orderBy.measure];
  const query: AnalyticalQuery = {
    datasetId: profile.id,
    select: [...groupBy, ...measures].map((expression) => ({ value: expression })),
    ...(where.length > 0 && { where: where.length === 1 && where[0] !== undefined ? where[0] : { and: where } }),
    ...(groupBy.length > 0 && { groupBy }),
    ...(by !== undefined && plain.orderBy !== null && { orderBy: [{ by, direction: plain.orderBy.direction }] }),
    ...(plain.limit !== null && plain.limit > 0 && { limit: Math.min(plain.limit, 1_000) }),
  };
  const fault = faultOf(query, profile);
  if (fault !== null) throw new QueryFault(fault);
  return query;
}

/** Its own columns, and the names and times of related data sets: their numbers would be counted several times. */
export const askable = ({ columns, related = [] }: DatasetProfile): readonly ColumnProfile[] => [
  ...columns,
  ...related.filter(({ role }) => role !== 'measure'),
];

function columnOf(
  profile: DatasetProfile,
  name: string,
  grainOf: PlainQuery['groupBy'][number]['grain'] = null,
): Expression {
  const columns = askable(profile);
  const column =
    columns.find((known) => known.name === name) ??
    columns.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (column === undefined) {
    throw new QueryFault(
      `there is no column ${JSON.stringify(name)}; the columns are ${columns.map((known) => known.name).join(', ')}`,
    );
  }
  // A year that is a number is at its grain already.
  const isDate = column.type === 'date' || column.type === 'datetime';
  return { column: column.name, ...(grainOf !== null && isDate && { grain: grainOf }) };
}

function conditionOf(
  profile: DatasetProfile,
  { column, grain: at, operator, values }: PlainQuery['filters'][number],
): Condition {
  const left = columnOf(profile, column, at);
  const spelled = values.map((given) => asInData(profile, column, given));
  const [first, second] = spelled;
  if (first === undefined) throw new QueryFault(`the filter on ${column} has no values`);
  if (operator === 'in') return { in: spelled, left };
  if (operator === 'contains') return { text: 'contains', left, value: String(first) };
  if (operator !== 'between') return { compare: operator, left, right: { literal: first } };
  if (second === undefined) throw new QueryFault(`between on ${column} needs two values`);
  return { between: [first, second], left };
}

/** The data's own spelling of a value, where only the case differs; a number where the column holds numbers. */
function asInData(profile: DatasetProfile, name: string, given: string | number | boolean): string | number | boolean {
  const column = askable(profile).find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (typeof given !== 'string' || column === undefined) return given;
  if ((column.type === 'integer' || column.type === 'number') && given.trim() !== '' && !Number.isNaN(Number(given))) {
    return Number(given);
  }
  return column.values?.find((known) => known.toLowerCase() === given.toLowerCase()) ?? given;
}
