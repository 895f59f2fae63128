import type { Scalar } from '../../common/scalar.js';
import { parseNumber } from '../csv/numbers.js';
import type { Condition } from './analytical-query.js';
import { type Compiled, type Context, isNumeric, isTemporal, type Scope, TYPE_WORDS } from './context.js';
import { compileExpression } from './expressions.js';
import { type Period, periodOf } from './periods.js';
import { fold, foldSql, valuesByFold, valuesWhere } from './text-match.js';

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';
const SQL_OPERATORS: Readonly<Record<Operator, string>> = {
  '=': '=',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const FLIPPED: Readonly<Record<Operator, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Longer lists of matching values are left to a pattern in the database. */
const MAX_LISTED = 300;

/** @throws {422} query_invalid, with the path of the part that is wrong */
export function compileCondition(context: Context, condition: Condition, scope: Scope, path: string): string {
  context.visit(path);
  if ('and' in condition) return joined(context, condition.and, ' AND ', scope, `${path}.and`);
  if ('or' in condition) return joined(context, condition.or, ' OR ', scope, `${path}.or`);
  if ('not' in condition) return `NOT (${compileCondition(context, condition.not, scope, `${path}.not`)})`;
  const left = compileExpression(context, condition.left, scope, `${path}.left`);
  if ('compare' in condition) {
    const right = compileExpression(context, condition.right, scope, `${path}.right`);
    return compare(context, left, condition.compare, right, path);
  }
  if ('in' in condition) return isIn(context, left, condition.in, condition.negated ?? false, `${path}.in`);
  if ('between' in condition) {
    const [low, high] = condition.between;
    if (low === null || high === null) context.fail(`${path}.between`, 'A range needs two ends');
    return `(${compareTo(context, left, '>=', low, `${path}.between.0`)} AND ${compareTo(context, left, '<=', high, `${path}.between.1`)})`;
  }
  if ('text' in condition) return matches(context, left, condition.text, condition.value, path);
  if ('missing' in condition) return `${left.sql} IS ${condition.missing ? '' : 'NOT '}NULL`;
  const inner = context.subquery(context, condition.inQuery, `${path}.inQuery`);
  if (family(left) !== family(inner)) {
    context.fail(
      `${path}.inQuery.select`,
      `"${left.name}" is ${TYPE_WORDS[left.type]} but the inner query gives ${TYPE_WORDS[inner.type]}`,
    );
  }
  // A missing value inside would make NOT IN unknown for every row.
  return `${left.sql} ${condition.negated === true ? 'NOT IN' : 'IN'} (SELECT v FROM (${inner.sql}) AS q(v) WHERE v IS NOT NULL)`;
}

function joined(context: Context, parts: readonly Condition[], word: string, scope: Scope, path: string): string {
  if (parts.length === 0) context.fail(path, 'An empty list of conditions');
  return `(${parts.map((part, i) => compileCondition(context, part, scope, `${path}.${i}`)).join(word)})`;
}

function family({ type }: Compiled): string {
  if (type === 'null') return 'null';
  return isNumeric(type) ? 'number' : isTemporal(type) ? 'time' : type;
}

function compare(context: Context, left: Compiled, operator: Operator, right: Compiled, path: string): string {
  if (right.literal !== undefined && left.literal === undefined)
    return compareTo(context, left, operator, right.literal, `${path}.right`);
  if (left.literal !== undefined && right.literal === undefined)
    return compareTo(context, right, FLIPPED[operator], left.literal, `${path}.left`);
  const kind = family(left);
  if (kind === 'null' || kind !== family(right)) {
    context.fail(
      path,
      `"${left.name}" is ${TYPE_WORDS[left.type]} and "${right.name}" is ${TYPE_WORDS[right.type]}: they cannot be compared`,
    );
  }
  const sql = SQL_OPERATORS[operator];
  if (kind === 'text') return `lower(${left.sql}) COLLATE "C" ${sql} lower(${right.sql}) COLLATE "C"`;
  if (kind === 'boolean' && operator !== '=' && operator !== '!=') context.fail(path, 'True and false have no order');
  return `${left.sql} ${sql} ${right.sql}`;
}

/** Compares with a literal, read in the light of what it is compared with: "1,200" beside a number, 2024 beside a date. */
function compareTo(context: Context, left: Compiled, operator: Operator, value: Scalar, path: string): string {
  if (value === null) {
    if (operator !== '=' && operator !== '!=') context.fail(path, 'A missing value has no order; use "missing"');
    return `${left.sql} IS ${operator === '=' ? '' : 'NOT '}NULL`;
  }
  if (isTemporal(left.type) && typeof value !== 'boolean') {
    const period = periodOf(value);
    if (period === null)
      context.fail(path, `"${left.name}" is ${TYPE_WORDS[left.type]} and "${String(value)}" is not one`);
    return within(context, left.sql, operator, period);
  }
  switch (left.type) {
    case 'bigint':
    case 'float8':
    case 'numeric':
      return `${left.sql} ${SQL_OPERATORS[operator]} ${numberFor(context, left, value, path)}`;
    case 'text':
      return compareText(context, left, operator, value, path);
    case 'boolean':
      if (operator !== '=' && operator !== '!=') context.fail(path, 'True and false have no order');
      return `${left.sql} ${SQL_OPERATORS[operator]} ${context.bind(booleanFor(context, left, value, path), 'boolean')}`;
    default:
      return context.fail(
        path,
        `"${left.name}" is ${TYPE_WORDS[left.type]} and cannot be compared with "${String(value)}"`,
      );
  }
}

function numberFor(context: Context, left: Compiled, value: string | number | boolean, path: string): string {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string'
        ? (parseNumber(value.trim(), 'point')?.value ?? null)
        : null;
  if (number === null || !Number.isFinite(number))
    context.fail(path, `"${left.name}" is ${TYPE_WORDS[left.type]} and "${String(value)}" is not`);
  if (left.type === 'bigint' && Number.isSafeInteger(number)) return context.bind(number, 'bigint');
  return context.bind(number, left.type === 'float8' ? 'float8' : 'numeric');
}

function booleanFor(context: Context, left: Compiled, value: string | number | boolean, path: string): boolean {
  const word = String(value).trim().toLowerCase();
  if (['true', 'yes', 'y', 't', '1'].includes(word)) return true;
  if (['false', 'no', 'n', 'f', '0'].includes(word)) return false;
  return context.fail(path, `"${left.name}" is true or false and "${String(value)}" is neither`);
}

function within(context: Context, sql: string, operator: Operator, { start, end }: Period): string {
  const at = (iso: string): string => context.bind(iso, iso.length > 10 ? 'timestamp' : 'date');
  if (end === null) return `${sql} ${SQL_OPERATORS[operator]} ${at(start)}`;
  switch (operator) {
    case '=':
      return `(${sql} >= ${at(start)} AND ${sql} < ${at(end)})`;
    case '!=':
      return `(${sql} < ${at(start)} OR ${sql} >= ${at(end)})`;
    case '<':
    case '>=':
      return `${sql} ${operator} ${at(start)}`;
    case '<=':
      return `${sql} < ${at(end)}`;
    case '>':
      return `${sql} >= ${at(end)}`;
  }
}

function compareText(
  context: Context,
  left: Compiled,
  operator: Operator,
  value: string | number | boolean,
  path: string,
): string {
  const wanted = calendarName(left, value) ?? String(value).trim();
  if (operator === '=' || operator === '!=') return equals(context, left, wanted, operator === '!=');
  if (typeof value !== 'string')
    context.fail(path, `"${left.name}" is text, so it cannot be compared with the ${typeof value} ${String(value)}`);
  return `lower(${left.sql}) COLLATE "C" ${SQL_OPERATORS[operator]} lower(${context.bind(wanted, 'text')}) COLLATE "C"`;
}

/** "March", "mar" and 3 are how people say the month that the grain calls `Mar`; weekdays likewise. */
function calendarName(left: Compiled, value: string | number | boolean): string | null {
  if (left.grain !== 'weekday' && left.grain !== 'month_of_year') return null;
  const names =
    left.grain === 'weekday'
      ? ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
      : ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const word = String(value).trim().toLowerCase();
  return /^\d{1,2}$/.test(word)
    ? (names[Number(word) - 1] ?? null)
    : (names.find((name) => word.startsWith(name.toLowerCase())) ?? null);
}

/**
 * Where the profile lists a column's values, those equal but for case, accents and blanks are found here, so that the database
 * compares plain values (and can use an index); else the database ignores case.
 */
function equals(context: Context, left: Compiled, wanted: string, negated: boolean): string {
  const values = listed(left);
  const found = values === null ? null : (valuesByFold(values).get(fold(wanted)) ?? []);
  if (found !== null && (found.length > 0 || !isLive(context))) return among(context, left.sql, found, negated);
  return `lower(${left.sql}) ${negated ? '<>' : '='} lower(${context.bind(wanted, 'text')})`;
}

/** Rows that change by themselves may have values that the profile does not list yet. */
const isLive = ({ profile }: Context): boolean => profile.external !== undefined && profile.external !== null;

const listed = ({ column, grain, hasAggregate, type }: Compiled): readonly string[] | null =>
  column !== undefined && grain === undefined && !hasAggregate && type === 'text' ? column.values : null;

function among(context: Context, sql: string, values: readonly string[], negated: boolean): string {
  const slots = values.map((value) => context.bind(value, 'text'));
  if (slots.length === 0) return negated ? `${sql} IS NOT NULL` : 'FALSE';
  if (slots.length === 1) return `${sql} ${negated ? '<>' : '='} ${slots.join('')}`;
  return `${sql} ${negated ? 'NOT IN' : 'IN'} (${slots.join(', ')})`;
}

function isIn(context: Context, left: Compiled, values: readonly Scalar[], negated: boolean, path: string): string {
  const present = values.filter((value) => value !== null);
  const parts: string[] = [];
  const known = listed(left);
  if (known !== null && !isLive(context)) {
    const byFold = valuesByFold(known);
    const found = present.flatMap((value) => byFold.get(fold(String(value))) ?? []);
    parts.push(among(context, left.sql, [...new Set(found)], false));
  } else if (isNumeric(left.type) && left.type !== 'null') {
    const slots = present.map((value, i) => numberFor(context, left, value, `${path}.${i}`));
    if (slots.length > 0) parts.push(`${left.sql} IN (${slots.join(', ')})`);
  } else {
    parts.push(...present.map((value, i) => compareTo(context, left, '=', value, `${path}.${i}`)));
  }
  if (present.length < values.length) parts.push(`${left.sql} IS NULL`);
  const any = parts.length === 0 ? 'FALSE' : `(${parts.join(' OR ')})`;
  return negated ? `NOT ${any === 'FALSE' ? '(FALSE)' : any}` : any;
}

function matches(
  context: Context,
  left: Compiled,
  kind: 'contains' | 'starts_with' | 'ends_with' | 'equals',
  value: string,
  path: string,
): string {
  if (left.type === 'null') context.fail(`${path}.left`, 'A missing value has no text');
  const wanted = fold(value);
  const values = listed(left);
  if (kind === 'equals')
    return equals(context, left.type === 'text' ? left : { ...left, sql: `${left.sql}::text` }, value.trim(), false);
  if (values !== null && !isLive(context)) {
    const found = valuesWhere(values, (text) =>
      kind === 'contains'
        ? text.includes(wanted)
        : kind === 'starts_with'
          ? text.startsWith(wanted)
          : text.endsWith(wanted),
    );
    if (found.length <= MAX_LISTED) return among(context, left.sql, found, false);
  }
  const escaped = wanted.replace(/[\\%_]/g, '\\$&');
  const pattern = `${kind === 'starts_with' ? '' : '%'}${escaped}${kind === 'ends_with' ? '' : '%'}`;
  return `${foldSql(left.type === 'text' ? left.sql : `${left.sql}::text`)} LIKE ${context.bind(pattern, 'text')}`;
}
