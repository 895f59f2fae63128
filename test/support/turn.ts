import type { Scalar } from '../../src/common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../src/datasets/profile.js';
import type { AnalyticalQuery, Condition, Expression } from '../../src/datasets/query/analytical-query.js';
import type { ResultColumn, ResultSet } from '../../src/datasets/query/result-set.js';
import type { RetrievalPort } from '../../src/chat/pipeline/retrieve/retrieve.js';
import { expressionWords } from '../../src/chat/pipeline/words/expressions.js';
import { upperFirst } from '../../src/chat/pipeline/words/language.js';
import type { Understanding, Understood } from '../../src/chat/pipeline/turn.js';

/*
 * Turns for pure tests of the pipeline: a small table in memory, and an evaluator of plain analytical queries over it
 * (comparisons, groups, the usual aggregates, order, limit) written for clarity, to compare with.
 */

type Row = Readonly<Record<string, Scalar>>;

export interface Table {
  readonly profile: DatasetProfile;
  readonly rows: readonly Row[];
}

type ColumnSketch = Partial<ColumnProfile> & Pick<ColumnProfile, 'type' | 'role'>;

/** A table from a sketch of its columns and its rows as arrays. */
export function aTable(
  columns: Readonly<Record<string, ColumnSketch>>,
  rows: readonly (readonly Scalar[])[],
  about: Partial<DatasetProfile> = {},
): Table {
  const names = Object.keys(columns);
  const records = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
  const profiles = Object.entries(columns).map(([name, sketch]): ColumnProfile => {
    const values = records.flatMap((row) => row[name] ?? []);
    const distinct = [...new Set(values)];
    const numbers = values.filter((value) => typeof value === 'number');
    const ordered = distinct.toSorted((a, b) => (a < b ? -1 : 1));
    return {
      name,
      label: upperFirst(name.replaceAll('_', ' ')),
      unit: null,
      synonyms: [],
      higherIsBetter: null,
      defaultAggregate: 'avg',
      distinct: distinct.length,
      nulls: records.length - values.length,
      min: ordered[0] ?? null,
      max: ordered.at(-1) ?? null,
      decimals: Math.max(0, ...numbers.map((value) => String(value).split('.')[1]?.length ?? 0)),
      values: sketch.type === 'text' || sketch.type === 'boolean' ? distinct.map(String) : null,
      ...sketch,
    };
  });
  return {
    rows: records,
    profile: {
      id: 'table',
      version: 1,
      name: 'table',
      title: 'Table',
      description: null,
      source: null,
      licence: null,
      rowCount: rows.length,
      columns: profiles,
      ...about,
    },
  };
}

const numberOf = (value: Scalar): number[] => (typeof value === 'number' ? [value] : []);

/** As percentile_cont: by linear interpolation. */
function quantileOf(numbers: readonly number[], share: number): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return sorted.length === 0 ? null : low + (high - low) * (at - Math.floor(at));
}

function aggregated(
  expression: Extract<Expression, { aggregate: unknown }>,
  rows: readonly Row[],
  all: readonly Row[],
): Scalar {
  const { aggregate, of, where } = expression;
  const kept = where === undefined ? rows : rows.filter((row) => passes(where, [row], all));
  const values = of === null ? [] : kept.map((row) => valueOf(of, [row], all)).filter((value) => value !== null);
  const numbers = values.flatMap(numberOf);
  const sum = numbers.reduce((total, value) => total + value, 0);
  switch (aggregate) {
    case 'count':
      return of === null ? kept.length : values.length;
    case 'count_distinct':
      return new Set(values).size;
    case 'sum':
      return numbers.length === 0 ? null : sum;
    case 'avg':
      return numbers.length === 0 ? null : sum / numbers.length;
    case 'min':
      return numbers.length === 0 ? null : Math.min(...numbers);
    case 'max':
      return numbers.length === 0 ? null : Math.max(...numbers);
    case 'median':
      return quantileOf(numbers, 0.5);
    case 'q1':
      return quantileOf(numbers, 0.25);
    case 'q3':
      return quantileOf(numbers, 0.75);
    case 'stddev': {
      const mean = sum / numbers.length;
      const squares = numbers.reduce((total, value) => total + (value - mean) ** 2, 0);
      return numbers.length < 2 ? null : Math.sqrt(squares / (numbers.length - 1));
    }
    case 'correlation':
      throw new Error(`The table in memory does not work out ${aggregate}.`);
  }
}

function valueOf(expression: Expression, rows: readonly Row[], all: readonly Row[]): Scalar {
  if ('column' in expression) {
    const value = rows[0]?.[expression.column] ?? null;
    if (expression.bin !== undefined && typeof value === 'number')
      return Math.floor(value / expression.bin) * expression.bin;
    if (expression.grain === 'month' && typeof value === 'string') return value.slice(0, 7);
    if (expression.grain === 'quarter' && typeof value === 'string')
      return `${value.slice(0, 4)}-Q${Math.ceil(Number(value.slice(5, 7)) / 3)}`;
    if (expression.grain === 'year' && typeof value === 'string') return Number(value.slice(0, 4));
    return value;
  }
  if ('literal' in expression) return expression.literal;
  if ('aggregate' in expression) return aggregated(expression, rows, all);
  if ('scalar' in expression) return aggregated(expression.scalar, all, all);
  if ('op' in expression) {
    const [left, right] = [valueOf(expression.left, rows, all), valueOf(expression.right, rows, all)];
    if (typeof left !== 'number' || typeof right !== 'number') return null;
    switch (expression.op) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '/':
        return right === 0 ? null : left / right;
      case 'percent_change':
        return right === 0 ? null : ((left - right) / Math.abs(right)) * 100;
      case 'abs_difference':
        return Math.abs(left - right);
    }
  }
  throw new Error('The table in memory knows plain expressions only.');
}

/** Of one row, or of the rows of a group together. */
function passes(condition: Condition, rows: readonly Row[], all: readonly Row[]): boolean {
  if ('and' in condition) return condition.and.every((each) => passes(each, rows, all));
  if ('or' in condition) return condition.or.some((each) => passes(each, rows, all));
  if ('not' in condition) return !passes(condition.not, rows, all);
  if ('inQuery' in condition) {
    const { select, where, groupBy = [], having } = condition.inQuery;
    const groups = new Map<string, Row[]>();
    for (const row of all.filter((each) => where === undefined || passes(where, [each], all))) {
      const key = JSON.stringify(groupBy.map((by) => valueOf(by, [row], all)));
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const kept = [...groups.values()].filter((group) => having === undefined || passes(having, group, all));
    const among = kept.map((group) => valueOf(select, group, all));
    return among.includes(valueOf(condition.left, rows, all)) !== (condition.negated === true);
  }
  const left = valueOf(condition.left, rows, all);
  if ('missing' in condition) return (left === null) === condition.missing;
  if (left === null) return false;
  if ('in' in condition) return condition.in.includes(left) !== (condition.negated === true);
  if ('between' in condition) return left >= (condition.between[0] ?? '') && left <= (condition.between[1] ?? '');
  if ('text' in condition) return String(left).toLowerCase().includes(condition.value.toLowerCase());
  const right = valueOf(condition.right, rows, all);
  if (right === null) return false;
  switch (condition.compare) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function columnOf(expression: Expression, as: string | undefined, { profile }: Table): ResultColumn {
  const words = expressionWords(expression, profile);
  const plain = 'column' in expression ? profile.columns.find(({ name }) => name === expression.column) : undefined;
  const measured = 'op' in expression && expression.op === '-' ? expression.left : expression;
  const of = 'aggregate' in measured && measured.of !== null && 'column' in measured.of ? measured.of.column : null;
  const counts = 'aggregate' in expression && ['count', 'count_distinct'].includes(expression.aggregate);
  const text =
    plain !== undefined && 'column' in expression && (expression.grain === 'month' || expression.grain === 'quarter');
  return {
    name: as ?? (plain !== undefined ? plain.name : words.replaceAll(' ', '_')),
    label: upperFirst(as ?? words),
    type: text
      ? 'text'
      : plain !== undefined && !('grain' in expression && expression.grain === 'year')
        ? plain.type
        : counts || plain !== undefined
          ? 'integer'
          : 'number',
    unit: plain?.unit ?? (counts ? null : (profile.columns.find(({ name }) => name === of)?.unit ?? null)),
    kind: plain === undefined ? 'value' : 'group',
  };
}

/** What a query gives over a table. */
export function evaluate(table: Table, query: AnalyticalQuery): ResultSet {
  const matched = table.rows.filter((row) => query.where === undefined || passes(query.where, [row], table.rows));
  const aggregates = query.select.some(({ value }) => JSON.stringify(value).includes('"aggregate"'));
  const groups = new Map<string, Row[]>();
  if (query.groupBy !== undefined)
    for (const row of matched) {
      const key = JSON.stringify(query.groupBy.map((by) => valueOf(by, [row], table.rows)));
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
  const grouped = query.groupBy !== undefined && query.groupBy.length > 0;
  const units: Row[][] = grouped ? [...groups.values()] : aggregates ? [[...matched]] : matched.map((row) => [row]);
  const kept = units.filter((rows) => query.having === undefined || passes(query.having, rows, table.rows));
  const order = query.orderBy ?? [];
  const sorted = kept.toSorted((a, b) => {
    for (const { by, direction } of order) {
      const [left, right] = [valueOf(by, a, table.rows), valueOf(by, b, table.rows)];
      if (left === right) continue;
      if (left === null) return 1;
      if (right === null) return -1;
      return (left < right ? -1 : 1) * (direction === 'asc' ? 1 : -1);
    }
    return 0;
  });
  const start = query.offset ?? 0;
  const cut = sorted.slice(start, query.limit === undefined ? undefined : start + query.limit);
  return {
    datasetId: table.profile.id,
    datasetVersion: 1,
    query,
    columns: query.select.map(({ value, as }) => columnOf(value, as, table)),
    rows: cut.map((rows) => query.select.map(({ value }) => valueOf(value, rows, table.rows))),
    truncated: false,
    matchedRows: grouped || aggregates ? matched.length : null,
    sql: 'select',
    parameters: [],
    ms: 0,
  };
}

export const portOf = (table: Table): RetrievalPort => ({ run: (query) => Promise.resolve(evaluate(table, query)) });

/** A question already understood: only what matters to a test need be said. */
export function aTurn(
  table: Table,
  query: Omit<AnalyticalQuery, 'datasetId'> | null,
  understanding: Partial<Understanding> = {},
): Understood {
  return {
    question: 'A question',
    askedAt: new Date('2026-01-01T00:00:00Z'),
    persona: {
      name: 'analyst',
      displayName: 'Analyst',
      starterQuestions: ['What is the average score?'],
      color: '#4F46E5',
    },
    datasets: [table.profile],
    history: [],
    understanding: {
      intent: { kind: 'aggregate', confidence: 1 },
      language: 'en',
      entities: [],
      references: [],
      query: query === null ? null : { datasetId: table.profile.id, ...query },
      chart: null,
      expects: 'table',
      reading: null,
      edits: [],
      refusal: null,
      ...understanding,
    },
  };
}
