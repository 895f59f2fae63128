import type { ChartGold, Judgement, Prediction } from './types.js';
import { CALENDAR, numeric, plain, type Row, same, sameBag, type Value } from './values.js';

interface Encoding {
  readonly field?: string;
  readonly aggregate?: string;
  readonly type?: string;
  readonly sort?: unknown;
  readonly bin?: unknown;
  readonly timeUnit?: unknown;
}

interface Picture {
  readonly mark: string;
  /** x, y and, where there is one, colour; null when the specification does not say what it draws. */
  readonly points: readonly Row[] | null;
  readonly x?: Encoding;
  readonly y?: Encoding;
}

type Datum = Readonly<Record<string, unknown>>;

const FAMILY: Readonly<Record<string, string>> = {
  arc: 'pie',
  circle: 'point',
  square: 'point',
  tick: 'point',
  area: 'line',
  trail: 'line',
};
/** Where a third column may be shown. */
const SERIES = ['color', 'xOffset', 'yOffset', 'column', 'row', 'facet', 'shape', 'detail'];

/** Right when the drawn points are gold's (x and y may be swapped) and the mark is the one asked for, if one was. */
export function judgeChart(prediction: Prediction, gold: ChartGold): Judgement {
  const picture = readPicture(prediction);
  if (picture === null || picture.points === null) return { right: false, strict: false };
  const wanted = gold.chart;
  // An engine may draw the empty bins or leave them out.
  const withoutEmptyBins = (rows: readonly Row[]) =>
    wanted.bin ? rows.filter(([x, y]) => numeric(x) !== 0 && numeric(y) !== 0) : rows;
  const expected = withoutEmptyBins(gold.points);
  const width = expected[0]?.length ?? 2;
  const drawn = withoutEmptyBins(picture.points).map((row) => {
    const colourRepeatsX = wanted.color === null && row.length === 3 && width === 2 && same(row[2], row[0]);
    return colourRepeatsX ? row.slice(0, 2) : row;
  });
  const swapped = drawn.map(([x, y, ...rest]) => [y, x, ...rest]);
  const points = sameBag(drawn, expected) || sameBag(swapped, expected);
  const right = points && (picture.mark === wanted.mark || wanted.markNamed === false);
  const sorted = wanted.sort === null || wanted.mark !== 'bar' || isSorted(asShown(picture), wanted.sort);
  return { right, strict: right && sorted };
}

/** Reads mark and points out of the specification: `data.values` through `encoding`; aggregates in it are worked out, transforms are not. */
function readPicture(prediction: Prediction): Picture | null {
  const spec = record(prediction.vegaLite);
  if (spec === null) return null;
  const layers = Array.isArray(spec['layer']) ? spec['layer'].map(record) : [];
  const layer = layers.find((part) => part?.['mark'] !== undefined) ?? {};
  const markOf = layer['mark'] ?? spec['mark'];
  const type = typeof markOf === 'string' ? markOf : record(markOf)?.['type'];
  const encodings = { ...record(spec['encoding']), ...record(layer['encoding']) } as Record<
    string,
    Encoding | undefined
  >;
  const values = record(layer['data'] ?? spec['data'])?.['values'] ?? tableOf(prediction);
  if (typeof type !== 'string' || !Array.isArray(values) || Object.keys(encodings).length === 0) return null;
  const mark = FAMILY[type] ?? type;
  const unread = { mark, points: null };
  if (Array.isArray(spec['transform']) && spec['transform'].length > 0) return unread;

  const pie = mark === 'pie';
  const x = pie ? (encodings['color'] ?? encodings['detail'] ?? encodings['text']) : encodings['x'];
  const y = pie ? (encodings['theta'] ?? encodings['angle']) : encodings['y'];
  if (x === undefined || y === undefined) return unread;
  if ([x, y].some((one) => (!one.field && !one.aggregate) || one.bin || one.timeUnit)) return unread;
  const series = pie
    ? undefined
    : SERIES.map((name) => encodings[name]).find((one) => one?.field && one.field !== x.field && one.field !== y.field);
  const channels = series === undefined ? [x, y] : [x, y, series];
  const data = values as Datum[];
  const first = data[0];
  const isThere = (one: Encoding) =>
    first === undefined || !one.field || one.aggregate || valueAt(first, one) !== undefined;
  return channels.every(isThere) ? { mark, points: draw(channels, data), x, y } : unread;
}

function tableOf({ rows, rowColumns }: Prediction): Datum[] | null {
  if (!rows || !rowColumns) return null;
  return rows.map((row) => Object.fromEntries(rowColumns.map((name, index) => [name, row[index]])));
}

function draw(channels: readonly Encoding[], data: readonly Datum[]): Row[] {
  const grouping = channels.filter((one) => !one.aggregate);
  if (grouping.length === channels.length) return data.map((datum) => channels.map((one) => valueAt(datum, one)));
  const groups = new Map<string, Datum[]>();
  for (const datum of data) {
    const key = grouping.map((one) => plain(valueAt(datum, one))).join('\u0001');
    groups.set(key, [...(groups.get(key) ?? []), datum]);
  }
  return [...groups.values()].map((group) => {
    const [first = {}] = group;
    return channels.map((one) =>
      one.aggregate
        ? aggregated(one.aggregate, one.field ? group.map((datum) => valueAt(datum, one)) : null, group.length)
        : valueAt(first, one),
    );
  });
}

/** `values` null = the rows themselves. */
function aggregated(aggregate: string, values: readonly Value[] | null, size: number): Value {
  if (aggregate === 'count') return size;
  const given = values ?? [];
  const numbers = given.map(numeric).filter((number) => number !== null);
  const sum = numbers.reduce((total, number) => total + number, 0);
  switch (aggregate) {
    case 'distinct':
      return new Set(given.map(plain)).size;
    case 'valid':
      return given.filter((value) => value !== null && value !== undefined && value !== '').length;
    case 'sum':
      return sum;
    case 'mean':
    case 'average':
      return numbers.length === 0 ? null : sum / numbers.length;
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'median': {
      const sorted = numbers.toSorted((left, right) => left - right);
      const middle = (sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0);
      return sorted.length === 0 ? null : middle / 2;
    }
    default:
      return undefined;
  }
}

/** Field names may escape dots and brackets, and may be paths. */
function valueAt(datum: Datum, { field }: Encoding): Value {
  if (field === undefined) return undefined;
  const name = field.replace(/\\([.[\]])/g, '$1');
  const direct = datum[name];
  if (direct !== undefined) return direct as Value;
  return name.split('.').reduce<unknown>((at, key) => record(at)?.[key], datum) as Value;
}

/** The points (category, value) in the order in which the categorical axis shows them. */
function asShown({ points, x = {}, y = {} }: Picture): Row[] {
  const discrete = ({ type }: Encoding) => type === 'nominal' || type === 'ordinal';
  const flipped = discrete(y) && !discrete(x);
  const { sort } = flipped ? y : x;
  const pairs = (points ?? []).map(([a, b]) => (flipped ? [b, a] : [a, b]));
  if (sort === null) return pairs;
  if (Array.isArray(sort)) {
    const order = (sort as Value[]).map(plain);
    return pairs.toSorted((left, right) => order.indexOf(plain(left[0])) - order.indexOf(plain(right[0])));
  }
  const byCategory = (sign: number) => pairs.toSorted((left, right) => sign * compare(left[0], right[0]));
  const byValue = (sign: number) => pairs.toSorted((left, right) => sign * compare(left[1], right[1]));
  if (sort === 'descending') return byCategory(-1);
  if (typeof sort === 'string' && /^-?[xy]$/.test(sort)) return byValue(sort.startsWith('-') ? -1 : 1);
  const object = record(sort);
  if (object !== null) return byValue(object['order'] === 'descending' ? -1 : 1);
  return byCategory(1);
}

function compare(left: Value, right: Value): number {
  const [a, b] = [numeric(left), numeric(right)];
  return a !== null && b !== null ? a - b : alphabetical(plain(left), plain(right));
}

const alphabetical = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** In order as numbers, or under any usual collation of text, or by the calendar. */
function isSorted(pairs: readonly Row[], { by, direction }: { by: string; direction: string }): boolean {
  const values = pairs.map((pair) => pair[by === 'x' ? 0 : 1]);
  const sign = direction === 'desc' ? -1 : 1;
  const holds = <T>(list: readonly T[], order: (left: T, right: T) => number) =>
    list.every((value, index) => {
      const before = list[index - 1];
      return index === 0 || before === undefined || order(before, value) * sign <= 0;
    });
  const numbers = values.map(numeric).filter((number) => number !== null);
  if (numbers.length === values.length) return holds(numbers, (left, right) => left - right);
  const texts = values.map(String);
  const folded = values.map(plain);
  const calendar = folded.map((name) => CALENDAR.indexOf(name));
  return (
    holds(folded, alphabetical) ||
    holds(texts, (left, right) => left.localeCompare(right)) ||
    holds(texts, alphabetical) ||
    (!calendar.includes(-1) && holds(calendar, (left, right) => left - right))
  );
}

const record = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
