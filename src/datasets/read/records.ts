import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import { readCell } from '../csv/column-type.js';
import { cellText, type ExpectedTypes, Inspector, type TypedTable } from './inspector.js';
import type { FileReport } from './report.js';

/** One record of a file that is no CSV: the place it stands at, and its cells as text ('' where there is none). */
export interface TextRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Records take at most this much room on disk while a file is read; what a small file unpacks to has no other bound. */
const MAX_SPOOLED = 4 * 1024 ** 3;
const MAX_CELL = 8 * 1024 * 1024;
const PIECE = 1 << 18;

export const tooLargeInside = (what: string): Problem =>
  new Problem(422, 'file_too_large_inside', `${what} Split the file, or export the table as CSV.`);

/**
 * Records on disk, since a file is gone through twice (what are its columns, then its cells), and going through a workbook or a
 * JSON document twice would cost twice its unpacking. One JSON array a line: the place first, then the cells.
 */
export class SpooledRecords {
  count = 0;
  private readonly out: WriteStream;
  private piece = '';
  private written = 0;

  constructor(private readonly path: string) {
    this.out = createWriteStream(path);
    this.out.on('error', () => undefined); // told by `finished`
  }

  /** True: wait for `drain` before the next. @throws {422} file_too_large_inside */
  add(line: number, cells: readonly string[]): boolean {
    for (const cell of cells) if (cell.length > MAX_CELL) throw tooLargeInside(`A cell of record ${line} is too long.`);
    this.count++;
    this.piece += `${JSON.stringify([line, ...cells])}\n`;
    if (this.piece.length < PIECE) return false;
    return this.flush();
  }

  async drain(): Promise<void> {
    if (this.out.errored !== null) throw this.out.errored;
    if (this.out.writableNeedDrain) await Promise.race([once(this.out, 'drain'), finished(this.out)]);
  }

  async close(): Promise<void> {
    this.flush();
    this.out.end();
    await finished(this.out);
  }

  /** In the order they were added. */
  async *read(): AsyncGenerator<TextRecord> {
    let rest = '';
    for await (const chunk of createReadStream(this.path, { highWaterMark: PIECE, encoding: 'utf8' })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) {
        const [line, ...cells] = JSON.parse(text) as [number, ...string[]];
        yield { line, cells };
      }
    }
  }

  private flush(): boolean {
    this.written += this.piece.length;
    if (this.written > MAX_SPOOLED) throw tooLargeInside('What is in the file takes more than 4 GB.');
    const isFull = !this.out.write(this.piece);
    this.piece = '';
    return isFull;
  }
}

/** A table of records as every format but CSV gives it. */
export interface RecordTable {
  /** null: its columns have no names. */
  readonly names: readonly string[] | null;
  readonly width: number;
  readonly about: Pick<FileReport, 'format' | 'skippedRows'> & Partial<Pick<FileReport, 'encoding' | 'sheet'>>;
  readonly notes: readonly string[];
  /** Lines that are no records, and what is wrong with them. */
  readonly unreadable?: readonly { readonly line: number; readonly message: string }[];
  records(): AsyncIterable<TextRecord>;
}

/** @throws {422} no_columns · too_many_columns · columns_differ */
export async function typed(table: RecordTable, expected: ExpectedTypes | undefined): Promise<TypedTable> {
  const inspector = new Inspector(expected);
  const padded = (cells: readonly string[]): string[] =>
    cells.length < table.width ? [...cells, ...Array<string>(table.width - cells.length).fill('')] : [...cells];
  inspector.start(table.names ?? Array<string>(table.width).fill(''), table.names !== null);
  for (const { line, message } of table.unreadable ?? []) inspector.unreadable(line, message);
  for await (const { line, cells } of table.records()) inspector.add(padded(cells), line);
  const { columns, readings, rowCount, notes, ...told } = inspector.finish(false);
  return {
    columns,
    rowCount,
    report: {
      encoding: null,
      delimiter: null,
      quote: null,
      sheet: null,
      header: table.names !== null,
      ...table.about,
      ...told,
      notes: [...table.notes.map((note) => ({ column: null, note })), ...notes],
    },
    async *rows(): AsyncGenerator<Scalar[]> {
      for await (const { cells } of table.records()) {
        yield readings.map((reading, i) => readCell(cellText(cells[i]), reading));
      }
    },
  };
}
