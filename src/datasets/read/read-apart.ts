import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import type { TypedTable } from './inspector.js';
import type { ReadOptions } from './read-file.js';
import type { FromReader, ReaderData, ToReader } from './reader.js';

/** Memory of one thread that reads a file; it ends when that is not enough, and nothing else does. */
const MEMORY_MB = 512;
/** No file that is taken in takes longer to understand. */
const MAX_MS = 15 * 60_000;

/** A file as it was understood, by a thread that is there until `close`. */
export interface ReadTable extends Omit<TypedTable, 'rows'> {
  readonly preview: readonly (readonly Scalar[])[];
  /** The rows as lines of COPY, numbered from `firstNumber`; once. */
  copyLines(firstNumber: number): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/**
 * `readFile` in a thread of its own, with its own memory.
 * @throws {422} what `readFile` says; `file_too_complex`: it took too much memory or time
 */
export async function readApart(
  file: string,
  scratch: string,
  options: ReadOptions = {},
  preview = 0,
): Promise<ReadTable> {
  const worker = new Worker(program(), {
    workerData: { path: file, scratch, options, preview } satisfies ReaderData,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, stackSizeMb: 4 },
    execArgv: [],
  });
  const inbox = new Inbox(worker);
  const close = async (): Promise<void> => {
    inbox.close();
    await worker.terminate();
  };
  try {
    const told = await inbox.next();
    if (told.kind !== 'table') throw new Error(`the reader began with ${told.kind}`);
    const { kind: _, ...table } = told;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
    const send = (message: ToReader): void => worker.postMessage(message);
    return {
      ...table,
      async *copyLines(firstNumber) {
        send({ start: firstNumber });
        for (let message = await inbox.next(); message.kind === 'piece'; message = await inbox.next()) {
          send('taken');
          yield message.bytes;
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the thread says, in order; what ends it is thrown by `next`. */
class Inbox {
  private readonly messages: FromReader[] = [];
  private failed: unknown = null;
  private wake: (() => void) | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(worker: Worker) {
    this.timer = setTimeout(() => {
      this.fail(tooComplex('it took longer than 15 minutes to read'));
      void worker.terminate();
    }, MAX_MS);
    worker.on('message', (message: FromReader) => {
      this.messages.push(message);
      this.wake?.();
    });
    worker.on('error', (error: Error & { code?: string }) => {
      this.fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooComplex('it takes too much memory to read') : error);
    });
    worker.on('exit', () => this.fail(new Error('the reader of a file ended too soon')));
  }

  async next(): Promise<FromReader> {
    while (this.messages.length === 0) {
      if (this.failed !== null) throw this.failed;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const message = this.messages.shift();
    if (message?.kind === 'problem') {
      const { status, code, detail, extra } = message.problem;
      throw new Problem(status, code, detail, extra);
    }
    if (message?.kind === 'failed') throw message.error;
    return message ?? { kind: 'end' };
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private fail(error: unknown): void {
    this.failed ??= error;
    this.wake?.();
  }
}

const tooComplex = (why: string): Problem =>
  new Problem(422, 'file_too_complex', `The file was not read: ${why}. Split it, or send the table as CSV.`);

/** A thread runs built code only; from the sources it is that of the build. */
function program(): string {
  const built = path.join(import.meta.dirname, 'reader.js');
  if (existsSync(built)) return built;
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'dist/src/datasets/read/reader.js');
    if (existsSync(candidate)) return candidate;
  }
  throw new Error('the program that reads files is missing: build first');
}
