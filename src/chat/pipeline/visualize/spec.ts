import type { Scalar } from '../../../common/scalar.js';
import type { ChartRequest } from '../turn.js';
import { type Field } from '../words/shape.js';
import type { Channels } from './channels.js';
import {
  axisTitle,
  LABEL_SIZE,
  legendTitle,
  shortNames,
  fieldName,
  nameLabels,
  numberAxis,
  titleLines,
  timeFormat,
  tooltipOf,
  type Json,
} from './encode.js';
import { wrapped } from './title.js';

export type Row = readonly Scalar[];

export interface Drawing {
  readonly channels: Channels;
  readonly rows: readonly Row[];
  readonly fields: readonly Field[];
  readonly palette: readonly string[];
  /** The colour of each value that is told apart by colour. */
  readonly colors: ReadonlyMap<Scalar, string>;
  /** Of the bars, the one that the answer names. */
  readonly winner: Scalar;
  readonly title: string;
  readonly description: string;
  readonly request: ChartRequest | null;
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
const FONT = 'Inter, system-ui, sans-serif';
export const WIDTH = 560;
export const HEIGHT = 320;
/** Below so many pixels a bar not every label of a row of years or bins is shown. */
const NARROW = 20;
/** A longer legend is a list that nobody looks colours up in. */
const MOST_LEGEND = 30;

/** Looks only: quiet axes, room for long names, one font. */
const CONFIG: Json = {
  font: FONT,
  background: '#ffffff',
  padding: 16,
  view: { stroke: null },
  title: { fontSize: 16, fontWeight: 600, anchor: 'start', offset: 16, color: '#111827' },
  axis: {
    labelFontSize: LABEL_SIZE,
    titleFontSize: 12,
    titleFontWeight: 600,
    labelColor: '#374151',
    titleColor: '#374151',
    gridColor: '#e5e7eb',
    domainColor: '#9ca3af',
    tickColor: '#9ca3af',
    labelLimit: 240,
    maxExtent: 320,
    titlePadding: 10,
    labelPadding: 4,
    labelFlush: false,
  },
  legend: {
    labelFontSize: LABEL_SIZE,
    titleFontSize: 12,
    titleFontWeight: 600,
    labelLimit: 240,
    symbolLimit: 40,
    labelColor: '#374151',
    titleColor: '#374151',
  },
};

export const valuesOf = (rows: readonly Row[], field: Field): Scalar[] => [
  ...new Set(rows.map((row) => row[field.index] ?? null)),
];
export const numbersOf = (rows: readonly Row[], field: Field): number[] =>
  rows.map((row) => row[field.index]).filter((value) => typeof value === 'number');

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole specification around what is drawn of some values. */
export const framed = (
  { title, description }: Pick<Drawing, 'title' | 'description'>,
  size: Size,
  values: readonly Json[],
  drawn: Json,
): Json => ({
  $schema: SCHEMA,
  description,
  title: { text: wrapped(title, Math.max(40, Math.round(size.width / 8))) },
  ...size,
  data: { values },
  ...drawn,
  config: CONFIG,
});

/** The whole specification around a mark and its encoding. */
export function specOf(drawing: Drawing, size: Size, drawn: Json): Json {
  const values = drawing.rows.map((row) =>
    Object.fromEntries(drawing.fields.map(({ name, index }) => [name, row[index] ?? null])),
  );
  return framed(drawing, size, values, drawn);
}

export const quantity = (field: Field, rows: readonly Row[], more: Json = {}): Json => ({
  field: fieldName(field.name),
  type: 'quantitative',
  axis: numberAxis(field, numbersOf(rows, field)),
  ...more,
});

/** Stacks pile up in the order of their names, so a legend of a stack is sorted by name too; others keep the order drawn. */
export function colorChannel({ rows, colors, palette }: Drawing, field: Field, stacked = false): Json {
  const values = valuesOf(rows, field);
  const domain = stacked ? values.toSorted(byName) : values;
  return {
    field: fieldName(field.name),
    type: 'nominal',
    ...(stacked ? {} : { sort: null }),
    scale: { domain, range: domain.map((value) => colors.get(value) ?? palette[0]) },
    legend: values.length > MOST_LEGEND ? null : { title: legendTitle(field), ...nameLabels(field, values) },
  };
}

const byName = (a: Scalar, b: Scalar): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1;

/** Lines of one colour, where there are more of them than colours, are told apart by dashes. */
export function dashes(drawing: Drawing, field: Field): Json {
  const { rows, colors } = drawing;
  const values = valuesOf(rows, field);
  const used = new Map<string, number>();
  const range = values.map((value) => {
    const color = colors.get(value) ?? '';
    const times = used.get(color) ?? 0;
    used.set(color, times + 1);
    return DASHES[times % DASHES.length] ?? [1, 0];
  });
  if (used.size === values.length) return {};
  const { legend, ...color } = colorChannel(drawing, field);
  return { strokeDash: { ...color, scale: { domain: values, range }, legend } };
}

const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [10, 3, 2, 3],
] as const;

export const tooltips = ({ rows, channels: { x, y, color } }: Drawing, dated = false): Json[] =>
  [x, color, y].filter((field) => field !== null).map((field) => tooltip(field, rows, dated));

export const tooltip = (field: Field, rows: readonly Row[], dated: boolean): Json =>
  tooltipOf(field, dated && field.scale === 'time' ? valuesOf(rows, field) : [], dated);

export const longest = (labels: readonly string[]): number =>
  labels.reduce((most, { length }) => Math.max(most, length), 0);
export const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, Math.round(value)));

/** Names side by side (in the given order), with labels turned only where they would touch. */
export function discrete(field: Field, rows: readonly Row[], room: number | null): Json {
  const values = valuesOf(rows, field);
  const labels = [...shortNames(field, values).values()];
  const crowded = room !== null && room < NARROW && field.scale !== 'category';
  const tilted = room !== null && !crowded && longest(labels) * 7.5 > room - 4;
  return {
    field: fieldName(field.name),
    type: field.scale === 'category' ? 'nominal' : 'ordinal',
    sort: null,
    axis: {
      title: titleLines(axisTitle(field), room === null ? 40 : 70),
      ...(room === null ? {} : tilted ? { labelAngle: -40, labelAlign: 'right' } : { labelAngle: 0 }),
      ...(crowded ? { labelOverlap: 'greedy', labelSeparation: 6 } : { labelOverlap: false }),
      ...nameLabels(field, values),
    },
  };
}

/** Time along x: numbers of years and dates at their distance, so that a gap is seen; other orders one step each. */
export function along(x: Field, rows: readonly Row[]): Json {
  const values = valuesOf(rows, x);
  const format = timeFormat(x, values);
  const title = titleLines(axisTitle(x), 70);
  if (format !== null)
    return {
      field: fieldName(x.name),
      type: 'temporal',
      scale: { type: 'utc' },
      axis: {
        title,
        labelOverlap: true,
        format,
        tickCount: clamp(values.length, 2, x.grain === 'month' || x.grain === 'year' ? 12 : 6),
      },
    };
  if (x.scale === 'time' && values.every((value) => typeof value === 'number'))
    return {
      field: fieldName(x.name),
      type: 'quantitative',
      scale: { zero: false, nice: false },
      axis: { title, format: 'd', tickMinStep: 1, tickCount: clamp(values.length - 1, 1, 12), grid: false },
    };
  if (x.scale === 'quantity') return quantity(x, rows, { scale: { zero: false } });
  return discrete(x, rows, (x.scale === 'category' ? Math.max(WIDTH, 20 * values.length) : WIDTH) / values.length);
}
