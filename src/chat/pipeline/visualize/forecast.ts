import type { Scalar } from '../../../common/scalar.js';
import type { Forecast } from '../studies/forecast.js';
import type { Field } from '../words/shape.js';
import { fieldName, numberFormat, type Json } from './encode.js';
import { layered } from './outliers.js';
import { along, type Row } from './spec.js';

const INK = '#111827';

/** The line so far, and what is expected after it: dashed, in the band that it lies in 95 times of 100. */
export function withForecast(spec: Json, { expected }: Forecast, rows: readonly Row[], x: Field, y: Field): Json {
  const last = rows.findLast((row) => typeof row[y.index] === 'number');
  if (expected.length === 0 || last === undefined) return spec;
  const point = (key: Scalar, value: Scalar, low: Scalar, high: Scalar): Json => ({ [x.name]: key, value, low, high });
  const end = last[y.index] ?? null;
  const values = [
    point(last[x.index] ?? null, end, end, end),
    ...expected.map(({ key, value, low, high }) => point(key, value, low, high)),
  ];
  const all = [
    ...rows,
    ...expected.map(({ key }) => rows[0]?.map((_, index) => (index === x.index ? key : null)) ?? []),
  ];
  const { type } = along(x, all);
  const across = { field: fieldName(x.name), type };
  const format = numberFormat(y);
  const up = (field: string): Json => ({ field, type: 'quantitative' });
  const tooltip = [
    { field: 'value', title: 'Expected', format },
    { field: 'low', title: 'Low (95 %)', format },
    { field: 'high', title: 'High (95 %)', format },
  ];
  return layered(withAxis(spec, along(x, all)), [
    {
      data: { values },
      mark: { type: 'area', opacity: 0.18, color: INK },
      encoding: { x: across, y: up('low'), y2: { field: 'high' } },
    },
    {
      data: { values },
      mark: { type: 'line', strokeDash: [6, 4], strokeWidth: 2, color: INK },
      encoding: { x: across, y: up('value') },
    },
    {
      data: { values: values.slice(1) },
      mark: { type: 'point', filled: true, size: 45, opacity: 1, color: INK },
      encoding: { x: across, y: up('value'), tooltip },
    },
  ]);
}

/** The axis is made for all periods, those to come among them. */
function withAxis(spec: Json, x: Json): Json {
  const over = (drawn: unknown): unknown =>
    isJson(drawn) && isJson(drawn['encoding']) && 'mark' in drawn && !('data' in drawn)
      ? { ...drawn, encoding: { ...drawn['encoding'], x } }
      : drawn;
  const { layer } = spec;
  if (Array.isArray(layer)) return { ...spec, layer: layer.map(over) };
  return isJson(spec['encoding']) ? { ...spec, encoding: { ...spec['encoding'], x } } : spec;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;
