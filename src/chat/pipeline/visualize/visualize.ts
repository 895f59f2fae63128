import type { Scalar } from '../../../common/scalar.js';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Analyzed, Mark, Visualization, Visualized } from '../turn.js';
import { listed } from '../words/language.js';
import { formatNumber } from '../words/numbers.js';
import { shapeOf, type Field, type Shape } from '../words/shape.js';
import { channelsOf, type Channels } from './channels.js';
import { paletteOf } from './palette.js';
import { orderedRows } from '../words/order.js';
import { draw } from './marks.js';
import type { Drawing } from './spec.js';
import { withReference } from './reference.js';
import { titleOf } from './title.js';

/** More bars than this are not read one by one; nobody having asked for them all, the first are drawn. */
const MOST_BARS = 25;

/** Layer 4, pure: the same findings and rows give the same picture, or none. */
export function visualize(turn: Analyzed): Visualized {
  return { ...turn, visualization: picture(turn) };
}

function picture(turn: Analyzed): Visualization | null {
  const { understanding, evidence } = turn;
  const { primary } = evidence;
  const profile = turn.datasets.find(({ id }) => id === primary?.datasetId);
  if (primary === null || profile === undefined || understanding.refusal !== null || primary.rows.length === 0)
    return null;
  const shape = shapeOf(primary, profile);
  const asked = understanding.chart !== null;
  if (!named(turn) && worthDrawing(shape, primary, asked)) return pictureOf(turn, primary, shape, profile, null);
  const behind = evidence.context.find(
    ({ purpose, result }) => (purpose === 'breakdown' || purpose === 'ranking') && result.rows.length > 1,
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
  const { channels, fields, rows, what } =
    long.others.length > 0 ? folded(long, orderedRows(result, long)) : plain(long, orderedRows(result, long));
  const keep =
    chart === null && channels.mark === 'bar' && channels.color === null && rows.length > MOST_BARS
      ? MOST_BARS
      : rows.length;
  const cut =
    keep < rows.length
      ? `${result.query.orderBy === undefined ? 'top' : 'first'} ${keep} of ${formatNumber(rows.length)}`
      : null;
  const by =
    channels.mark === 'point' && channels.x.scale === 'quantity'
      ? []
      : [channels.x, ...(channels.color === null || long.others.length > 0 ? [] : [channels.color])];
  const title = titleOf(
    by.length === 0 ? `${channels.y.words} against ${channels.x.words}` : what,
    by,
    result.query,
    profile,
    cut,
  );
  const altText = altTextOf(channels, title, keep, turn);
  const drawing: Drawing = {
    channels,
    rows: rows.slice(0, keep),
    fields,
    palette: paletteOf(turn.persona.color),
    title,
    description: altText,
    request: chart,
  };
  const spec = draw(drawing);
  return {
    spec: reference === null ? spec : withReference(spec, reference, channels, turn.evidence.primary),
    title,
    altText,
  };
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
