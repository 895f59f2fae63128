import type { Expression } from './analytical-query.js';
import { type Compiled, type Context, isNumeric, TYPE_WORDS } from './context.js';
import { lowerFirst } from './labels.js';
import { sortKey } from './sort-key.js';

type WindowName = Extract<Expression, { window: unknown }>['window'];

/** A value seen among the result's groups (or rows): of `within`, in the order of `by`. */
export function windowed(
  context: Context,
  name: WindowName,
  value: Compiled,
  within: readonly Compiled[],
  by: Compiled | null,
  inGroups: boolean,
  path: string,
): Compiled {
  if (!isNumeric(value.type) && name !== 'rank') {
    context.fail(`${path}.of`, `"${value.name}" is ${TYPE_WORDS[value.type]}, so it has no ${name}`);
  }
  if (by === null && (name === 'change' || name === 'percent_change' || name === 'running')) {
    context.fail(`${path}.orderBy`, `"${name}" needs an order: what comes before what`);
  }
  const partition = within.length === 0 ? '' : `PARTITION BY ${within.map(({ sql }) => sql).join(', ')}`;
  const order = by === null ? '' : `ORDER BY ${sortKey(by, inGroups)} NULLS LAST`;
  const over = (clauses: string): string => `OVER (${[partition, clauses].filter((part) => part !== '').join(' ')})`;
  const base = {
    type: 'float8',
    level: value.level,
    hasAggregate: value.hasAggregate,
    hasWindow: true,
    unit: value.unit,
    exact: null,
  } as const;
  const x = `${value.sql}::float8`;
  const previous = `lag(${x}) ${over(order)}`;
  const said = lowerFirst(value.label);
  switch (name) {
    case 'share':
      return {
        ...base,
        sql: `(100 * ${x} / NULLIF(sum(${x}) ${over('')}, 0))`,
        unit: '%',
        label: `Share of ${said}`,
        name: `${value.name}_share`,
      };
    case 'change':
      return {
        ...base,
        sql: `(${x} - ${previous})`,
        exact: value.exact,
        label: `Change in ${said}`,
        name: `${value.name}_change`,
      };
    case 'percent_change':
      return {
        ...base,
        sql: `(100 * (${x} - ${previous}) / NULLIF(abs(${previous}), 0))`,
        unit: '%',
        label: `Change in ${said}`,
        name: `${value.name}_percent_change`,
      };
    case 'running':
      return {
        ...base,
        sql: `sum(${x}) ${over(`${order} ROWS UNBOUNDED PRECEDING`)}`,
        exact: value.exact,
        label: `Running total of ${said}`,
        name: `${value.name}_running`,
      };
    case 'rank':
      return {
        ...base,
        sql: `rank() ${over(`ORDER BY ${sortKey(value, inGroups)} DESC NULLS LAST`)}`,
        type: 'bigint',
        unit: null,
        exact: 0,
        label: `Rank by ${said}`,
        name: `${value.name}_rank`,
      };
  }
}
