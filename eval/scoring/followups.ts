import type { Channel, Channels, Filter, FilterTuple, FollowupGold, Judgement, Prediction } from './types.js';
import { numeric, plain, type Row, same, type Value } from './values.js';

export interface Table {
  /** As the header gives them. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Rows left that may differ between the two filters: the table may say a value in two ways. */
const OVERLAP = 0.97;

/** Right when the picture shows the same columns under the same aggregates, and the filters leave the same rows. `strict`: the mark too. */
export function judgeMeaning(prediction: Prediction, gold: FollowupGold, table: Table): Judgement {
  const shown = channelsOf(prediction.chart ?? {});
  const wanted = channelsOf(gold.channels);
  const left = kept(table, (prediction.filters ?? []).map(asFilter));
  const expected = kept(table, gold.filters.map(asFilter));
  const both = left.filter((one, index) => one && expected[index]).length;
  const either = left.filter((one, index) => one || expected[index]).length;
  const right =
    shown.size === wanted.size &&
    [...shown].every((meaning) => wanted.has(meaning)) &&
    (either === 0 || both / either >= OVERLAP);
  const mark = prediction.chart?.mark;
  return { right, strict: right && (FAMILY[mark ?? ''] ?? mark) === gold.mark };
}

const FAMILY: Readonly<Record<string, string>> = {
  circle: 'point',
  square: 'point',
  scatter: 'point',
  arc: 'pie',
  column: 'bar',
  histogram: 'bar',
  box: 'boxplot',
};

function channelsOf({ x, y, color, size }: Channels): Set<string> {
  return new Set([x, y, color, size].flatMap((channel) => (channel ? [meaningOf(channel)] : [])));
}

function meaningOf({ column, aggregate }: Channel): string {
  const name = aggregate === 'average' || aggregate === 'avg' ? 'mean' : (aggregate ?? '');
  return name === 'count' ? 'count' : `${plain(column)}|${name}`;
}

const asFilter = (filter: Filter | FilterTuple): Filter =>
  'column' in filter ? filter : { column: filter[0], op: filter[1], value: filter[2] };

/** For each row of the table, whether all filters let it pass; an empty cell passes none. */
function kept({ columns, rows }: Table, filters: readonly Filter[]): boolean[] {
  const names = columns.map(plain);
  return rows.map((row) =>
    filters.every(({ column, op, value }) => {
      const cell = row[names.indexOf(plain(column))];
      const values = Array.isArray(value) ? (value as Value[]) : [value as Value];
      return cell !== undefined && cell !== '' && passes(cell, op.toLowerCase(), values);
    }),
  );
}

function passes(cell: Value, op: string, values: readonly Value[]): boolean {
  const number = numeric(cell) ?? Number.NaN;
  const bound = numeric(values[0]) ?? Number.NaN;
  switch (op) {
    case '=':
    case 'in':
      return values.some((value) => same(cell, value));
    case '!=':
      return !values.some((value) => same(cell, value));
    case '<':
      return number < bound;
    case '<=':
      return number <= bound;
    case '>':
      return number > bound;
    case '>=':
      return number >= bound;
    case 'between':
      return number >= bound && number <= (numeric(values[1]) ?? Number.NaN);
    case 'contains':
      return plain(cell).includes(plain(values[0]).replaceAll('%', ''));
    default:
      return false;
  }
}
