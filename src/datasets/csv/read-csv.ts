import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import type { ColumnProfile } from '../profile.js';
import { ColumnTally } from './column-tally.js';
import { localeOf, readCell, readColumn, type Reading } from './column-type.js';
import { detectDialect, type Dialect, parserOptions } from './dialect.js';
import { detectEncoding, type FileEncoding, textOf } from './encoding.js';
import { profileOf } from './semantics.js';

export const MAX_COLUMNS = 2_000;
/** Lines told in a report; more are only counted. */
export const MAX_TOLD = 100;
const SAMPLE_BYTES = 1 << 18;
/** Distinct values kept over all columns while a file is read, so that wide tables stay within some hundred megabytes. */
const MAX_KEPT_VALUES = 1_000_000;

/** A place in the file that was not what the rest of it is. */
export interface BadLine {
  /** 1-based line of the file. */
  readonly line: number;
  /** Name of the column; null when the whole row is meant. */
  readonly column: string | null;
  readonly message: string;
}

/** How a file was understood: for the person who uploaded it. */
export interface CsvReport {
  readonly encoding: string;
  readonly delimiter: string;
  readonly quote: string | null;
  readonly header: boolean;
  /** Rows above the header that were left out. */
  readonly skippedRows: number;
  /** In order of line, at most 100 of `badLineCount`. Their cells are missing values; their other cells were kept. */
  readonly badLines: readonly BadLine[];
  readonly badLineCount: number;
  /** What to know of single columns: ambiguous dates, mixed units, codes kept as text. */
  readonly notes: readonly { readonly column: string; readonly note: string }[];
}

export interface CsvTable {
  readonly columns: readonly ColumnProfile[];
  readonly rowCount: number;
  readonly report: CsvReport;
  /** Reads the file again and gives its rows, typed, in the file's order; one value a column. */
  rows(): AsyncIterable<Scalar[]>;
}

/** What a caller knows better than detection. */
export type CsvOptions = Partial<Pick<Dialect, 'delimiter' | 'quote' | 'header' | 'preamble'>>;

/**
 * Reads a CSV file: works out its encoding, dialect, column types and their meaning over all rows (the first pass), and gives
 * typed rows on demand (the second). Memory does not grow with the number of rows.
 *
 *     const table = await readCsv('sales.csv');
 *     for await (const row of table.rows()) …        // row[i] belongs to table.columns[i]
 *
 * @throws {422} file_empty · not_text · no_columns · too_many_columns · csv_malformed
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<CsvTable> {
  const encoding = await detectEncoding(path);
  const { text, whole } = await sampleOf(path, encoding);
  const dialect = detectDialect(text, whole, options);
  if (dialect.quote === null) return inspect(path, encoding, dialect);
  try {
    return await inspect(path, encoding, dialect);
  } catch (error) {
    // A quote that is never closed swallows the rest of the file: then quotes are plain characters here.
    if (error instanceof Problem && error.code === 'csv_malformed')
      return inspect(path, encoding, { ...dialect, quote: null });
    throw error;
  }
}

async function sampleOf(path: string, encoding: FileEncoding): Promise<{ text: string; whole: boolean }> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const text = new TextDecoder(encoding.encoding).decode(buffer.subarray(0, bytesRead), { stream: true });
    return { text, whole: bytesRead === size };
  } finally {
    await file.close();
  }
}

async function inspect(path: string, encoding: FileEncoding, dialect: Dialect): Promise<CsvTable> {
  const bad = new BadLines();
  let names: string[] = [];
  let tallies: ColumnTally[] = [];
  let rowCount = 0;
  let isNamed = false;
  const start = (record: readonly string[]): void => {
    names = namesOf(record, dialect.header);
    isNamed = record.some((cell) => cell.trim() !== '');
    const limit = Math.max(50, Math.min(5_000, Math.floor(MAX_KEPT_VALUES / names.length)));
    tallies = names.map(() => new ColumnTally(limit));
  };
  await eachRecord(path, encoding, dialect, (record, line, index) => {
    if (index === 0) {
      start(record);
      if (dialect.header) return;
    }
    rowCount++;
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
    for (let i = 0; i < tallies.length; i++) tallies[i]?.add(record[i]?.trim() ?? '', line);
  });
  if (tallies.every(({ filled, missing }) => filled + missing === 0) && !isNamed)
    throw new Problem(422, 'no_columns', 'The file has no table in it: no line has any text.');
  const locale = localeOf(tallies, dialect.delimiter === ';');
  const readings = tallies.map((tally, i) => readColumn(tally, names[i] ?? '', locale));
  const columns = tallies.map((tally, i) =>
    profileOf(names[i] ?? '', i, tally, readings[i] ?? readColumn(tally, '', locale)),
  );
  for (const [i, reading] of readings.entries()) bad.addMisfits(names[i] ?? '', reading);
  return {
    columns,
    rowCount,
    report: {
      encoding: encoding.encoding,
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      header: dialect.header,
      skippedRows: dialect.preamble,
      badLines: bad.told(),
      badLineCount: bad.count,
      notes: readings.flatMap(({ notes }, i) => notes.map((note) => ({ column: names[i] ?? '', note }))),
    },
    rows: () => typedRows(path, encoding, dialect, readings),
  };
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
        message: `"${text}" is not ${type === 'integer' ? 'an integer' : `a ${type}`}; the cell was left empty`,
      });
    }
  }

  told(): BadLine[] {
    return this.lines.sort((a, b) => a.line - b.line).slice(0, MAX_TOLD);
  }
}

/** Unique, non-empty names of at most 200 characters; without a header `Column 1`, `Column 2`… */
function namesOf(record: readonly string[], header: boolean): string[] {
  if (record.length > MAX_COLUMNS) {
    throw new Problem(
      422,
      'too_many_columns',
      `The table has ${record.length} columns; at most ${MAX_COLUMNS} are possible.`,
    );
  }
  const taken = new Set<string>();
  return record.map((cell, i) => {
    const text = header
      ? cell
          .replace(/[\s\p{Cc}]+/gu, ' ')
          .trim()
          .slice(0, 190)
      : '';
    const base = text === '' ? `Column ${i + 1}` : text;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base} (${n})`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Every record after the preamble, with the line it starts on; `index` counts them from 0. */
async function eachRecord(
  path: string,
  encoding: FileEncoding,
  dialect: Dialect,
  use: (record: string[], line: number, index: number) => void,
): Promise<void> {
  let seen = 0;
  const parser = parse({
    ...parserOptions(dialect),
    on_record: (record: string[], { lines }: { lines: number }) => {
      const index = seen++ - dialect.preamble;
      if (index >= 0) use(record, startOf(record, lines), index);
      return undefined;
    },
  });
  parser.resume();
  try {
    await pipeline(Readable.from(textOf(path, encoding)), parser);
  } catch (error) {
    throw asProblem(error);
  }
}

async function* typedRows(
  path: string,
  encoding: FileEncoding,
  dialect: Dialect,
  readings: readonly Reading[],
): AsyncGenerator<Scalar[]> {
  const parser = parse(parserOptions(dialect));
  const source = Readable.from(textOf(path, encoding));
  source.on('error', (error) => parser.destroy(error)).pipe(parser);
  let skip = dialect.preamble + (dialect.header ? 1 : 0);
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (skip-- > 0) continue;
      yield readings.map((reading, i) => readCell(record[i]?.trim() ?? '', reading));
    }
  } finally {
    source.destroy();
  }
}

/** The parser tells the line a record ends on; its own line breaks lie between. */
function startOf(record: readonly string[], end: number): number {
  let breaks = 0;
  for (const cell of record)
    if (cell.includes('\n') || cell.includes('\r')) breaks += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
  return end - breaks;
}

function asProblem(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string' || !code.startsWith('CSV_')) return error;
  const line = (error as { lines?: unknown }).lines;
  const where = typeof line === 'number' ? ` near line ${line}` : '';
  return new Problem(
    422,
    'csv_malformed',
    `The file cannot be read as CSV${where}: a quote is not closed, or a line is longer than 8 MB.`,
  );
}
