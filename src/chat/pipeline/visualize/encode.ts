import type { Scalar } from '../../../common/scalar.js';
import { upperFirst } from '../words/language.js';
import { cellWords, type Field } from '../words/shape.js';

export type Json = Readonly<Record<string, unknown>>;

/** Vega-Lite reads dots and brackets in a field's name as a path. */
export const fieldName = (name: string): string => name.replace(/[\\.[\]'"]/g, (sign) => `\\${sign}`);

/** `GDP per capita (USD)`; the unit once only. */
export function axisTitle(field: Field): string {
  const label = upperFirst(field.label);
  const { unit } = field.style;
  return unit === null || unit === '' || label.toLowerCase().includes(unit.toLowerCase())
    ? label
    : `${label} (${unit})`;
}

/** An axis title in at most two lines. */
export const shortTitle = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** d3-format of a field's numbers. */
export function numberFormat({ style }: Field): string {
  return style.decimals === null ? ',.4~g' : `,.${style.decimals}f`;
}

/** Axis labels of numbers: millions and more short, billions as B. */
export function numberAxis(field: Field, values: readonly number[]): Json {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const whole = field.style.decimals === 0;
  return {
    title: shortTitle(axisTitle(field)),
    ...(largest >= 1e6 ? { labelExpr: "replace(format(datum.value, '~s'), 'G', 'B')" } : { format: ',.12~g' }),
    ...(whole ? { tickMinStep: 1 } : {}),
  };
}

const TIME_FORMATS = { year: '%Y', month: '%b %Y', week: '%-d %b %Y', day: '%-d %b %Y', hour: '%-d %b %H:%M' } as const;

/** The time format of a field's ISO dates; null when its values are not dates (years as numbers, quarters). */
export function timeFormat(field: Field, values: readonly Scalar[]): string | null {
  if (field.scale !== 'time' || field.grain === 'quarter') return null;
  if (!values.every((value) => value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)))))
    return null;
  const { grain } = field;
  if (grain === 'year' || grain === 'month' || grain === 'week' || grain === 'day' || grain === 'hour')
    return TIME_FORMATS[grain];
  return field.column.type === 'datetime' ? '%-d %b %Y %H:%M' : '%-d %b %Y';
}

/** A name on an axis or in a legend, as people write it; an expression only where the plain value would not do. */
export function nameLabels(field: Field, values: readonly Scalar[]): Json {
  const written = values.filter((value) => String(value) !== cellWords(value, field));
  if (written.length === 0) return {};
  const names = Object.fromEntries(written.map((value) => [String(value), cellWords(value, field)]));
  return { labelExpr: `${JSON.stringify(names)}[datum.value] || datum.label` };
}

/** `dated`: the field is drawn as a time, so that Vega-Lite reads its dates; elsewhere that would turn them into numbers. */
export function tooltipOf(field: Field, values: readonly Scalar[], dated: boolean): Json {
  const base = { field: fieldName(field.name), title: axisTitle(field) };
  if (field.scale === 'quantity') return { ...base, type: 'quantitative', format: numberFormat(field) };
  const format = dated ? timeFormat(field, values) : null;
  return format === null ? { ...base, type: 'nominal' } : { ...base, type: 'temporal', format };
}
