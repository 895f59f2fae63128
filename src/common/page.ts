import { Problem } from './problem.js';

/** Up to `limit` items, and how to get the next ones. */
export interface Page<T> {
  data: T[];
  hasMore: boolean;
  /** Pass back as `cursor`; null on the last page. */
  nextCursor: string | null;
}

/** `rows` holds up to `limit + 1`: the extra row proves that there is a next page. */
export function toPage<Row, View>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  viewOf: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit;
  return {
    data: shown.map(viewOf),
    hasMore,
    nextCursor: hasMore && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}

export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** The sort key inside a cursor of ours; `shape` names the type of each part. @throws {400} cursor_invalid */
export function decodeCursor(
  cursor: string,
  shape: readonly ('string' | 'number' | 'time' | 'uuid')[],
): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === shape.length && key.every((part, i) => fits(part, shape[i]))) {
      return key as (string | number)[];
    }
  } catch {
    // falls through to the one answer
  }
  throw new Problem(
    400,
    'cursor_invalid',
    'This cursor was not given by this list; leave it out to start at the beginning.',
  );
}

function fits(part: unknown, kind: 'string' | 'number' | 'time' | 'uuid' | undefined): boolean {
  switch (kind) {
    case 'number':
      return Number.isSafeInteger(part);
    case 'time':
      return (
        typeof part === 'string' &&
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/.test(part) &&
        !Number.isNaN(Date.parse(part))
      );
    case 'uuid':
      return typeof part === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part);
    case 'string':
      return typeof part === 'string' && !part.includes('\0');
    case undefined:
      return false;
  }
}
