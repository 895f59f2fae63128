import type { Aggregate } from './analytical-query.js';
import { type Compiled, type Context, isNumeric, TYPE_WORDS } from './context.js';
import { aggregateLabel, aggregateName, lowerFirst } from './labels.js';

/** FILTER belongs right behind the aggregate call; casts of ours stand outside of it. */
export const filtered = (name: Aggregate, sql: string, where: string): string =>
  sql.endsWith('::float8') && name !== 'min' && name !== 'max'
    ? `(${sql.slice(0, -'::float8'.length)} FILTER (WHERE ${where}))::float8`
    : `${sql} FILTER (WHERE ${where})`;

/** `value` null: of the rows. `other`: the second operand of a correlation. */
export function aggregated(
  context: Context,
  name: Aggregate,
  value: Compiled | null,
  other: Compiled | null,
  path: string,
): Compiled {
  const base = { level: 'group', hasAggregate: true, hasWindow: false } as const;
  if (other !== null && name !== 'correlation') {
    context.fail(`${path}.with`, 'Only a correlation has a second operand');
  }
  if (value === null) {
    if (name !== 'count') context.fail(`${path}.of`, `"${name}" needs a column`);
    return { ...base, sql: 'count(*)', type: 'bigint', unit: null, label: 'Count', name: 'count', exact: 0 };
  }
  const words = { label: aggregateLabel(name, value), name: aggregateName(name, value) };
  const needsNumbers =
    name === 'sum' ||
    name === 'avg' ||
    name === 'median' ||
    name === 'q1' ||
    name === 'q3' ||
    name === 'stddev' ||
    name === 'correlation';
  if (needsNumbers && !isNumeric(value.type)) {
    context.fail(`${path}.of`, `"${value.name}" is ${TYPE_WORDS[value.type]}, so it has no ${name}`);
  }
  const { sql } = value;
  const numeric = { ...base, ...words, unit: value.unit, exact: null, type: 'float8' } as const;
  switch (name) {
    case 'count':
      return { ...base, ...words, sql: `count(${sql})`, type: 'bigint', unit: null, exact: 0 };
    case 'count_distinct':
      return { ...base, ...words, sql: `count(DISTINCT ${sql})`, type: 'bigint', unit: null, exact: 0 };
    case 'sum':
      return {
        ...numeric,
        sql: `sum(${sql})`,
        type: value.type === 'float8' ? 'float8' : 'numeric',
        exact: value.exact,
      };
    case 'avg':
      return { ...numeric, sql: `avg(${sql})::float8` };
    case 'median':
      return { ...numeric, sql: `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${sql}::float8)` };
    case 'q1':
    case 'q3':
      return {
        ...numeric,
        sql: `percentile_cont(${name === 'q1' ? '0.25' : '0.75'}) WITHIN GROUP (ORDER BY ${sql}::float8)`,
      };
    case 'stddev':
      return { ...numeric, sql: `stddev_samp(${sql}::float8)` };
    case 'correlation': {
      if (other === null) context.fail(`${path}.with`, 'A correlation needs a second column in "with"');
      if (!isNumeric(other.type))
        context.fail(`${path}.with`, `"${other.name}" is ${TYPE_WORDS[other.type]}, so it has no correlation`);
      return {
        ...numeric,
        sql: `corr(${sql}::float8, ${other.sql}::float8)`,
        unit: null,
        label: `Correlation of ${lowerFirst(value.label)} and ${lowerFirst(other.label)}`,
        name: `correlation_${value.name}_${other.name}`,
      };
    }
    case 'min':
    case 'max': {
      if (value.type === 'boolean')
        return {
          ...base,
          ...words,
          sql: `bool_${name === 'min' ? 'and' : 'or'}(${sql})`,
          type: 'boolean',
          unit: null,
          exact: null,
        };
      const operand = value.type === 'text' ? `(${sql}) COLLATE "C"` : sql;
      return { ...base, ...words, sql: `${name}(${operand})`, type: value.type, unit: value.unit, exact: value.exact };
    }
  }
}
