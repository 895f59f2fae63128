import type { Scalar } from '../../../common/scalar.js';
import type { Outlier, Spread } from '../studies/outliers.js';
import type { Field } from '../words/shape.js';
import { fieldName, numberAxis, numberFormat, titleLines, axisTitle, type Json } from './encode.js';
import { along, framed, WIDTH, type Drawing, type Row } from './spec.js';

/** Stands out from every palette's first colour, for what is unusual. */
const MARKED = '#DC2626';
/** More names run into one another. */
const MOST_LABELS = 3;

/** Quartiles, median, and the values within the bounds as a box with whiskers; what is beyond as points with their names. */
export function boxPicture(
  head: Pick<Drawing, 'title' | 'description' | 'palette'>,
  { q1, median, q3, inside }: Spread,
  points: readonly Outlier[],
  y: Field,
): Json {
  const [low, high] = inside ?? [q1, q3];
  const values = points.map(({ name, value }) => ({ name, value }));
  const numbers = [low, high, ...points.map(({ value }) => value)];
  const x = (field: string): Json => ({
    field,
    type: 'quantitative',
    scale: { zero: false },
    axis: { ...numberAxis(y, numbers), title: titleLines(axisTitle(y)) },
  });
  const box = { data: { values: [{ low, q1, median, q3, high }] } };
  const format = numberFormat(y);
  const tooltip = (['low', 'q1', 'median', 'q3', 'high'] as const).map((field) => ({
    field,
    format,
    title: NAMES[field],
  }));
  return framed(head, { width: WIDTH, height: 120 }, values, {
    layer: [
      { ...box, mark: { type: 'rule', color: '#111827' }, encoding: { x: x('low'), x2: { field: 'high' } } },
      {
        ...box,
        mark: { type: 'bar', height: 44, color: head.palette[0] },
        encoding: { x: x('q1'), x2: { field: 'q3' }, tooltip },
      },
      {
        ...box,
        mark: { type: 'tick', height: 44, thickness: 2, color: '#ffffff' },
        encoding: { x: x('median'), tooltip },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 0.8, color: MARKED },
        encoding: {
          x: x('value'),
          tooltip: [
            { field: 'name', title: 'Which' },
            { field: 'value', format, title: axisTitle(y) },
          ],
        },
      },
      ...(points.length > MOST_LABELS ? [] : points.map((point, index) => labelOf(point, index, x('value')))),
    ],
  });
}

const NAMES = {
  low: 'Lowest within',
  q1: 'First quartile',
  median: 'Median',
  q3: 'Third quartile',
  high: 'Highest within',
};

/** Names of points that are near each other stand one above the other. */
const labelOf = ({ name, value }: Outlier, index: number, x: Json): Json => ({
  data: { values: [{ name, value }] },
  mark: { type: 'text', color: MARKED, fontSize: 12, dy: -14 - 14 * index, align: 'center' },
  encoding: { x, text: { field: 'name' } },
});

/** The picture of a series with the periods that are unusual marked. */
export function withMarks(
  spec: Json,
  points: readonly Outlier[],
  rows: readonly Row[],
  all: readonly Row[],
  x: Field,
  y: Field,
): Json {
  if (points.length === 0) return spec;
  const values = points.map(({ row }) => at(all[row] ?? [], x, y));
  return layered(spec, [
    {
      data: { values },
      mark: { type: 'point', filled: true, size: 140, opacity: 1, color: MARKED },
      encoding: {
        x: { field: fieldName(x.name), type: along(x, rows)['type'] },
        y: { field: fieldName(y.name), type: 'quantitative' },
      },
    },
  ]);
}

const at = (row: readonly Scalar[], x: Field, y: Field): Json => ({
  [x.name]: row[x.index] ?? null,
  [y.name]: row[y.index] ?? null,
});

/** The picture with more upon it. */
export function layered(spec: Json, more: readonly Json[]): Json {
  const { layer, mark, encoding, ...rest } = spec;
  const first = Array.isArray(layer) ? (layer as readonly Json[]) : [{ mark, encoding }];
  return { ...rest, layer: [...first, ...more] };
}
