import type { Scalar } from '../../../common/scalar.js';
import type { ChartRequest } from '../turn.js';
import { cellWords, type Field } from '../words/shape.js';
import type { Channels } from './channels.js';
import {
  axisTitle,
  fieldName,
  nameLabels,
  numberAxis,
  numberFormat,
  shortTitle,
  timeFormat,
  tooltipOf,
  type Json,
} from './encode.js';
import { wrapped } from './title.js';

type Row = readonly Scalar[];

export interface Drawing {
  readonly channels: Channels;
  readonly rows: readonly Row[];
  readonly fields: readonly Field[];
  readonly palette: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly request: ChartRequest | null;
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
const FONT = 'Inter, system-ui, sans-serif';
const WIDTH = 560;
const HEIGHT = 320;
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
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 600,
    labelColor: '#374151',
    titleColor: '#374151',
    gridColor: '#e5e7eb',
    domainColor: '#9ca3af',
    tickColor: '#9ca3af',
    labelLimit: 240,
    titlePadding: 10,
    labelPadding: 4,
    labelFlush: false,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 600,
    labelLimit: 240,
    symbolLimit: 40,
    labelColor: '#374151',
    titleColor: '#374151',
  },
};

const valuesOf = (rows: readonly Row[], field: Field): Scalar[] => [
  ...new Set(rows.map((row) => row[field.index] ?? null)),
];
const numbersOf = (rows: readonly Row[], field: Field): number[] =>
  rows.flatMap((row) => {
    const value = row[field.index];
    return typeof value === 'number' ? [value] : [];
  });

/** The whole specification around a mark and its encoding. */
export function specOf(drawing: Drawing, size: { readonly width: number; readonly height: number }, drawn: Json): Json {
  return {
    $schema: SCHEMA,
    description: drawing.description,
    title: { text: wrapped(drawing.title, Math.max(40, Math.round(size.width / 8))) },
    ...size,
    data: {
      values: drawing.rows.map((row) =>
        Object.fromEntries(drawing.fields.map(({ name, index }) => [name, row[index] ?? null])),
      ),
    },
    ...drawn,
    config: CONFIG,
  };
}

export function draw(drawing: Drawing): Json {
  switch (drawing.channels.mark) {
    case 'arc':
      return pie(drawing);
    case 'line':
    case 'area':
      return line(drawing);
    case 'point':
    case 'tick':
      return points(drawing);
    case 'rect':
      return heat(drawing);
    case 'boxplot':
      return boxes(drawing);
    case 'bar':
      return bars(drawing);
  }
}

const quantity = (field: Field, rows: readonly Row[], more: Json = {}): Json => ({
  field: fieldName(field.name),
  type: 'quantitative',
  axis: numberAxis(field, numbersOf(rows, field)),
  ...more,
});

/** Stacks pile up in the order of their names, so a legend of a stack is sorted by name too; others keep the order drawn. */
const colorChannel = (field: Field, rows: readonly Row[], palette: readonly string[], stacked = false): Json => {
  const values = valuesOf(rows, field);
  const range = values.map((_, index) => palette[index % palette.length] ?? palette[0]);
  return {
    field: fieldName(field.name),
    type: 'nominal',
    ...(stacked ? {} : { sort: null }),
    scale: { range },
    legend: values.length > MOST_LEGEND ? null : { title: shortTitle(axisTitle(field)), ...nameLabels(field, values) },
  };
};

const tooltips = ({ rows, channels: { x, y, color } }: Drawing): Json[] =>
  [x, color, y].filter((field) => field !== null).map((field) => tooltipOf(field, valuesOf(rows, field)));

const longest = (labels: readonly string[]): number => labels.reduce((most, { length }) => Math.max(most, length), 0);
const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, Math.round(value)));

/** Names side by side (in the given order), with labels turned only where they would touch. */
function discrete(field: Field, rows: readonly Row[], room: number | null): Json {
  const values = valuesOf(rows, field);
  const labels = values.map((value) => cellWords(value, field));
  const tilted = room !== null && longest(labels) * 7.5 > room - 4;
  const { grain, scale } = field;
  return {
    field: fieldName(field.name),
    type: scale === 'category' ? 'nominal' : 'ordinal',
    sort: null,
    axis: {
      title: shortTitle(axisTitle(field)),
      ...(room === null ? {} : tilted ? { labelAngle: -40, labelAlign: 'right' } : { labelAngle: 0 }),
      ...(grain === 'weekday' || values.length <= 60 ? { labelOverlap: false } : { labelOverlap: true }),
      ...nameLabels(field, values),
    },
  };
}

function bars(drawing: Drawing): Json {
  const { channels, rows, palette, request } = drawing;
  const { x, y, color } = channels;
  const values = valuesOf(rows, x);
  const labels = values.map((value) => cellWords(value, x));
  const stacked = color !== null && (request?.stacked ?? y.additive);
  const series = color === null || stacked ? 1 : valuesOf(rows, color).length;
  const flat = x.scale === 'category' && (longest(labels) > 12 || values.length > 8);
  const thick = series === 1 ? (values.length > 30 ? 18 : 28) : 12 * series + 10;
  const size = flat
    ? { width: WIDTH - 60, height: Math.max(80, values.length * thick) }
    : {
        width: clamp(
          values.length * Math.max(series === 1 ? 64 : 22 * series + 20, 0),
          220,
          Math.max(WIDTH, values.length * 16),
        ),
        height: HEIGHT,
      };
  const name = discrete(x, rows, flat ? null : size.width / values.length);
  const number = quantity(y, rows, color === null ? {} : { stack: stacked ? 'zero' : null });
  const offset =
    color === null || stacked ? {} : { [flat ? 'yOffset' : 'xOffset']: { field: fieldName(color.name), sort: null } };
  return specOf(drawing, size, {
    mark: {
      type: 'bar',
      ...(color === null ? { color: palette[0] } : {}),
      cornerRadiusEnd: stacked ? 0 : 2,
      ...(series === 1 && values.length <= 6 ? { [flat ? 'height' : 'width']: { band: 0.7 } } : {}),
    },
    encoding: {
      ...(flat ? { y: name, x: number } : { x: name, y: number }),
      ...offset,
      ...(color === null ? {} : { color: colorChannel(color, rows, palette, stacked) }),
      tooltip: tooltips(drawing),
    },
  });
}

function line(drawing: Drawing): Json {
  const { channels, rows, palette } = drawing;
  const { mark, x, y, color } = channels;
  const numbers = numbersOf(rows, y);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const zero = mark === 'area' || low <= 0.4 * high;
  const stacked = color !== null && (mark === 'area' || drawing.request?.stacked === true);
  return specOf(
    drawing,
    { width: WIDTH, height: HEIGHT },
    {
      mark: {
        type: mark,
        ...(color === null ? { color: palette[0] } : {}),
        ...(mark === 'area' ? { opacity: 0.7, line: true } : { strokeWidth: 2.5 }),
        point:
          mark === 'line' && rows.length <= 60
            ? { size: 45, filled: true, ...(color === null ? { color: palette[0] } : {}) }
            : false,
      },
      encoding: {
        x: along(x, rows),
        y: quantity(y, rows, {
          scale: { zero, nice: true },
          ...(color === null ? {} : { stack: stacked ? 'zero' : null }),
        }),
        ...(color === null ? {} : { color: colorChannel(color, rows, palette, stacked) }),
        tooltip: tooltips(drawing),
      },
    },
  );
}

/** Time along x: numbers of years and dates at their distance, so that a gap is seen; other orders one step each. */
function along(x: Field, rows: readonly Row[]): Json {
  const values = valuesOf(rows, x);
  const format = timeFormat(x, values);
  const title = shortTitle(axisTitle(x));
  if (format !== null)
    return {
      field: fieldName(x.name),
      type: 'temporal',
      scale: { type: 'utc' },
      axis: {
        title,
        labelOverlap: true,
        ...(x.grain === 'month' || x.grain === 'year' ? { format, tickCount: clamp(values.length, 2, 12) } : {}),
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
  return discrete(x, rows, WIDTH / values.length);
}

function points(drawing: Drawing): Json {
  const { channels, rows, palette } = drawing;
  const { x, y, color, mark } = channels;
  const continuous =
    x.scale === 'quantity' ||
    (x.profile?.role === 'measure' && x.bin === null && numbersOf(rows, x).length === rows.length);
  return specOf(
    drawing,
    { width: WIDTH, height: 380 },
    {
      mark: {
        type: mark,
        ...(color === null ? { color: palette[0] } : {}),
        ...(mark === 'point' ? { filled: true, size: 60, opacity: rows.length > 200 ? 0.4 : 0.75 } : {}),
      },
      encoding: {
        x: continuous
          ? quantity(x, rows, { scale: { zero: false } })
          : x.scale === 'time'
            ? along(x, rows)
            : discrete(x, rows, WIDTH / valuesOf(rows, x).length),
        y: quantity(y, rows, { scale: { zero: !continuous } }),
        ...(color === null ? {} : { color: colorChannel(color, rows, palette) }),
        tooltip: drawing.fields.map((field) => tooltipOf(field, valuesOf(rows, field))),
      },
    },
  );
}

function pie(drawing: Drawing): Json {
  const { channels, rows, palette } = drawing;
  const { x, y } = channels;
  const total = numbersOf(rows, y).reduce((sum, value) => sum + value, 0);
  const parts = rows.map((row) => {
    const value = row[y.index];
    const part = typeof value === 'number' && total > 0 ? ` · ${((value / total) * 100).toFixed(1)} %` : '';
    return [String(row[x.index] ?? null), `${cellWords(row[x.index] ?? null, x)}${part}`];
  });
  return specOf(
    drawing,
    { width: 320, height: 300 },
    {
      mark: { type: 'arc', outerRadius: 140, stroke: '#ffffff', strokeWidth: 1.5 },
      encoding: {
        theta: { field: fieldName(y.name), type: 'quantitative', stack: true },
        order: { field: fieldName(y.name), type: 'quantitative', sort: 'descending' },
        color: {
          ...colorChannel(x, rows, palette),
          legend: {
            title: shortTitle(axisTitle(x)),
            labelExpr: `${JSON.stringify(Object.fromEntries(parts))}[datum.value] || datum.label`,
          },
        },
        tooltip: tooltips(drawing),
      },
    },
  );
}

function heat(drawing: Drawing): Json {
  const { channels, rows, palette } = drawing;
  const { x, y, color } = channels;
  if (color === null) return bars(drawing);
  const [columns, lines] = [valuesOf(rows, x).length, valuesOf(rows, color).length];
  const width = clamp(columns * 48, 240, Math.max(WIDTH, columns * 20));
  return specOf(
    drawing,
    { width, height: clamp(lines * 24, 100, lines * 24) },
    {
      mark: { type: 'rect' },
      encoding: {
        x: discrete(x, rows, width / columns),
        y: discrete(color, rows, null),
        color: {
          field: fieldName(y.name),
          type: 'quantitative',
          scale: { range: ['#f3f4f6', palette[0]] },
          legend: {
            title: shortTitle(axisTitle(y)),
            format: numberFormat(y),
            gradientLength: clamp(lines * 24, 80, 200),
          },
        },
        tooltip: tooltips(drawing),
      },
    },
  );
}

function boxes(drawing: Drawing): Json {
  const { channels, rows, palette } = drawing;
  const { x, y } = channels;
  const count = valuesOf(rows, x).length;
  const width = clamp(count * 70, 220, Math.max(WIDTH, count * 24));
  return specOf(
    drawing,
    { width, height: HEIGHT },
    {
      mark: { type: 'boxplot', color: palette[0] },
      encoding: { x: discrete(x, rows, width / count), y: quantity(y, rows, { scale: { zero: false } }) },
    },
  );
}
