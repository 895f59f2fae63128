import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Analyzed, Mark, Visualization, Visualized } from '../turn.js';
import { listed } from '../words/language.js';
import { formatNumber } from '../words/numbers.js';
import { columnName, shapeOf, type Field, type Shape } from '../words/shape.js';
import { channelsOf, type Channels } from './channels.js';
import { colorsOf, colorsSoFar, withValues } from './colors.js';
import { paletteOf } from './palette.js';
import { orderedRows } from '../words/order.js';
import { draw } from './marks.js';
import { valuesOf, type Drawing } from './spec.js';
import { withReference } from './reference.js';
import { forecastTitle, isLeftOut, studyPicture, withStudy } from './study.js';
import { titleOf, withoutDrawn } from './title.js';

/** More bars than this are not read one by one; nobody having asked for them all, the first are drawn. */
const MOST_BARS = 25;
/** From so many on the rest is left out, or taken together where it can be added up. */
const TOO_MANY = 30;
const MOST_SLICES = 11;
/** A question that names the axes means all the bars, as long as they fit on a page. */
const MOST_NAMED = 60;

/** Layer 4, pure: the same findings and rows give the same picture, or none. */
export function visualize(turn: Analyzed): Visualized {
  return { ...turn, visualization: picture(turn) };
}

function picture(turn: Analyzed): Visualization | null {
  const { understanding, evidence } = turn;
  const { primary } = evidence;
  const profile = turn.datasets.find(({ id }) => id === primary?.datasetId);
  if (primary === null || profile === undefined || understanding.refusal !== null) return null;
  const studied = studyPicture(turn, profile);
  if (studied !== null || primary.rows.length === 0) return studied;
  const shape = shapeOf(primary, profile);
  const asked = understanding.chart !== null;
  if (!named(turn) && worthDrawing(shape, primary, asked)) return pictureOf(turn, primary, shape, profile, null);
  const behind = evidence.context.find(
    ({ purpose, result }) =>
      (purpose === 'breakdown' || purpose === 'ranking' || purpose === 'pairs') && result.rows.length > 1,
  );
  if (behind === undefined) return null;
  const value = behind.purpose === 'breakdown' ? primary.rows[0]?.[0] : null;
  return pictureOf(
    turn,
    behind.result,
    shapeOf(behind.result, profile),
    profile,
    typeof value === 'number' ? value : null,
  );
}

/** One winner is drawn among those it was chosen from. */
const named = ({ evidence }: Analyzed): boolean =>
  evidence.primary?.rows.length === 1 &&
  evidence.context.some(({ purpose, result }) => purpose === 'ranking' && result.rows.length > 1);

function worthDrawing({ kind }: Shape, { rows }: ResultSet, asked: boolean): boolean {
  if (asked) return kind !== 'scalar' && kind !== 'empty';
  return rows.length > 1 && (kind === 'series' || kind === 'categories' || kind === 'matrix' || kind === 'pair');
}

function pictureOf(
  turn: Analyzed,
  result: ResultSet,
  shape: Shape,
  profile: DatasetProfile,
  reference: number | null,
): Visualization | null {
  const { chart, intent } = turn.understanding;
  const isPrimary = result === turn.evidence.primary;
  const found = channelsOf(result, shape, isPrimary ? chart : null, intent.kind);
  if (found === null) return null;
  const long = isPrimary ? found : { ...found, others: [] };
  const shown = orderedRows(result, long).filter((row) => !isLeftOut(row[long.x.index] ?? null, turn));
  const { channels, fields, rows, what } = long.others.length > 0 ? folded(long, shown) : plain(long, shown);
  const { keep, other } = cutOf(channels, rows, result, chart);
  const cut =
    keep < rows.length
      ? `${result.query.orderBy === undefined || other !== null ? 'top' : 'first'} ${keep} of ${formatNumber(rows.length)}${other === null ? '' : ' and the others together'}`
      : null;
  const by =
    channels.mark === 'point' && channels.x.scale === 'quantity'
      ? []
      : [channels.x, ...(channels.color === null || long.others.length > 0 ? [] : [channels.color])];
  const title = titleOf(
    by.length === 0 ? `${channels.y.words} against ${channels.x.words}` : what,
    by,
    by.length === 0 ? withoutDrawn(result.query, [channels.x, channels.y].map(columnName)) : result.query,
    profile,
    cut ?? forecastTitle(turn, shape.x),
  );
  const altText = altTextOf(channels, title, keep + (other === null ? 0 : 1), turn);
  const drawn = [...rows.slice(0, keep), ...(other === null ? [] : [other])];
  const palette = paletteOf(turn.persona.color);
  const told = channels.mark === 'arc' ? channels.x : channels.color;
  const values = told === null ? [] : valuesOf(drawn, told);
  const column = told === null ? null : columnName(told);
  const before = colorsSoFar(turn.history);
  const key = `${result.datasetId} ${column ?? ''}`;
  const colors = column === null ? before : withValues(before, key, values);
  const drawing: Drawing = {
    channels,
    rows: drawn,
    fields,
    palette,
    colors: colorsOf(values, column === null ? [] : (colors[key] ?? []), palette),
    winner: isPrimary || reference !== null ? null : winnerOf(turn, result, channels),
    title,
    description: altText,
    request: chart,
  };
  const spec = isPrimary ? withStudy(draw(drawing), turn, channels, drawn) : draw(drawing);
  return {
    spec: reference === null ? spec : withReference(spec, reference, channels, turn.evidence.primary),
    title,
    altText,
    colors,
  };
}

/** How many rows are drawn, and the rest as one more where it is part of the same sum. */
function cutOf(
  { mark, x, y, color }: Channels,
  rows: Drawn['rows'],
  result: ResultSet,
  request: Analyzed['understanding']['chart'],
): { readonly keep: number; readonly other: Drawn['rows'][number] | null } {
  const all = { keep: rows.length, other: null };
  const pie = mark === 'arc';
  const wanted = request !== null && (request.mark !== undefined || rows.length <= MOST_NAMED);
  if (rows.length <= TOO_MANY || color !== null || !(pie || (mark === 'bar' && !wanted))) return all;
  const [order] = result.query.orderBy ?? [];
  const byValue = JSON.stringify(order?.by) === JSON.stringify(y.expression);
  const largestFirst = order === undefined || (order.direction === 'desc' && byValue);
  const adds = y.additive && x.scale === 'category' && largestFirst && isWhole(result);
  if (!adds) return pie ? all : { keep: MOST_BARS, other: null };
  const keep = pie ? MOST_SLICES : MOST_BARS;
  const rest = rows.slice(keep);
  const sum = rest.reduce((total, row) => total + Number(row[y.index] ?? 0), 0);
  const other = (rows[0] ?? []).map((_, at) =>
    at === x.index ? `Other (${formatNumber(rest.length)})` : at === y.index ? sum : null,
  );
  return { keep, other };
}

/** All the groups there are. */
const isWhole = ({ query, truncated }: ResultSet): boolean =>
  query.limit === undefined &&
  query.having === undefined &&
  query.qualify === undefined &&
  (query.offset ?? 0) === 0 &&
  !truncated;

/** The one that the answer names, among those it was chosen from. */
function winnerOf({ evidence: { primary } }: Analyzed, { rows }: ResultSet, { x, mark, color }: Channels): Scalar {
  if (mark !== 'bar' || color !== null || primary?.rows.length !== 1) return null;
  const named = primary.rows[0] ?? [];
  return rows.map((row) => row[x.index] ?? null).find((name) => name !== null && named.includes(name)) ?? null;
}

interface Drawn {
  readonly channels: Channels;
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Scalar[])[];
  readonly what: string;
}

function plain(channels: Channels, rows: Drawn['rows']): Drawn {
  const fields = [channels.x, channels.y, channels.color].filter((field) => field !== null);
  return { channels, fields, rows, what: channels.y.words };
}

/** Several numbers of the same rows become rows of their own, told apart by colour. */
function folded({ mark, x, y, others }: Channels, rows: Drawn['rows']): Drawn {
  const all = [y, ...others];
  const part = (index: number, name: string, from: Field, scale: Field['scale']): Field => ({
    ...from,
    index,
    name,
    label: name,
    words: name.toLowerCase(),
    scale,
  });
  const key: Field = { ...x, index: 0 };
  const series = {
    ...part(1, 'Measure', x, 'category'),
    style: { decimals: null, unit: null },
    grain: null,
    bin: null,
    profile: null,
  };
  const value = { ...part(2, 'Value', y, 'quantity'), additive: false };
  return {
    channels: { mark, x: key, y: value, color: series, others: [] },
    fields: [key, series, value],
    rows: rows.flatMap((row) => all.map((field) => [row[x.index] ?? null, field.label, row[field.index] ?? null])),
    what: listed(all.map(({ words }) => words)),
  };
}

const KINDS: Record<Mark, string> = {
  bar: 'Bar chart',
  line: 'Line chart',
  area: 'Area chart',
  point: 'Scatter plot',
  arc: 'Pie chart',
  boxplot: 'Box plot',
  rect: 'Heat map',
  tick: 'Tick plot',
};

/** What is drawn and the two things most worth seeing in it. */
function altTextOf({ mark }: Channels, title: string, count: number, turn: Analyzed): string {
  const told = turn.findings.filter(({ kind }) => kind !== 'note' && kind !== 'missing').slice(0, 2);
  const points = `${formatNumber(count)} ${count === 1 ? 'value' : 'values'}`;
  return [`${KINDS[mark]}: ${title} (${points}).`, ...told.map(({ text }) => text)].join(' ');
}
