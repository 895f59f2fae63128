import type { Expression } from './analytical-query.js';
import { type Compiled, type Context, isNumeric, isTemporal, TYPE_WORDS } from './context.js';
import { lowerFirst } from './labels.js';

type Operator = Extract<Expression, { op: unknown }>['op'];

const OP_WORDS = { '+': '+', '-': '−', '*': '×', '/': '/' } as const;
const OP_NAMES = {
  '+': 'plus',
  '-': 'minus',
  '*': 'times',
  '/': 'per',
  percent_change: 'percent_change',
  abs_difference: 'difference',
} as const;

/** A sum or difference inside a product stands in brackets. */
const together = (label: string): string => (/ [+−] /.test(label) ? `(${label})` : label);

/** A division by nothing is nothing; integers are added and multiplied exactly; the difference of two dates is in days. */
export function arithmetic(context: Context, op: Operator, l: Compiled, r: Compiled, path: string): Compiled {
  const base = {
    level:
      l.level === 'row' || r.level === 'row'
        ? 'row'
        : l.level === 'group' || r.level === 'group'
          ? 'group'
          : 'constant',
    hasAggregate: l.hasAggregate || r.hasAggregate,
    hasWindow: l.hasWindow || r.hasWindow,
    name: `${l.name}_${OP_NAMES[op]}_${r.name}`,
  } as const;
  if (isTemporal(l.type) && isTemporal(r.type) && (op === '-' || op === 'abs_difference')) {
    const days = `(extract(epoch from (${l.sql}::timestamp - ${r.sql}::timestamp)) / 86400)::float8`;
    const sql = op === '-' ? days : `abs(${days})`;
    return { ...base, sql, type: 'float8', unit: 'days', label: `${l.label} − ${lowerFirst(r.label)}`, exact: null };
  }
  for (const [side, operand] of [
    ['left', l],
    ['right', r],
  ] as const) {
    if (!isNumeric(operand.type))
      context.fail(`${path}.${side}`, `"${operand.name}" is ${TYPE_WORDS[operand.type]}; "${op}" needs numbers`);
  }
  const sameUnit =
    l.unit === r.unit ? l.unit : r.literal !== undefined ? l.unit : l.literal !== undefined ? r.unit : null;
  // Between percentages the difference is in points.
  const apart = sameUnit === '%' && l.unit === r.unit ? 'percentage points' : sameUnit;
  const places = l.exact === null || r.exact === null ? null : Math.max(l.exact, r.exact);
  const type = l.type === 'float8' || r.type === 'float8' ? 'float8' : 'numeric';
  const [a, b] = type === 'numeric' ? [`${l.sql}::numeric`, `${r.sql}::numeric`] : [l.sql, r.sql];
  const [x, y] = [`${l.sql}::float8`, `${r.sql}::float8`];
  switch (op) {
    case '+':
    case '-':
      return {
        ...base,
        sql: `(${a} ${op} ${b})`,
        type,
        unit: op === '-' ? apart : sameUnit,
        label: `${l.label} ${OP_WORDS[op]} ${lowerFirst(r.label)}`,
        exact: places,
      };
    case '*': {
      const exact = l.exact === null || r.exact === null ? null : l.exact + r.exact;
      return {
        ...base,
        sql: `(${a} * ${b})`,
        type,
        unit: r.literal !== undefined ? l.unit : l.literal !== undefined ? r.unit : null,
        ...(r.literal === 100 && l.name.includes('_per_') && l.unit === null
          ? { unit: '%', label: `${l.label} in percent` }
          : { label: `${together(l.label)} × ${together(lowerFirst(r.label))}` }),
        exact,
      };
    }
    case '/':
      return {
        ...base,
        sql: `(${x} / NULLIF(${y}, 0))`,
        type: 'float8',
        unit: r.literal !== undefined ? l.unit : null,
        label: `${together(l.label)} / ${together(lowerFirst(r.label))}`,
        exact: null,
      };
    case 'abs_difference':
      return {
        ...base,
        sql: `abs(${a} - ${b})`,
        type,
        unit: apart,
        label: `Difference between ${lowerFirst(l.label)} and ${lowerFirst(r.label)}`,
        exact: places,
      };
    case 'percent_change':
      return {
        ...base,
        sql: `((${x} - ${y}) / NULLIF(abs(${y}), 0) * 100)`,
        type: 'float8',
        unit: '%',
        label: `Change from ${lowerFirst(r.label)} to ${lowerFirst(l.label)}`,
        exact: null,
      };
  }
}
