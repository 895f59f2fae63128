import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { ChartRequest, IntentKind, Mark } from '../turn.js';
import type { Field, Shape } from '../words/shape.js';

/** Which column is drawn where. `y` is always the number. */
export interface Channels {
  readonly mark: Mark;
  readonly x: Field;
  readonly y: Field;
  readonly color: Field | null;
  /** Further numbers beside `y`, drawn as series of their own. */
  readonly others: readonly Field[];
  /** Bars: one a row, named by `x` within `color`; slots for each of the one in each of the other would be empty but for a few. */
  readonly ownBars?: boolean | undefined;
}

/** Colours beyond this cannot be told apart; a table of tints can. */
const MOST_SERIES = 10;
const MOST_SLICES = 6;

/** A change or a share is a number of another kind than what it is of; a moving average is not. */
const isWindow = ({ expression }: Field): boolean =>
  expression !== null && 'window' in expression && expression.window !== 'moving_average';

const numeric = ({ column }: Field): boolean => column.type === 'integer' || column.type === 'number';

/** Null when the result cannot be drawn: fewer than two columns, or no number among them. */
export function channelsOf(
  result: ResultSet,
  shape: Shape,
  request: ChartRequest | null,
  intent: IntentKind,
): Channels | null {
  const named = (name: string | undefined): Field | undefined =>
    name === undefined ? undefined : shape.fields.find((field) => field.name === name);
  const fixed = { x: named(request?.x), y: named(request?.y), color: named(request?.color) };
  // A request for one column on both axes fixes only the first.
  const asked = fixed.x === fixed.y ? { ...fixed, y: undefined } : fixed;
  const free = shape.fields.filter((field) => !Object.values(asked).includes(field));
  const quantities = free.filter(({ scale }) => scale === 'quantity');
  const groups = free.filter(({ scale }) => scale !== 'quantity');

  const grouped = (result.query.groupBy ?? []).length > 0;
  const scattered = request?.mark === 'point' || (request?.mark === undefined && shape.kind === 'pair');
  if (scattered && asked.x === undefined && asked.y === undefined) {
    const numbers = quantities.length >= 2 ? quantities : grouped ? quantities : free.filter(numeric);
    const [x, y] = numbers;
    if (x !== undefined && y !== undefined)
      return {
        mark: 'point',
        x,
        y,
        color:
          asked.color ??
          colorOf(
            groups.filter((each) => each !== x && each !== y),
            result,
            request?.mark === 'point',
          ),
        others: [],
      };
  }
  // Two plain numbers: the first is what the second is drawn against.
  const against =
    !grouped && groups.length === 0 && quantities.length >= 2 && asked.x === undefined ? quantities[0] : undefined;
  const y =
    asked.y ??
    quantities.find((field) => field !== against) ??
    free.findLast((field) => numeric(field) && field !== groups[0]);
  if (y === undefined) return null;
  const rest = groups.filter((field) => field !== y);
  const x = asked.x ?? against ?? rest[0];
  if (x === undefined || x === y) return null;
  const second =
    asked.color ?? (grouped || request?.mark === 'point' ? rest.find((field) => field !== x) : undefined) ?? null;
  // Numbers of one kind.
  const others = quantities.filter(
    (field) => field !== y && field !== x && field.style.unit === y.style.unit && isWindow(field) === isWindow(y),
  );
  const [over, series] = swapped(x, second, asked.x !== undefined);
  if (series !== null && areOwnBars(over, series, result, request))
    return { mark: 'bar', x: series, y, color: over, others: [], ownBars: true };
  const mark = markOf({ x: over, y, color: series }, result, request, intent);
  return {
    mark,
    x: over,
    y,
    color: series,
    others: series === null && others.length <= 3 && mark !== 'arc' && asked.y === undefined ? others : [],
  };
}

/** Time runs along x whichever group it was named as. */
function swapped(x: Field, color: Field | null, fixed: boolean): [Field, Field | null] {
  return !fixed && color !== null && color.scale === 'time' && x.scale === 'category' ? [color, x] : [x, color];
}

/** More bars than these are no list that is read. */
const MOST_OWN_BARS = 60;
/** Of all pairs of two groups; below it most of the room would be empty. */
const SPARSE = 0.5;

/** "The three best countries in each region": few of all the pairs that there could be. */
function areOwnBars(x: Field, color: Field, { rows }: ResultSet, request: ChartRequest | null): boolean {
  if (request?.mark !== undefined && request.mark !== 'bar') return false;
  if (x.scale !== 'category' || color.scale !== 'category' || rows.length > MOST_OWN_BARS) return false;
  const [groups, names] = [x, color].map(({ index }) => new Set(rows.map((row) => row[index])).size);
  if (groups === undefined || names === undefined || groups < 2 || names < 2) return false;
  return names > groups && rows.length < SPARSE * groups * names;
}

/** A column of names, one a point, colours them only where a scatter plot was asked for with it. */
function colorOf(groups: readonly Field[], { rows }: ResultSet, asked: boolean): Field | null {
  const telling = (field: Field): boolean =>
    new Set(rows.map((row) => row[field.index])).size <= Math.max(2, Math.min(20, rows.length / 2));
  return groups.find(telling) ?? (asked ? groups[0] : undefined) ?? null;
}

function markOf(
  { x, y, color }: { readonly x: Field; readonly y: Field; readonly color: Field | null },
  { rows, query }: ResultSet,
  request: ChartRequest | null,
  intent: IntentKind,
): Mark {
  const distinct = (field: Field | null): number =>
    field === null ? 0 : new Set(rows.map((row) => row[field.index])).size;
  const negative = rows.some((row) => Number(row[y.index] ?? 0) < 0);
  const mark = request?.mark;
  switch (mark) {
    case undefined:
      break;
    case 'arc':
      return color === null && !negative ? 'arc' : 'bar';
    case 'boxplot':
      return (query.groupBy ?? []).length === 0 ? 'boxplot' : 'bar';
    case 'rect':
      return color === null ? 'bar' : 'rect';
    case 'bar':
    case 'line':
    case 'area':
      // A line of one point is none.
      return distinct(x) > 1 ? mark : 'bar';
    case 'point':
    case 'tick':
      return mark;
  }
  if (x.scale === 'time') return distinct(x) > 1 ? 'line' : 'bar';
  if (x.scale === 'quantity') return 'point';
  if (color !== null && distinct(color) > MOST_SERIES && distinct(x) > 1) return 'rect';
  const whole = query.limit === undefined && query.having === undefined && query.qualify === undefined;
  if (intent === 'share' && color === null && whole && !negative && distinct(x) >= 2 && distinct(x) <= MOST_SLICES)
    return 'arc';
  return 'bar';
}
