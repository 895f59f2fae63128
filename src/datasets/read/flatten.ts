import { Problem } from '../../common/problem.js';
import { MAX_COLUMNS, tooManyColumns } from './inspector.js';

/** What JSON and Parquet cells may hold. Numbers that a double would change come as their text. */
export type Value =
  null | undefined | string | number | bigint | boolean | Date | Uint8Array | readonly Value[] | Nested;
export interface Nested {
  readonly [key: string]: Value;
}

/** Objects within objects become dotted names down to here; what lies deeper is refused while it is read. */
export const MAX_DEPTH = 32;

/** Names of the columns as records bring them up, in order of appearance. */
export class Names {
  private readonly places = new Map<string, number>();
  readonly names: string[] = [];

  /** @throws {422} too_many_columns */
  placeOf(path: readonly string[]): number {
    const key = path.length === 1 ? (path[0] ?? '') : path.join('\0');
    const known = this.places.get(key);
    if (known !== undefined) return known;
    if (this.names.length >= MAX_COLUMNS) throw tooManyColumns(`more than ${MAX_COLUMNS}`);
    this.places.set(key, this.names.length);
    this.names.push(path.join('.'));
    return this.names.length - 1;
  }
}

/**
 * A record as cells: `{ "id": 1, "place": { "city": "Bern" }, "tags": ["a", "b"] }` has the columns `id`, `place.city` and `tags`.
 * A list of plain values is one text, its parts separated by commas; a list that holds objects or lists is kept as JSON.
 * @throws {422} too_many_columns
 */
export function flatten(record: Nested, names: Names): string[] {
  const cells: string[] = [];
  const add = (path: readonly string[], value: Value): void => {
    if (isNested(value) && path.length < MAX_DEPTH) {
      for (const key of Object.keys(value)) add([...path, key], value[key]);
      return;
    }
    const place = names.placeOf(path);
    while (cells.length <= place) cells.push('');
    cells[place] = cellOf(value);
  };
  for (const key of Object.keys(record)) add([key], record[key]);
  return cells;
}

export const isNested = (value: Value): value is Nested =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

/** One value as the text of a cell. */
export function cellOf(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return timeOf(value);
  if (value instanceof Uint8Array) return bytesOf(value);
  if (isNested(value)) return jsonOf(value);
  return value.every((part) => typeof part !== 'object' || part === null || part instanceof Date)
    ? value.map(cellOf).join(', ')
    : jsonOf(value);
}

/** Midnights are days: files without a type for a day write them so. */
function timeOf(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const iso = date.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.replace('.000Z', 'Z');
}

function bytesOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return text.includes('\ufffd') ? buffer.toString('hex') : text;
}

function jsonOf(value: Value): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

export const tooDeep = (): Problem =>
  new Problem(
    422,
    'json_too_deep',
    `The file nests objects or lists more than ${MAX_DEPTH} deep; a table needs flat records.`,
  );
