import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import { Config } from '../../config/config.js';
import type { Format } from './detect.js';
import { PARSE_LIMITS, type Parsed } from './parse.js';
import type { ParseJob, ParseResult } from './parse-thread.js';
import { Unreadable, type UnreadableCode } from './unreadable.js';

const THREAD = new URL('./parse-thread.js', import.meta.url);
/** Of the thread's objects. */
const HEAP_MB = 768;
/** What the process may grow by: bytes that files unpack to are outside of any heap. */
const GROWTH_BYTES = 1_536 * 1_048_576;
const LOOK_MS = 200;
/** Starting a thread loads the tokenizer, which takes longer than most documents do. */
const IDLE_MS = 30_000;

function begun(): Worker {
  const thread = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  // What a thread says while it is being ended concerns nobody.
  thread.on('error', () => undefined);
  thread.unref();
  return thread;
}

/** Reads documents, one at a time. */
@Injectable()
export class ParserService implements OnApplicationShutdown {
  private thread: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;

  constructor(private readonly config: Config) {}

  async onApplicationShutdown(): Promise<void> {
    await this.end();
  }

  /** @throws {Unreadable}, or with the signal's reason */
  async parse(bytes: Buffer, format: Format, signal: AbortSignal): Promise<Parsed> {
    signal.throwIfAborted();
    if (this.idle !== null) clearTimeout(this.idle);
    const result = await this.run({ bytes: Uint8Array.from(bytes), format, limits: PARSE_LIMITS }, signal);
    if ('parsed' in result) return result.parsed;
    throw new Unreadable(result.refused);
  }

  private run(job: ParseJob, signal: AbortSignal): Promise<ParseResult> {
    const thread = (this.thread ??= begun());
    const before = process.memoryUsage.rss();
    const until = Date.now() + this.config.documents.parseSeconds * 1000;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearInterval(watch);
        signal.removeEventListener('abort', abort);
        thread.off('message', answered).off('error', broke).off('exit', ended);
      };
      const fail = (refused: UnreadableCode): void => {
        settle();
        void this.end().then(() => resolve({ refused }));
      };
      const abort = (): void => {
        settle();
        void this.end().then(() => reject(signal.reason as Error));
      };
      const answered = (result: ParseResult): void => {
        settle();
        this.idle = setTimeout(() => void this.end(), IDLE_MS).unref();
        resolve(result);
      };
      const broke = (error: Error & { code?: string }): void =>
        fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out_of_memory' : 'reading_failed');
      const ended = (): void => fail('reading_failed');
      const watch = setInterval(() => {
        if (Date.now() > until) fail('took_too_long');
        else if (process.memoryUsage.rss() - before > GROWTH_BYTES) fail('out_of_memory');
      }, LOOK_MS);
      signal.addEventListener('abort', abort, { once: true });
      thread.on('message', answered).on('error', broke).on('exit', ended);
      thread.postMessage(job, [job.bytes.buffer as ArrayBuffer]);
    });
  }

  private async end(): Promise<void> {
    if (this.idle !== null) clearTimeout(this.idle);
    const { thread } = this;
    this.thread = null;
    await thread?.terminate();
  }
}
