import { detectEncoding, textOf } from '../csv/encoding.js';
import { ExactTokenizer, malformed, ValueBuilder } from './exact-json.js';
import { cellOf, flatten, isNested, MAX_DEPTH, Names, tooDeep, type Value } from './flatten.js';
import { MAX_TOLD } from './inspector.js';
import { type RecordTable, SpooledRecords, tooLargeInside } from './records.js';

const MAX_LINE = 8 * 1024 * 1024;

/**
 * Reads a file with one JSON object (or list) a line. Lines that are none are left out and told, as long as they are few.
 * @throws {422} json_malformed · json_too_deep · too_many_columns · file_too_large_inside · file_empty
 */
export async function readJsonLines(path: string, spoolPath: string): Promise<RecordTable> {
  const encoding = await detectEncoding(path);
  const spool = new SpooledRecords(spoolPath);
  const names = new Names();
  const unreadable: { line: number; message: string }[] = [];
  let bad = 0;
  let line = 0;
  const take = (text: string): void => {
    line++;
    if (text.trim() === '') return;
    const value = valueOf(text);
    if (value === undefined) {
      bad++;
      if (unreadable.length < MAX_TOLD) unreadable.push({ line, message: 'is not JSON; it was left out' });
      if (bad > 20 && bad > spool.count) throw malformed(`: line ${line} is one of many that are none`);
    } else if (isNested(value)) spool.add(line, flatten(value, names));
    else {
      // A list, or a plain value: its places are its names.
      const cells = Array.isArray(value) ? (value as readonly Value[]).map(cellOf) : [cellOf(value)];
      for (const i of cells.keys()) names.placeOf([`Column ${i + 1}`]);
      spool.add(line, cells);
    }
  };
  let rest = '';
  for await (const text of textOf(path, encoding)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw tooLargeInside(`Line ${line + lines.length + 1} is longer than 8 MB.`);
    for (const one of lines) take(one);
    await spool.drain();
  }
  take(rest);
  await spool.close();
  if (spool.count === 0) throw malformed();
  return {
    names: names.names,
    width: names.names.length,
    about: { format: 'json_lines', encoding: encoding.encoding, skippedRows: 0 },
    notes: bad > unreadable.length ? [`${bad} lines are not JSON; they were left out.`] : [],
    unreadable,
    records: () => spool.read(),
  };
}

/** undefined: it is not JSON. */
function valueOf(text: string): Value {
  try {
    // The native parser is many times as fast, but would change long numbers.
    if (/\d{16}/.test(text)) return exactly(text);
    const value = JSON.parse(text) as Value;
    requireShallow(value);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function exactly(text: string): Value {
  // Checks the grammar, which the tokens alone do not.
  JSON.parse(text);
  const builder = new ValueBuilder();
  const tokenizer = new ExactTokenizer();
  let value: Value = undefined;
  tokenizer.onToken = (token) => {
    value = builder.push(token) ?? value;
  };
  tokenizer.onError = (error) => {
    throw error;
  };
  tokenizer.write(text);
  return value;
}

/** Level by level, since what is nested a million deep ends a function that calls itself. */
function requireShallow(value: Value): void {
  let level: readonly Value[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw tooDeep();
    level = level.flatMap((one) =>
      Array.isArray(one)
        ? (one as readonly Value[]).filter(isContainer)
        : isNested(one)
          ? Object.values(one).filter(isContainer)
          : [],
    );
  }
}

const isContainer = (value: Value): boolean => typeof value === 'object' && value !== null;
