import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import { ColumnTally } from '../csv/column-tally.js';
import { localeOf, readColumn, readColumnAs, type Reading } from '../csv/column-type.js';
import { profileOf } from '../csv/semantics.js';
import type { ColumnProfile, ColumnType } from '../profile.js';
import type { BadLine, FileReport } from './report.js';

export const MAX_COLUMNS = 2_000;
/** Lines told in a report; more are only counted. */
export const MAX_TOLD = 100;
/**
 * Distinct values kept over all columns while a file is read, and their characters: what a wide table of long texts may take of
 * memory, and later of the profile that is stored.
 */
const MAX_KEPT_VALUES = 300_000;
const MAX_KEPT_CHARACTERS = 16_000_000;

export interface TypedTable {
  readonly columns: readonly ColumnProfile[];
  readonly rowCount: number;
  readonly report: FileReport;
  /** Reads the file again and gives its rows, typed, in the file's order; one value a column. */
  rows(): AsyncIterable<Scalar[]>;
}

/** Types that columns must have, by name, whatever their cells look like: rows that join a table that is there. */
export type ExpectedTypes = Readonly<Record<string, ColumnType>>;

export interface Inspected {
  readonly columns: readonly ColumnProfile[];
  readonly readings: readonly Reading[];
  readonly rowCount: number;
  readonly badLines: readonly BadLine[];
  readonly badLineCount: number;
  readonly notes: FileReport['notes'];
}

/** A cell as it is kept: no outer blanks, and nothing that a database's text cannot hold (NUL, half a surrogate pair). */
export function cellText(raw: string | undefined): string {
  if (raw === undefined || raw === '') return '';
  const text = raw.includes('\0') ? raw.replaceAll('\0', '').trim() : raw.trim();
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** The first pass over a table of text cells: what its columns are. Memory does not grow with the number of rows. */
export class Inspector {
  private names: string[] = [];
  private tallies: ColumnTally[] = [];
  private rowCount = 0;
  private isNamed = false;
  private readonly bad = new BadLines();

  constructor(private readonly expected: ExpectedTypes = {}) {}

  /** The header, or any record when there is none: then only its width counts. @throws {422} too_many_columns */
  start(record: readonly (string | undefined)[], header: boolean): void {
    this.names = namesOf(record, header);
    this.isNamed = record.some((cell) => cellText(cell) !== '');
    const { length } = this.names;
    const values = Math.max(50, Math.min(5_000, Math.floor(MAX_KEPT_VALUES / length)));
    const characters = Math.max(5_000, Math.floor(MAX_KEPT_CHARACTERS / length));
    this.tallies = this.names.map(() => new ColumnTally(values, characters));
  }

  add(record: readonly string[], line: number): void {
    const { tallies, bad } = this;
    this.rowCount++;
    const surplus = record.length - tallies.length;
    if (surplus > 0 && record.slice(tallies.length).some((cell) => cell.trim() !== '')) {
      bad.add(
        line,
        null,
        `has ${record.length} fields instead of ${tallies.length}; the last ${surplus === 1 ? 'one was' : `${surplus} were`} left out`,
      );
    } else if (surplus < 0) {
      bad.add(
        line,
        null,
        `has ${record.length} ${record.length === 1 ? 'field' : 'fields'} instead of ${tallies.length}; the missing ones were left empty`,
      );
    }
    for (let i = 0; i < tallies.length; i++) tallies[i]?.add(cellText(record[i]), line);
  }

  /** A line that is no record at all. */
  unreadable(line: number, message: string): void {
    this.bad.add(line, null, message);
  }

  /**
   * `semicolons`: the file separates fields by `;`, as where the comma is the decimal sign.
   * @throws {422} no_columns · columns_differ (a column does not fit the type expected of it)
   */
  finish(semicolons: boolean): Inspected {
    const { tallies, names, bad } = this;
    if (tallies.every(({ filled, missing }) => filled + missing === 0) && !this.isNamed)
      throw new Problem(422, 'no_columns', 'The file has no table in it: no line has any text.');
    const locale = localeOf(tallies, semicolons);
    const differing: { name: string; is: ColumnType; wanted: ColumnType }[] = [];
    const readings = tallies.map((tally, i): Reading => {
      const name = names[i] ?? '';
      const free = readColumn(tally, name, locale);
      const wanted = Object.hasOwn(this.expected, name) ? this.expected[name] : undefined;
      if (wanted === undefined) return free;
      const read = readColumnAs(tally, free, wanted);
      if (read === null) differing.push({ name, is: free.type, wanted });
      return read ?? free;
    });
    if (differing.length > 0) throw columnsDiffer(differing);
    const columns = tallies.map((tally, i) => {
      const name = names[i] ?? '';
      return profileOf(name, i, tally, readings[i] ?? readColumn(tally, '', locale));
    });
    for (const [i, reading] of readings.entries()) bad.addMisfits(names[i] ?? '', reading);
    return {
      columns,
      readings,
      rowCount: this.rowCount,
      badLines: bad.told(),
      badLineCount: bad.count,
      notes: [
        ...(this.rowCount === 0 ? [NO_ROWS] : []),
        ...readings.flatMap(({ notes }, i) => notes.map((note) => ({ column: names[i] ?? '', note }))),
      ],
    };
  }
}

const NO_ROWS = {
  column: null,
  note: 'The file has names of columns and no rows, so there is nothing to ask of it yet.',
};

function columnsDiffer(differing: readonly { name: string; is: ColumnType; wanted: ColumnType }[]): Problem {
  const told = differing
    .slice(0, 20)
    .map(({ name, is, wanted }) => `"${name}" is ${is} in the file and ${wanted} here`);
  return new Problem(422, 'columns_differ', `The file's columns do not fit the data set's: ${told.join('; ')}.`, {
    errors: differing
      .slice(0, MAX_TOLD)
      .map(({ name, is, wanted }) => ({ path: `columns.${name}`, message: `is ${is}, must be ${wanted}` })),
  });
}

class BadLines {
  count = 0;
  private readonly lines: BadLine[] = [];

  add(line: number, column: string | null, message: string): void {
    this.count++;
    if (this.lines.length < MAX_TOLD) this.lines.push({ line, column, message });
  }

  addMisfits(column: string, { misfits, misfitCount, type }: Reading): void {
    this.count += misfitCount;
    for (const { line, text } of misfits.slice(0, misfitCount)) {
      this.lines.push({
        line,
        column,
        message: `"${text.toWellFormed()}" is not ${type === 'integer' ? 'an integer' : `a ${type}`}; the cell was left empty`,
      });
    }
  }

  told(): BadLine[] {
    return this.lines.sort((a, b) => a.line - b.line).slice(0, MAX_TOLD);
  }
}

export const tooManyColumns = (count: number | string): Problem =>
  new Problem(422, 'too_many_columns', `The table has ${count} columns; at most ${MAX_COLUMNS} are possible.`);

/** Unique, non-empty names of at most 200 characters; without a header `Column 1`, `Column 2`… */
function namesOf(record: readonly (string | undefined)[], header: boolean): string[] {
  if (record.length > MAX_COLUMNS) throw tooManyColumns(record.length);
  const taken = new Set<string>();
  return record.map((cell, i) => {
    const text = header
      ? cellText(cell)
          .replace(/[\s\p{Cc}]+/gu, ' ')
          .trim()
          .slice(0, 190)
          .toWellFormed()
      : '';
    const base = text === '' ? `Column ${i + 1}` : text;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base} (${n})`;
    taken.add(name.toLowerCase());
    return name;
  });
}
