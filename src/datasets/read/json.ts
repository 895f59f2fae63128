import { Problem } from '../../common/problem.js';
import { detectEncoding, textOf } from '../csv/encoding.js';
import { ExactTokenizer, malformed } from './exact-json.js';
import { JsonDocument } from './json-document.js';
import { type RecordTable, SpooledRecords, tooLargeInside } from './records.js';

const MAX_VALUE = 8 * 1024 * 1024;

/**
 * Reads a JSON document of any length, even on one line, as a stream. Shapes: `[{…}, …]`; `{ "data": [{…}, …], … }` whatever the
 * member is called; `[[…], …]`, the first list being names when it reads like it, or `{ "columns": […], "data": [[…], …] }`;
 * `{ "a": […], "b": […] }`, one list a column; one object is one row.
 * @throws {422} json_malformed · json_no_table · json_too_deep · too_many_columns · file_too_large_inside · file_empty
 */
export async function readJson(path: string, spoolPath: string): Promise<RecordTable> {
  const encoding = await detectEncoding(path);
  const spool = new SpooledRecords(spoolPath);
  const document = new JsonDocument(spool);
  const tokenizer = new ExactTokenizer();
  let idle = 0;
  tokenizer.onToken = (token) => {
    idle = 0;
    document.push(token);
  };
  let failed: unknown = null;
  tokenizer.onError = (error) => {
    failed = error;
  };
  for await (const text of textOf(path, encoding)) {
    tokenizer.write(text.startsWith('\ufeff') ? text.slice(1) : text);
    if (failed !== null) throw readingError(failed);
    idle += text.length;
    if (idle > MAX_VALUE) throw tooLargeInside('One text in the file is longer than 8 MB.');
    await spool.drain();
  }
  await document.end();
  await spool.close();
  const { names, width, notes } = document.shape();
  return {
    names,
    width,
    about: { format: 'json', encoding: encoding.encoding, skippedRows: 0 },
    notes,
    records: () => spool.read(),
  };
}

function readingError(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const [, place] = /position\s+"?(\d+)"?/i.exec((error as Error).message) ?? [];
  return malformed(place === undefined ? '' : ` near character ${place}`);
}
