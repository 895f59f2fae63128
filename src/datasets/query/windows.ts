import type { WindowName } from './analytical-query.js';
import { type Compiled, type Context, isNumeric, TYPE_WORDS } from './context.js';
import { lowerFirst } from './labels.js';
import { sortKey } from './sort-key.js';

export interface AskedWindow {
  readonly name: WindowName;
  /** Steps of time; null: rows as they come. */
  readonly periods: number | null;
  readonly direction: 'asc' | 'desc';
}

/** A value seen among the result's groups (or rows): of `within`, in the order of `by`. */
export function windowed(
  context: Context,
  { name, periods, direction }: AskedWindow,
  value: Compiled,
  within: readonly Compiled[],
  by: Compiled | null,
  inGroups: boolean,
  path: string,
): Compiled {
  if (!isNumeric(value.type) && name !== 'rank') {
    context.fail(`${path}.of`, `"${value.name}" is ${TYPE_WORDS[value.type]}, so it has no ${name}`);
  }
  const ordered = name === 'change' || name === 'percent_change' || name === 'running' || name === 'moving_average';
  if (by === null && ordered) {
    context.fail(`${path}.orderBy`, `"${name}" needs an order: what comes before what`);
  }
  if (name === 'moving_average' && periods === null) {
    context.fail(`${path}.periods`, '"moving_average" needs to know over how many periods');
  }
  if (periods !== null && !(ordered && name !== 'running')) {
    context.fail(`${path}.periods`, `"${name}" has no periods`);
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
  const steps = periods === null || by === null ? null : { ...stepsOf(context, by, inGroups, path), count: periods };
  const previous =
    steps === null
      ? `lag(${x}) ${over(order)}`
      : // Nothing without a time comes after anything, though SQL lets missing steps stand beside each other.
        `CASE WHEN ${steps.sql} IS NOT NULL THEN first_value(${x}) ${over(
          `ORDER BY ${steps.sql} RANGE BETWEEN ${steps.count} PRECEDING AND ${steps.count} PRECEDING`,
        )} END`;
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
        sql: `rank() ${over(`ORDER BY ${sortKey(value, inGroups)} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`)}`,
        type: 'bigint',
        unit: null,
        exact: 0,
        label: `Rank by ${said}`,
        name: `${value.name}_rank`,
      };
    case 'moving_average': {
      const { sql: step = 'NULL', gapsAreUsual = false, count = 1 } = steps ?? {};
      const frame = over(`ORDER BY ${step} RANGE BETWEEN ${count - 1} PRECEDING AND CURRENT ROW`);
      const isWhole = gapsAreUsual
        ? `${step} - min(${step}) ${over('')} >= ${count - 1}`
        : `count(${x}) ${frame} = ${count}`;
      return {
        ...base,
        sql: `CASE WHEN ${step} IS NOT NULL AND ${isWhole} THEN avg(${x}) ${frame} END`,
        label: `Moving average of ${said}`,
        name: `${value.name}_moving_average`,
      };
    }
  }
}

/** Within a group every row is of the same step, so its minimum is that step. */
function stepsOf(
  context: Context,
  by: Compiled,
  inGroups: boolean,
  path: string,
): { readonly sql: string; readonly gapsAreUsual: boolean } {
  const step =
    by.step ?? (by.type === 'bigint' && by.column === undefined ? { sql: by.sql, gapsAreUsual: false } : null);
  if (step === null)
    context.fail(
      `${path}.orderBy`,
      `"${by.name}" has no steps of time to count: order by a year, a date, or a date at a grain that does not come round again`,
    );
  return inGroups && by.level === 'group' ? { ...step, sql: `min(${step.sql})` } : step;
}
