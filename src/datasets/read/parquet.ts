import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { Problem } from '../../common/problem.js';
import { flatten, Names, type Nested } from './flatten.js';
import { MAX_COLUMNS, tooManyColumns } from './inspector.js';
import { type RecordTable, SpooledRecords, tooLargeInside } from './records.js';

/** Rows that are taken from a group at a time: as objects they need many times what they need in the file. */
const SLICE = 20_000;
/** Unpacked bytes of one row group, and of one page in it. What a file says of itself is checked before room is made for it. */
const MAX_GROUP = 1024 ** 3;
const MAX_PAGE = 256 * 1024 ** 2;
const MAX_METADATA = 32 * 1024 ** 2;
const MAX_ROWS = 100_000_000;

/**
 * Reads a Parquet file, row group by row group. Structures become dotted names, lists one text (see `flatten`).
 * @throws {422} parquet_malformed · too_many_columns · file_too_large_inside
 */
export async function readParquet(path: string, spoolPath: string): Promise<RecordTable> {
  const file = await asyncBufferFromFile(path);
  const spool = new SpooledRecords(spoolPath);
  const names = new Names();
  try {
    const metadata = await metadataOf(file);
    const unpackers = new Unpackers();
    const start = { file, metadata, compressors: unpackers.all, utf8: true, geoparquet: false };
    let rowNumber = 0;
    for (const group of metadata.row_groups) {
      const end = rowNumber + Number(group.num_rows);
      while (rowNumber < end) {
        const rowEnd = Math.min(rowNumber + SLICE, end);
        unpackers.next();
        const rows = await parquetReadObjects({ ...start, rowStart: rowNumber, rowEnd });
        if (rows.length !== rowEnd - rowNumber) throw damaged('it has fewer rows than it says');
        for (const row of rows) {
          if (spool.add(++rowNumber, flatten(row as Nested, names))) await spool.drain();
        }
      }
    }
    if (spool.count === 0) for (const { element } of parquetSchema(metadata).children) names.placeOf([element.name]);
    await spool.close();
  } catch (error) {
    throw error instanceof Problem || !isReading(error) ? error : damaged((error as Error).message);
  }
  return {
    names: names.names,
    width: names.names.length,
    about: { format: 'parquet', skippedRows: 0 },
    notes: [],
    records: () => spool.read(),
  };
}

async function metadataOf(file: Awaited<ReturnType<typeof asyncBufferFromFile>>): Promise<FileMetaData> {
  const footer = new DataView(await file.slice(Math.max(0, file.byteLength - 8), file.byteLength));
  if (file.byteLength < 12 || footer.getUint32(0, true) > Math.min(MAX_METADATA, file.byteLength - 12)) {
    throw damaged('its footer is longer than the file');
  }
  const metadata = await parquetMetadataAsync(file, { geoparquet: false });
  const columns = parquetSchema(metadata).children.length;
  if (columns > MAX_COLUMNS) throw tooManyColumns(columns);
  let total = 0;
  for (const { num_rows: rows, columns: chunks } of metadata.row_groups) {
    if (rows < 0n || rows > BigInt(MAX_ROWS)) throw damaged('a group of rows has an impossible number of them');
    total += Number(rows);
    let bytes = 0;
    for (const { meta_data: chunk } of chunks) {
      if (chunk === undefined) throw damaged('a column is not described');
      const [start, packed, unpacked] = [
        Number(chunk.dictionary_page_offset ?? chunk.data_page_offset),
        Number(chunk.total_compressed_size),
        Number(chunk.total_uncompressed_size),
      ];
      if (start < 0 || packed < 0 || start + packed > file.byteLength)
        throw damaged('a column lies outside of the file');
      bytes += Math.max(unpacked, 0);
    }
    if (bytes > MAX_GROUP) {
      throw tooLargeInside('A group of rows unpacks to more than 1 GB; write smaller row groups.');
    }
  }
  if (total > MAX_ROWS || BigInt(total) !== metadata.num_rows)
    throw damaged('its number of rows is not that of its groups');
  return metadata;
}

/** Ways of unpacking a page, none of which makes more room than a page may take, nor all of them more than a group may. */
class Unpackers {
  private unpacked = 0;
  readonly all: Compressors = Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [
      codec,
      (input: Uint8Array, length: number): Uint8Array => {
        this.unpacked += length;
        if (!(length >= 0 && length <= MAX_PAGE && this.unpacked <= MAX_GROUP)) {
          throw tooLargeInside('A group of rows unpacks to more than 1 GB, or a page of it to more than 256 MB.');
        }
        return unpack(input, length);
      },
    ]),
  );

  /** What was unpacked so far is in use no more. */
  next(): void {
    this.unpacked = 0;
  }
}

const damaged = (what: string): Problem =>
  new Problem(
    422,
    'parquet_malformed',
    `The Parquet file cannot be read: ${what
      .replace(/^parquet /, '')
      .slice(0, 200)
      .toWellFormed()}. Write it again, or send the table as CSV.`,
  );

/** Errors of the file's bytes, not of the disk. */
const isReading = (error: unknown): boolean => error instanceof Error && !('syscall' in error);
