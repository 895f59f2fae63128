import type { Scalar } from '../../src/common/scalar.js';
import type { Dice } from './dice.js';
import type { Column, Table } from './table.js';

export type Cells = readonly Scalar[];

/** What is right: one value (any of `also` is as good), values in any order, or rows in any order. */
export type Expected =
  | { readonly one: Scalar; readonly also?: readonly Scalar[] | undefined }
  | { readonly set: readonly Scalar[] }
  | { readonly rows: readonly Cells[] };

export interface Turn {
  readonly question: string;
  readonly expected: Expected;
}

/** A conversation of one turn or several. */
export interface Asked {
  readonly kind: string;
  readonly turns: readonly Turn[];
}

/** Makes one question about a table, with its answer worked out from the rows; null where the table has nothing to ask about. */
export type Maker = (about: About) => Asked | null;

export type Aggregate = 'sum' | 'avg' | 'min' | 'max' | 'median';

const SAID: Record<Aggregate, readonly string[]> = {
  sum: ['total', 'total', 'sum of', 'overall total'],
  avg: ['average', 'mean', 'average'],
  min: ['minimum', 'lowest', 'smallest'],
  max: ['maximum', 'highest', 'largest'],
  median: ['median'],
};

/** A condition in words ("where the region is North"), and the rows that fit. */
export interface Part {
  readonly words: string;
  /** The same, where only a few words may follow: "for North". */
  readonly short: string;
  readonly fits: (row: Cells) => boolean;
}

/** A table, and what of it may be asked about. */
export class About {
  readonly rows: string;

  constructor(
    readonly table: Table,
    readonly dice: Dice,
  ) {
    this.rows = table.theme.rows;
  }

  any(...kinds: readonly Column['kind'][]): Column | null {
    const found = this.table.columns.filter(({ kind }) => kinds.includes(kind));
    return found.length === 0 ? null : this.dice.pick(found);
  }

  two(kind: Column['kind']): readonly [Column, Column] | null {
    const [first, second] = this.dice.some(
      this.table.columns.filter((column) => column.kind === kind),
      2,
    );
    return first && second ? [first, second] : null;
  }

  at(column: Column): number {
    return this.table.columns.indexOf(column);
  }

  /** The column's cells in those rows, empty ones left out. */
  cells(column: Column, rows: readonly Cells[] = this.table.rows): Scalar[] {
    const at = this.at(column);
    return rows.flatMap((row) => ((row[at] ?? null) === null ? [] : [row[at] ?? null]));
  }

  numbers(column: Column, rows: readonly Cells[] = this.table.rows): number[] {
    return this.cells(column, rows).filter((cell) => typeof cell === 'number');
  }

  values(column: Column): string[] {
    return [...new Set(this.cells(column).map(String))];
  }

  value(column: Column): string {
    return this.dice.pick(this.values(column));
  }

  /** An aggregate that makes sense for the column, with its words: "average" for shares, never "total". */
  aggregate(column: Column, among: readonly Aggregate[] = ['sum', 'avg', 'min', 'max', 'median']): Aggregate {
    return this.dice.pick(column.quantity?.adds === false ? among.filter((one) => one !== 'sum') : among);
  }

  said(aggregate: Aggregate, column: Column): string {
    return `${this.dice.pick(SAID[aggregate])} ${column.said}`;
  }

  where(fits: (row: Cells) => boolean): readonly Cells[] {
    return this.table.rows.filter(fits);
  }

  is(column: Column, ...values: readonly Scalar[]): (row: Cells) => boolean {
    const at = this.at(column);
    return (row) => values.includes(row[at] ?? null);
  }

  /** Rows by the column's value, empty ones left out. */
  groups(column: Column, rows: readonly Cells[] = this.table.rows): readonly (readonly [Scalar, readonly Cells[]])[] {
    const groups = new Map<Scalar, Cells[]>();
    const at = this.at(column);
    for (const row of rows) {
      const key = row[at] ?? null;
      if (key !== null) groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return [...groups];
  }

  /** One of several ways to say it. */
  say(...ways: readonly string[]): string {
    return this.dice.pick(ways);
  }

  /** One value of a column, said in a few ways. */
  part(column: Column, value: Scalar = this.value(column)): Part {
    const fits = this.is(column, value);
    const short = column.place && this.dice.chance(0.5) ? `in ${String(value)}` : `for ${String(value)}`;
    const words = this.say(
      `where ${column.said} is ${String(value)}`,
      `where the ${column.said} is ${String(value)}`,
      `with ${column.said} ${String(value)}`,
      `for ${column.said} ${String(value)}`,
      ...(column.place ? [`in ${String(value)}`, `from ${String(value)}`] : []),
    );
    return { words, short, fits };
  }

  year(row: Cells, column: Column): number | null {
    const cell = row[this.at(column)] ?? null;
    return cell === null ? null : Number(String(cell).slice(0, 4));
  }

  years(column: Column): number[] {
    return [...new Set(this.table.rows.flatMap((row) => this.year(row, column) ?? []))].sort((a, b) => a - b);
  }
}

export function work(aggregate: Aggregate, numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((left, right) => left - right);
  const sum = numbers.reduce((total, number) => total + number, 0);
  switch (aggregate) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / numbers.length;
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
    case 'median': {
      const middle = (sorted.length - 1) / 2;
      return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
    }
  }
}

export const asked = (kind: string, question: string, expected: Expected): Asked => ({
  kind,
  turns: [{ question, expected }],
});

/** The first `count` by number, largest first (`desc`); null where a tie leaves it open who is among them. */
export function best<T>(
  from: readonly (readonly [T, number | null])[],
  direction: 'asc' | 'desc',
  count: number,
): readonly T[] | null {
  const known = from.filter((one): one is readonly [T, number] => one[1] !== null);
  const sorted = known.toSorted((left, right) => (direction === 'desc' ? right[1] - left[1] : left[1] - right[1]));
  const [last, next] = [sorted[count - 1], sorted[count]];
  if (last === undefined || known.length <= count || (next && Math.abs(next[1] - last[1]) < 1e-9)) return null;
  return sorted.slice(0, count).map(([one]) => one);
}
