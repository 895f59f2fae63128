import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import { cellText, type ExpectedTypes, Inspector, type TypedTable } from '../read/inspector.js';
import { readCell, type Reading } from './column-type.js';
import { detectDialect, type Dialect, parserOptions } from './dialect.js';
import { detectEncoding, type FileEncoding, textOf } from './encoding.js';

const SAMPLE_BYTES = 1 << 18;

/** What a caller knows better than detection. */
export type CsvOptions = Partial<Pick<Dialect, 'delimiter' | 'quote' | 'header' | 'preamble'>> & {
  readonly expected?: ExpectedTypes | undefined;
};

/**
 * Reads a CSV file: works out its encoding, dialect, column types and their meaning over all rows (the first pass), and gives
 * typed rows on demand (the second). Memory does not grow with the number of rows.
 *
 *     const table = await readCsv('sales.csv');
 *     for await (const row of table.rows()) …        // row[i] belongs to table.columns[i]
 *
 * @throws {422} file_empty · not_text · no_columns · too_many_columns · csv_malformed · columns_differ
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<TypedTable> {
  const encoding = await detectEncoding(path);
  const { text, whole } = await sampleOf(path, encoding);
  const dialect = detectDialect(text, whole, options);
  const { expected } = options;
  if (dialect.quote === null) return inspect(path, encoding, dialect, expected);
  try {
    return await inspect(path, encoding, dialect, expected);
  } catch (error) {
    // A quote that is never closed swallows the rest of the file: then quotes are plain characters here.
    if (error instanceof Problem && error.code === 'csv_malformed')
      return inspect(path, encoding, { ...dialect, quote: null }, expected);
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

async function inspect(
  path: string,
  encoding: FileEncoding,
  dialect: Dialect,
  expected: ExpectedTypes | undefined,
): Promise<TypedTable> {
  const inspector = new Inspector(expected);
  await eachRecord(path, encoding, dialect, (record, line, index) => {
    if (index === 0) {
      inspector.start(record, dialect.header);
      if (dialect.header) return;
    }
    inspector.add(record, line);
  });
  const { columns, readings, rowCount, ...told } = inspector.finish(dialect.delimiter === ';');
  return {
    columns,
    rowCount,
    report: {
      format: 'csv',
      encoding: encoding.encoding,
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      header: dialect.header,
      skippedRows: dialect.preamble,
      sheet: null,
      ...told,
    },
    rows: () => typedRows(path, encoding, dialect, readings),
  };
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
      yield readings.map((reading, i) => readCell(cellText(record[i]), reading));
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
