import { cellWords, type Field } from '../words/shape.js';
import { MUTED } from './palette.js';
import { axisTitle, fieldName, legendTitle, numberFormat, shortNames, titleLines, type Json } from './encode.js';
import { ownBars } from './own-bars.js';
import {
  HEIGHT,
  WIDTH,
  along,
  clamp,
  colorChannel,
  dashes,
  discrete,
  longest,
  numbersOf,
  quantity,
  specOf,
  tooltip,
  tooltips,
  valuesOf,
  type Drawing,
  type Row,
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
  if (color !== null && channels.ownBars === true) return ownBars(drawing, color);
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
      ...(color === null ? winnerColor(drawing) : { color: colorChannel(drawing, color, stacked) }),
      tooltip: tooltips(drawing),
    },
  });
}

/** The bar that the answer names stands out from those it was chosen from. */
function winnerColor({ channels: { x }, winner, palette }: Drawing): Json {
  if (winner === null) return {};
  const test = `datum[${JSON.stringify(x.name)}] === ${JSON.stringify(winner)}`;
  return { color: { condition: { test, value: palette[0] }, value: MUTED } };
}

function line(drawing: Drawing): Json {
  const { channels, rows, palette } = drawing;
  const { mark, x, y, color } = channels;
  const numbers = numbersOf(rows, y);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const zero = mark === 'area' || low <= 0.4 * high || low === high;
  const stacked = color !== null && (mark === 'area' || drawing.request?.stacked === true);
  const dotted = mark === 'line' && rows.length <= MOST_DOTS;
  const plain = color === null ? { color: palette[0] } : {};
  const drawn = {
    mark: {
      type: mark,
      ...plain,
      ...(mark === 'area' ? { opacity: 0.7, line: color === null ? plain : true } : { strokeWidth: 2.5 }),
      point: dotted ? { size: 45, filled: true, ...plain } : false,
    },
    encoding: {
      x: along(x, rows),
      y: quantity(y, rows, {
        scale: { zero, nice: true },
        ...(color === null ? {} : { stack: stacked ? 'zero' : null }),
        ...gaps(rows, x),
      }),
      ...(color === null ? {} : { color: colorChannel(drawing, color, stacked) }),
      ...(color === null || mark === 'area' ? {} : dashes(drawing, color)),
      tooltip: tooltips(drawing, true),
    },
  };
  const ends = color === null && dotted && x.scale === 'time' ? endLabels(drawing) : [];
  return specOf(
    drawing,
    { width: breadth(rows, x), height: HEIGHT },
    ends.length === 0 ? drawn : { layer: [drawn, ...ends] },
  );
}

/** What a line begins and ends with, written beside it. */
function endLabels({ rows, channels: { x, y } }: Drawing): Json[] {
  const known = rows.filter((row) => typeof row[y.index] === 'number' && row[x.index] !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || known.length < 3) return [];
  const inside = (row: Row, next: Row | undefined): number =>
    Number(row[y.index]) >= Number(next?.[y.index] ?? 0) ? -12 : 14;
  const ends = [
    { row: first, align: 'left', dx: -4, dy: inside(first, known[1]) },
    { row: last, align: 'right', dx: 4, dy: inside(last, known.at(-2)) },
  ];
  return ends.map(({ row, ...place }) => ({
    data: { values: [{ [x.name]: row[x.index] ?? null, [y.name]: row[y.index] ?? null }] },
    mark: { type: 'text', color: '#111827', fontWeight: 600, fontSize: 12, baseline: 'middle', ...place },
    encoding: {
      x: { field: fieldName(x.name), type: along(x, rows)['type'] },
      y: { field: fieldName(y.name), type: 'quantitative' },
      text: { value: cellWords(row[y.index] ?? null, { ...y, style: { ...y.style, unit: null } }) },
    },
  }));
}

/** More points than this on a line run together. */
const MOST_DOTS = 60;

/** Wide enough that names side by side do not touch when they are turned. */
const breadth = (rows: readonly Row[], x: Field): number =>
  x.scale === 'category' ? Math.max(WIDTH, valuesOf(rows, x).length * 20) : WIDTH;

/** Years without a value between others break the line, unless they are the rule. */
function gaps(rows: readonly Row[], x: Field): Json {
  const years = x.scale === 'time' ? numbersOf(rows, x) : [];
  const known = new Set(years);
  const [first, last] = [Math.min(...years), Math.max(...years)];
  if (years.length < rows.length || last - first > 500) return {};
  const missing: number[] = [];
  for (let year = first + 1; year < last; year++) if (!known.has(year)) missing.push(year);
  return missing.length === 0 || missing.length >= known.size ? {} : { impute: { value: null, keyvals: missing } };
}

function points(drawing: Drawing): Json {
  const { channels, rows, palette } = drawing;
  const { x, y, color, mark } = channels;
  const continuous =
    x.scale === 'quantity' ||
    (x.profile?.role === 'measure' && x.bin === null && numbersOf(rows, x).length === rows.length);
  return specOf(
    drawing,
    { width: continuous ? WIDTH : breadth(rows, x), height: 380 },
    {
      mark: {
        type: mark,
        ...(color === null ? { color: palette[0] } : {}),
        ...(mark === 'point' ? { filled: true, size: 60, opacity: rows.length > 200 ? 0.4 : 0.75 } : {}),
      },
      encoding: {
        x: continuous
          ? spread(x, rows)
          : x.scale === 'time'
            ? along(x, rows)
            : discrete(x, rows, breadth(rows, x) / valuesOf(rows, x).length),
        y: continuous ? spread(y, rows) : quantity(y, rows, { scale: { zero: true } }),
        ...(color === null ? {} : { color: colorChannel(drawing, color) }),
        tooltip: drawing.fields.map((field) => tooltip(field, rows, x.scale === 'time')),
      },
    },
  );
}

/**
 * A number of a scatter plot. Where positive numbers reach over three powers of ten and half of them would lie in the first
 * twentieth of the axis, the scale is logarithmic, and says so.
 */
function spread(field: Field, rows: readonly Row[]): Json {
  const numbers = numbersOf(rows, field).toSorted((a, b) => a - b);
  const [low, middle, high] = [numbers[0] ?? 0, numbers[numbers.length >> 1] ?? 0, numbers.at(-1) ?? 0];
  const log = numbers.length >= 10 && low > 0 && high >= 1000 * low && middle <= high / 20;
  // The ends of an axis of one number would be that number, in all its digits.
  if (!log) return quantity(field, rows, { scale: { zero: low === high } });
  const { axis, ...rest } = quantity(field, rows, { scale: { type: 'log' } });
  const title = titleLines(`${axisTitle(field)}, log scale`);
  return { ...rest, axis: { ...(axis as Json), title, labelOverlap: true } };
}

function pie(drawing: Drawing): Json {
  const { channels, rows } = drawing;
  const { x, y } = channels;
  const total = numbersOf(rows, y).reduce((sum, value) => sum + value, 0);
  const names = shortNames(x, valuesOf(rows, x), 170);
  const parts = rows.map((row) => {
    const value = row[y.index];
    // Averages do not add up to a whole, of which each would be a share.
    const part =
      typeof value !== 'number' || total <= 0
        ? ''
        : ` · ${y.additive ? `${((value / total) * 100).toFixed(1)} %` : cellWords(value, y)}`;
    return [String(row[x.index] ?? null), `${names.get(row[x.index] ?? null) ?? ''}${part}`];
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
          ...colorChannel(drawing, x),
          legend: {
            title: legendTitle(x),
            labelLimit: 0,
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
          scale: { range: ['#E5E7EB', palette[0]] },
          legend: {
            title: legendTitle(y),
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
  const numbers = numbersOf(rows, y);
  // Vega works the domain out of the outliers as well, and complains where there are none.
  const range = numbers.length === 0 ? {} : { domain: [Math.min(...numbers), Math.max(...numbers)] };
  const width = clamp(count * 70, 220, Math.max(WIDTH, count * 24));
  return specOf(
    drawing,
    { width, height: HEIGHT },
    {
      mark: { type: 'boxplot', color: palette[0] },
      encoding: { x: discrete(x, rows, width / count), y: quantity(y, rows, { scale: { zero: false, ...range } }) },
    },
  );
}
