import type { Field } from '../words/shape.js';
import { axisTitle, fieldName, shortNames, titleLines, type Json } from './encode.js';
import { colorChannel, quantity, specOf, tooltips, valuesOf, WIDTH, type Drawing } from './spec.js';

/** Pixels a bar. */
const ROW = 22;

/** Bars of their own under each other, those of a group together and in its colour. */
export function ownBars(drawing: Drawing, color: Field): Json {
  const { channels, fields } = drawing;
  const { x, y } = channels;
  const place = fields.reduce((most, { index }) => Math.max(most, index), 0) + 1;
  const key: Field = { ...x, index: place, name: `${color.name} / ${x.name}` };
  const groups = valuesOf(drawing.rows, color);
  const rows = groups
    .flatMap((group) => drawing.rows.filter((row) => (row[color.index] ?? null) === group))
    .map((row, at) => [...row.slice(0, place), String(at)]);
  const names = shortNames(x, valuesOf(rows, x));
  const labels = Object.fromEntries(rows.map((row) => [row[place], names.get(row[x.index] ?? null)]));
  return specOf(
    { ...drawing, rows, fields: [...fields, key] },
    { width: WIDTH - 60, height: rows.length * ROW },
    {
      mark: { type: 'bar', cornerRadiusEnd: 2 },
      encoding: {
        y: {
          field: fieldName(key.name),
          type: 'nominal',
          sort: null,
          axis: {
            title: titleLines(axisTitle(x)),
            labelOverlap: false,
            labelExpr: `${JSON.stringify(labels)}[datum.value] || datum.label`,
          },
        },
        x: quantity(y, rows),
        color: colorChannel(drawing, color),
        tooltip: tooltips(drawing),
      },
    },
  );
}
