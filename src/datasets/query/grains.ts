import type { Grain } from './analytical-query.js';
import { type Compiled, type Context, isNumeric, isTemporal, TYPE_WORDS } from './context.js';
import { GRAIN_WORDS } from './labels.js';

/** A date or time at a coarser grain. */
export function atGrain(context: Context, of: Compiled, grain: Grain, path: string): Compiled {
  const { sql, type } = of;
  const words = { label: `${of.label} (${GRAIN_WORDS[grain]})`, name: `${of.name} (${GRAIN_WORDS[grain]})` };
  if (!isTemporal(type)) {
    if (grain === 'year' && type === 'bigint') return of;
    context.fail(path, `"${of.name}" is ${TYPE_WORDS[type]}, so it has no ${GRAIN_WORDS[grain]}`);
  }
  if ((grain === 'hour' || grain === 'hour_of_day') && type === 'date') {
    context.fail(path, `"${of.name}" has dates without a time of day`);
  }
  const base: Compiled = { ...of, ...words, grain: 'other', exact: 0 };
  switch (grain) {
    case 'year':
      return { ...base, sql: `extract(year from ${sql})::bigint`, type: 'bigint' };
    case 'quarter':
      return { ...base, sql: `to_char(${sql}, 'YYYY-"Q"Q')`, type: 'text' };
    case 'month':
      return { ...base, sql: `to_char(${sql}, 'YYYY-MM')`, type: 'text' };
    case 'week':
      return { ...base, sql: `date_trunc('week', ${sql})::date`, type: 'date' };
    case 'day':
      return { ...base, sql: `${sql}::date`, type: 'date' };
    case 'hour':
      return { ...base, sql: `date_trunc('hour', ${sql})`, type: 'timestamp' };
    case 'weekday':
      return {
        ...base,
        sql: `to_char(${sql}, 'Dy')`,
        type: 'text',
        grain: 'weekday',
        orderSql: `extract(isodow from ${sql})`,
      };
    case 'month_of_year':
      return {
        ...base,
        sql: `to_char(${sql}, 'Mon')`,
        type: 'text',
        grain: 'month_of_year',
        orderSql: `extract(month from ${sql})`,
      };
    case 'day_of_month':
      return { ...base, sql: `extract(day from ${sql})::bigint`, type: 'bigint' };
    case 'hour_of_day':
      return { ...base, sql: `extract(hour from ${sql})::bigint`, type: 'bigint' };
  }
}

const EPOCH = `date '2001-01-01'`; // a Monday

/** The number of a time's step at a grain, or of a plain date its day; undefined where steps come round again or there are none. */
export function stepOf(sql: string, type: Compiled['type'], grain: Grain | undefined): Compiled['step'] {
  const year = `extract(year from ${sql})`;
  const whole = (step: string): Compiled['step'] => ({ sql: `(${step})::bigint`, gapsAreUsual: false });
  if (type === 'bigint') return grain === undefined || grain === 'year' ? whole(sql) : undefined;
  if (!isTemporal(type)) return undefined;
  switch (grain) {
    case 'year':
      return whole(year);
    case 'quarter':
      return whole(`${year} * 4 + extract(quarter from ${sql})`);
    case 'month':
      return whole(`${year} * 12 + extract(month from ${sql})`);
    case 'week':
      return whole(`(date_trunc('week', ${sql})::date - ${EPOCH}) / 7`);
    case 'day':
      return { sql: `(${sql}::date - ${EPOCH})::bigint`, gapsAreUsual: true };
    case 'hour':
      return { sql: `(extract(epoch from date_trunc('hour', ${sql})) / 3600)::bigint`, gapsAreUsual: true };
    case undefined:
      return type === 'date' ? { sql: `(${sql} - ${EPOCH})::bigint`, gapsAreUsual: true } : undefined;
    default:
      return undefined;
  }
}

/** In decimal arithmetic: 0.3 lies in the bin that starts at 0.3 whatever doubles make of 0.3 / 0.1. */
export function binned(context: Context, of: Compiled, width: number, path: string): Compiled {
  if (!isNumeric(of.type)) context.fail(path, `"${of.name}" is ${TYPE_WORDS[of.type]}; only numbers have bins`);
  if (!Number.isFinite(width) || width <= 0) context.fail(path, 'A bin needs a width above 0');
  const by = context.bind(width, 'numeric');
  const whole = of.type === 'bigint' && Number.isInteger(width);
  const sql = `(floor(${of.sql}::numeric / ${by}) * ${by})`;
  return {
    ...of,
    sql: whole ? `${sql}::bigint` : sql,
    type: whole ? 'bigint' : 'numeric',
    exact: null,
    grain: 'other',
  };
}
