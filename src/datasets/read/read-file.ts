import { join } from 'node:path';
import { Problem } from '../../common/problem.js';
import { readCsv } from '../csv/read-csv.js';
import type { ExpectedTypes, TypedTable } from './inspector.js';
import { type RecordTable, typed } from './records.js';
import { formatOf } from './sniff.js';

export interface ReadOptions {
  /** Of a workbook: a sheet's name, or its place from 1. */
  readonly sheet?: string | undefined;
  readonly expected?: ExpectedTypes | undefined;
}

/**
 * A file of any format as a typed table; which it is, is told by its content. What a format has to unpack goes into `scratch`, a
 * directory that the caller removes.
 * @throws {422} `file_empty`, `format_unsupported`, and what `readCsv`, `readJson`, `readJsonLines`, `readXlsx`, `readParquet` say
 */
export async function readFile(path: string, scratch: string, options: ReadOptions = {}): Promise<TypedTable> {
  const { sheet, expected } = options;
  const spool = join(scratch, 'records');
  switch (await formatOf(path)) {
    case 'csv':
      return readCsv(path, { expected });
    case 'json':
      return typed(await jsonOf(path, spool), expected);
    // A reader is loaded when there is a file for it: most threads read a CSV.
    case 'json_lines': {
      const { readJsonLines } = await import('./json-lines.js');
      return typed(await readJsonLines(path, spool), expected);
    }
    case 'xlsx': {
      const { readXlsx } = await import('./xlsx/read-xlsx.js');
      return typed(await readXlsx(path, spool, sheet), expected);
    }
    case 'parquet': {
      const { readParquet } = await import('./parquet.js');
      return typed(await readParquet(path, spool), expected);
    }
  }
}

/** A first record longer than what the format is told by looks like a document until its end is followed by another. */
async function jsonOf(path: string, spool: string): Promise<RecordTable> {
  const { readJson } = await import('./json.js');
  try {
    return await readJson(path, spool);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'json_malformed') throw error;
    const { readJsonLines } = await import('./json-lines.js');
    return readJsonLines(path, `${spool}-lines`).catch(() => {
      throw error;
    });
  }
}
