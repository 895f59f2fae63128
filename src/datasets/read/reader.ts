import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import { copyLine } from '../row-table.js';
import type { TypedTable } from './inspector.js';
import { type ReadOptions, readFile } from './read-file.js';

/*
 * The thread that a file is read in: whatever is in it, the server goes on answering. It says what the table is, and on demand
 * gives its rows as lines of COPY, a few pieces ahead of whoever takes them.
 */

export interface ReaderData {
  readonly path: string;
  readonly scratch: string;
  readonly options: ReadOptions;
  readonly preview: number;
}

export type FromReader =
  | ({ readonly kind: 'table'; readonly preview: readonly (readonly Scalar[])[] } & Omit<TypedTable, 'rows'>)
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'problem'; readonly problem: Pick<Problem, 'status' | 'code' | 'detail' | 'extra'> }
  | { readonly kind: 'failed'; readonly error: unknown };

/** `start`: the first row's number. `taken`: one piece was. */
export type ToReader = { readonly start: number } | 'taken';

/** Lines are sent in pieces of about this many characters. */
const PIECE = 1 << 16;
/** Pieces that wait to be taken. */
const AHEAD = 4;

const port = parentPort;
if (port !== null) {
  const tell = (message: FromReader): void => port.postMessage(message);
  const { path, scratch, options, preview } = workerData as ReaderData;
  let waiting = 0;
  let wake: (() => void) | null = null;
  try {
    const table = await readFile(path, scratch, options);
    const { columns, rowCount, report } = table;
    const start = new Promise<number>((resolve) => {
      port.on('message', (message: ToReader) => {
        if (message !== 'taken') resolve(message.start);
        else {
          waiting--;
          wake?.();
        }
      });
    });
    tell({ kind: 'table', columns, rowCount, report, preview: await firstOf(table, preview) });
    for await (const piece of pieces(table, await start)) {
      const bytes = new TextEncoder().encode(piece);
      port.postMessage({ kind: 'piece', bytes } satisfies FromReader, [bytes.buffer]);
      if (++waiting >= AHEAD) await new Promise<void>((resolve) => (wake = resolve));
    }
    tell({ kind: 'end' });
  } catch (error) {
    if (error instanceof Problem) {
      const { status, code, detail, extra } = error;
      tell({ kind: 'problem', problem: { status, code, detail, extra } });
    } else if (error instanceof RangeError) {
      // A string, a list or a stack that would be longer than there can be.
      const detail = 'The file was not read: it has a part that is too long. Split it, or send the table as CSV.';
      tell({ kind: 'problem', problem: { status: 422, code: 'file_too_complex', detail, extra: {} } });
    } else tell({ kind: 'failed', error });
  }
  port.close();
}

async function firstOf(table: TypedTable, count: number): Promise<Scalar[][]> {
  const first: Scalar[][] = [];
  if (count === 0) return first;
  for await (const row of table.rows()) {
    first.push(row);
    if (first.length === count) break;
  }
  return first;
}

async function* pieces(table: TypedTable, firstNumber: number): AsyncGenerator<string> {
  let piece = '';
  let rowNumber = firstNumber;
  for await (const row of table.rows()) {
    piece += copyLine(rowNumber++, row);
    if (piece.length >= PIECE) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}
