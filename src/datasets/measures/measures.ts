import { Problem } from '../../common/problem.js';
import type { ColumnProfile, ComputedColumn, DefaultAggregate, NumberFormat } from '../profile.js';
import type { AnalyticalQuery, Expression } from '../query/analytical-query.js';
import type { Scalar } from '../../common/scalar.js';
import { readFormula } from './formula.js';

/*
 * Measures stand among a data set's columns, after those that its rows have. So a version keeps them, and whoever reads a profile
 * needs to know nothing of them.
 */

/** The columns that the rows have, `c1`, `c2`… in this order. */
export const storedColumns = (columns: readonly ColumnProfile[]): ColumnProfile[] =>
  columns.filter(({ computed }) => computed === undefined);

/** The columns that can be asked about. */
export const usableColumns = (columns: readonly ColumnProfile[]): ColumnProfile[] =>
  columns.filter(({ computed }) => computed?.problem === undefined);

export interface MeasureContent {
  readonly formula: string;
  readonly label: string;
  readonly description: string | null;
  readonly synonyms: readonly string[];
  readonly unit: string | null;
  readonly format: NumberFormat | null;
  readonly defaultAggregate: DefaultAggregate;
  readonly higherIsBetter: boolean | null;
}

/** Decimals of what is divided, where nobody says how many. */
const USUAL_DECIMALS = 3;

/**
 * The column of a measure; its counts are still to be made (`withCounts`).
 * @throws {422} formula_invalid
 */
export function measureColumn(
  name: string,
  { formula, ...content }: MeasureContent,
  stored: readonly ColumnProfile[],
): ColumnProfile {
  const read = readFormula(formula, stored);
  const unit = content.unit ?? unitOf(read.expression, stored);
  return {
    name,
    role: 'measure',
    ...content,
    ...precisionOf(read.expression, unit, stored),
    unit,
    distinct: 0,
    nulls: 0,
    min: null,
    max: null,
    values: null,
    computed: { formula, ...read },
  };
}

/** What is counted of a measure, in the order of `withCounts`. */
export const countsQuery = (name: string): Omit<AnalyticalQuery, 'datasetId'> => ({
  select: (['count_distinct', 'count', 'min', 'max'] as const).map((aggregate) => ({
    value: { aggregate, of: { column: name } },
  })),
});

export function withCounts(column: ColumnProfile, counts: readonly Scalar[], rowCount: number): ColumnProfile {
  const [distinct, filled, min = null, max = null] = counts;
  return { ...column, distinct: Number(distinct ?? 0), nulls: rowCount - Number(filled ?? 0), min, max };
}

/**
 * The columns of new rows with the measures that there were. One that the new columns no longer bear is kept with what is wrong with
 * it, and works again as soon as they do; one whose name a new column has is that column's now, and goes.
 */
export function withMeasures(stored: readonly ColumnProfile[], before: readonly ColumnProfile[]): ColumnProfile[] {
  const names = new Set(stored.map(({ name }) => name.toLowerCase()));
  const measures = before.flatMap((column): ColumnProfile[] => {
    if (column.computed === undefined || names.has(column.name.toLowerCase())) return [];
    const computed = bound(column.computed, stored);
    const isUsable = computed.problem === undefined;
    return [{ ...column, ...(isUsable && precisionOf(computed.expression, column.unit, stored)), computed }];
  });
  return [...stored, ...measures];
}

/** What to tell of measures that cannot be worked out. */
export const measureNotes = (columns: readonly ColumnProfile[]): { column: string; note: string }[] =>
  columns.flatMap(({ name, computed }) =>
    computed?.problem === undefined
      ? []
      : [{ column: name, note: `This measure cannot be worked out now: ${computed.problem}` }],
  );

function bound({ formula, expression, level }: ComputedColumn, stored: readonly ColumnProfile[]): ComputedColumn {
  try {
    return { formula, ...readFormula(formula, stored) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { formula, expression, level, problem: error.detail };
  }
}

function precisionOf(
  expression: Expression,
  unit: string | null,
  columns: readonly ColumnProfile[],
): Pick<ColumnProfile, 'type' | 'decimals'> {
  const exact = decimalsOf(expression, columns);
  return { type: exact === 0 ? 'integer' : 'number', decimals: exact ?? (unit === '%' ? 1 : USUAL_DECIMALS) };
}

/** Exact decimals of sums, differences and products of columns; null where something is divided or averaged. */
function decimalsOf(expression: Expression, columns: readonly ColumnProfile[]): number | null {
  if ('literal' in expression) return String(expression.literal).split('.')[1]?.length ?? 0;
  if ('column' in expression) return columns.find(({ name }) => name === expression.column)?.decimals ?? null;
  if ('aggregate' in expression) {
    if (expression.aggregate === 'count' || expression.aggregate === 'count_distinct') return 0;
    const exact = ['sum', 'min', 'max'].includes(expression.aggregate);
    return exact && expression.of !== null ? decimalsOf(expression.of, columns) : null;
  }
  if (!('op' in expression) || expression.op === '/' || expression.op === 'percent_change') return null;
  const [left, right] = [decimalsOf(expression.left, columns), decimalsOf(expression.right, columns)];
  if (left === null || right === null) return null;
  return Math.min(6, expression.op === '*' ? left + right : Math.max(left, right));
}

/** A sum or a difference of what has one unit has it, too; other units are the owner's to say. */
function unitOf(expression: Expression, columns: readonly ColumnProfile[]): string | null {
  if ('column' in expression) return columns.find(({ name }) => name === expression.column)?.unit ?? null;
  if ('aggregate' in expression)
    return expression.of === null || expression.aggregate.startsWith('count') ? null : unitOf(expression.of, columns);
  if (!('op' in expression)) return null;
  if (expression.op === 'percent_change') return '%';
  const [left, right] = [unitOf(expression.left, columns), unitOf(expression.right, columns)];
  if (expression.op === '*' || expression.op === '/') {
    if ('literal' in expression.right) return left;
    return 'literal' in expression.left && expression.op === '*' ? right : null;
  }
  return left === right || 'literal' in expression.right ? left : 'literal' in expression.left ? right : null;
}
