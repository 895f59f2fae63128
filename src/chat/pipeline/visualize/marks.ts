import { cellWords } from '../words/shape.js';
import { axisTitle, fieldName, numberFormat, shortTitle, type Json } from './encode.js';
import {
  HEIGHT,
  WIDTH,
  along,
  clamp,
  colorChannel,
  discrete,
  longest,
  numbersOf,
  quantity,
  specOf,
  tooltip,
  tooltips,
  valuesOf,
  type Drawing,
} from './spec.js';

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
        ...(mark === 'area'
          ? { opacity: 0.7, line: color === null ? { color: palette[0] } : true }
          : { strokeWidth: 2.5 }),
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
        tooltip: tooltips(drawing, true),
      },
    },
  );
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
        tooltip: drawing.fields.map((field) => tooltip(field, rows, x.scale === 'time')),
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
