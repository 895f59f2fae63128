import type { Scalar } from '../../../common/scalar.js';
import { upperFirst } from '../words/language.js';
import { cellWords, type Field } from '../words/shape.js';
import { textWidth } from './text-width.js';
import { wrapped } from './title.js';

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

/** The title of an axis or a legend, broken where it is longer than so many characters. */
export const titleLines = (text: string, width = 40): string | string[] =>
  wrapped(text.length > 80 ? `${text.slice(0, 79)}…` : text, width);

/** Legends stand beside the picture. */
export const legendTitle = (field: Field): string | string[] => titleLines(axisTitle(field), 26);

/** d3-format of a field's numbers. */
export function numberFormat({ style }: Field): string {
  if (style.compact === true) return ',.4~s';
  return style.decimals === null ? ',.4~g' : `,.${style.decimals}f`;
}

/** Axis labels of numbers: millions and more short, billions as B. */
export function numberAxis(field: Field, values: readonly number[]): Json {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const whole = field.style.decimals === 0;
  return {
    title: titleLines(axisTitle(field)),
    ...(largest >= 1e6
      ? { labelExpr: "replace(format(datum.value, '~s'), 'G', 'B')" }
      : { format: field.style.fixed === true ? numberFormat(field) : ',.12~g' }),
    tickCount: 6,
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

/** Room for a name, in pixels. */
const LABEL_ROOM = 230;
export const LABEL_SIZE = 12;

/** How much of a cut name its beginning gets, best first. */
const HEADS = [0.6, 0.35, 0.15, 0.85];

/** A name without its middle where it is too long, since names of a kind tend to differ at an end. */
function shortened(name: string, room: number, head: number): string {
  const fits = (text: string): boolean => textWidth(text, LABEL_SIZE, false) <= room;
  if (fits(name)) return name;
  const signs = [...name];
  for (let kept = Math.min(signs.length - 1, 60); kept > 2; kept--) {
    const first = Math.ceil(head * kept);
    const last = signs.slice(signs.length - (kept - first));
    const short = `${signs.slice(0, first).join('').trimEnd()}…${last.join('').trimStart()}`;
    if (fits(short)) return short;
  }
  return name;
}

/** The names of values as they stand on an axis or in a legend: cut where they are too long, and still told apart. */
export function shortNames(field: Field, values: readonly Scalar[], room = LABEL_ROOM): ReadonlyMap<Scalar, string> {
  const names = values.map((value) => [value, cellWords(value, field)] as const);
  const cut = (head: number): Map<Scalar, string> =>
    new Map(names.map(([value, name]) => [value, shortened(name, room, head)]));
  const all = HEADS.map(cut);
  return all.find((each) => new Set(each.values()).size === names.length) ?? all[0] ?? new Map();
}

/** A name as people write it; an expression only where the plain value would not do. */
export function nameLabels(field: Field, values: readonly Scalar[]): Json {
  const short = [...shortNames(field, values)].filter(([value, name]) => String(value) !== name);
  if (short.length === 0) return {};
  const names = Object.fromEntries(short.map(([value, name]) => [String(value), name]));
  return { labelExpr: `${JSON.stringify(names)}[datum.value] || datum.label` };
}

/** `dated`: the field is drawn as a time, so that Vega-Lite reads its dates; elsewhere that would turn them into numbers. */
export function tooltipOf(field: Field, values: readonly Scalar[], dated: boolean): Json {
  const base = { field: fieldName(field.name), title: axisTitle(field) };
  if (field.scale === 'quantity') return { ...base, type: 'quantitative', format: numberFormat(field) };
  const format = dated ? timeFormat(field, values) : null;
  return format === null ? { ...base, type: 'nominal' } : { ...base, type: 'temporal', format };
}
