import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import { ColumnTally } from '../csv/column-tally.js';
import { profileOf } from '../csv/semantics.js';
import type { ColumnProfile, ColumnType } from '../profile.js';
import { externalColumns, externalName } from './external-rows.js';
import type { Ask, TableColumn, TableShape } from './tables.js';

/** Rows that are looked at; of a smaller table that is all of them. */
export const SAMPLED = 10_000;
/** As many values of a column as a file's reading lists. */
const MAX_VALUES = 5_000;
const MAX_CHARACTERS = 4_000_000;
/** A column with more different values than this in the sample is not asked for all of them. */
const WORTH_LISTING = SAMPLED / 5;

export interface ProfiledTable {
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
  readonly notes: readonly { readonly column: string | null; readonly note: string }[];
}

type Place = Pick<Parameters<typeof externalName>[0], 'schema' | 'table'>;

/**
 * What the columns of a table mean and hold, from its first rows; of a larger table counts, ends and values are asked of the server,
 * each in the time that a statement has there. What it cannot say in time is taken from the first rows, and said so; values are
 * listed only where they are all of them, since a question about one that is left out must not find nothing.
 */
export async function profileTable(ask: Ask, place: Place, shape: TableShape): Promise<ProfiledTable> {
  const rows = `(SELECT ${externalColumns({ columns: shape.columns })} FROM ${externalName(place)}`;
  const names = shape.columns.map((_, i) => `c${i + 1}`);
  const shown = shape.columns.map(({ type }, i) => shownAs(type, `c${i + 1}`));
  const sample = await ask(`SELECT ${shown.join(', ')} FROM ${rows} LIMIT ${SAMPLED + 1}) AS r`);
  const whole = sample.length <= SAMPLED;
  const tallies = shape.columns.map((_, i) => tallied(sample.map((row) => row[i] ?? null)));
  const notes = shape.skipped.map(({ name, type }) => ({
    column: name,
    note: `It was left out: ${type} is no type that can be asked about.`,
  }));
  const counted = whole ? null : await inTime(() => countsOf(ask, `${rows}) AS r`, shape.columns, names));
  if (!whole && counted === null) {
    const note = `Counts and ends are those of the first ${SAMPLED.toLocaleString('en-US')} rows; the source could not say in time.`;
    notes.push({ column: '', note });
  }
  const rowCount = whole ? sample.length : (counted?.rowCount ?? Math.max(shape.rows ?? 0, sample.length));
  const columns: ColumnProfile[] = [];
  for (const [i, column] of shape.columns.entries()) {
    const tally = tallies[i] ?? new ColumnTally(0);
    const sampled = sample.map((row) => row[i] ?? null);
    const made = profiled(column, i, tally, sampled);
    const known = counted?.columns[i];
    const values =
      whole || made.values === null || made.distinct > WORTH_LISTING
        ? made.values
        : await inTime(() => valuesOf(ask, `${rows}) AS r`, `c${i + 1}`));
    const listed = !whole && made.distinct > WORTH_LISTING ? null : values;
    const filled = rowCount - (known?.nulls ?? 0);
    const distinct = listed?.length ?? (whole ? made.distinct : distinctOf(made.distinct, sampled, filled));
    columns.push({ ...made, ...known, values: listed, distinct });
  }
  return {
    rowCount,
    columns,
    notes: notes.map(({ column, note }) => ({ column: column === '' ? null : column, note })),
  };
}

/** Where nearly all of the first rows differ, nearly all of the others are taken to. */
function distinctOf(seen: number, sampled: readonly Scalar[], filled: number): number {
  const present = sampled.filter((cell) => cell !== null).length;
  return present > 0 && seen > 0.9 * present ? Math.round((seen / present) * filled) : seen;
}

const shownAs = (type: ColumnType, sql: string): string =>
  type === 'date'
    ? `to_char(${sql}, 'YYYY-MM-DD')`
    : type === 'datetime'
      ? `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS')`
      : type === 'integer'
        ? `${sql}::float8`
        : sql;

function tallied(cells: readonly Scalar[]): ColumnTally {
  const tally = new ColumnTally(MAX_VALUES, MAX_CHARACTERS);
  for (const [i, cell] of cells.entries()) tally.add(cell === null ? '' : String(cell), i + 1);
  return tally;
}

/** The meaning as a file's column of this name would have it; the type is the server's word. */
function profiled(column: TableColumn, index: number, tally: ColumnTally, cells: readonly Scalar[]): ColumnProfile {
  const { name, type, comment } = column;
  const filled = cells.filter((cell) => cell !== null && cell !== '');
  const ordered = type === 'text' || type === 'boolean' ? [] : filled;
  const edge = (better: (a: Scalar, b: Scalar) => boolean): Scalar =>
    ordered.reduce<Scalar>((best, cell) => (best === null || better(cell, best) ? cell : best), null);
  const made = profileOf(name, index, tally, {
    type,
    numberStyle: 'point',
    dateStyle: null,
    unit: null,
    decimals: type === 'number' ? tally.numbers.point.decimals : 0,
    min: edge((a, b) => (a ?? 0) < (b ?? 0)),
    max: edge((a, b) => (a ?? 0) > (b ?? 0)),
    misfits: [],
    misfitCount: 0,
    notes: [],
  });
  const nulls = cells.filter((cell) => cell === null).length;
  return { ...made, nulls, ...(comment !== null && { description: comment.slice(0, 500) }) };
}

type Counted = Pick<ColumnProfile, 'nulls' | 'min' | 'max'>;

async function countsOf(
  ask: Ask,
  rows: string,
  columns: readonly TableColumn[],
  names: readonly string[],
): Promise<{ readonly rowCount: number; readonly columns: readonly Partial<Counted>[] }> {
  const hasEnds = ({ type }: TableColumn): boolean => type !== 'text' && type !== 'boolean';
  const parts = columns.flatMap((column, i) => {
    const sql = names[i] ?? '';
    const finite = column.type === 'date' || column.type === 'datetime' ? ` FILTER (WHERE isfinite(${sql}))` : '';
    const ends = (['min', 'max'] as const).map((end) => shownAs(column.type, `${end}(${sql})${finite}`));
    return [`count(${sql})`, ...(hasEnds(column) ? ends : ['NULL', 'NULL'])];
  });
  const [[total, ...counts] = []] = await ask(`SELECT count(*), ${parts.join(', ')} FROM ${rows}`);
  const rowCount = Number(total);
  return {
    rowCount,
    columns: columns.map((column, i) => {
      const [filled, min = null, max = null] = counts.slice(3 * i);
      const nulls = rowCount - Number(filled);
      return hasEnds(column) ? { nulls, min, max } : { nulls };
    }),
  };
}

async function valuesOf(ask: Ask, rows: string, sql: string): Promise<string[] | null> {
  const found = await ask(
    `SELECT ${sql}::text FROM ${rows} WHERE ${sql} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${MAX_VALUES + 1}`,
  );
  return found.length > MAX_VALUES ? null : found.map(([value]) => String(value));
}

/** null: the source could not say in time. */
async function inTime<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.code === 'source_too_slow') return null;
    throw error;
  }
}
