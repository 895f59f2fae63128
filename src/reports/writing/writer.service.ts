import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import type { Report } from '../report.js';
import type { ReportFiles } from './format.js';
import type { WriteResult } from './write-thread.js';

const THREAD = new URL('./write-thread.js', import.meta.url);
/** Of the thread's objects. */
const HEAP_MB = 512;
/** Starting a thread loads Vega, the rasteriser and the fonts. */
const IDLE_MS = 30_000;

/** Writes reports in all formats, one at a time, in a thread. */
@Injectable()
export class ReportWriter implements OnApplicationShutdown {
  private thread: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;

  async onApplicationShutdown(): Promise<void> {
    await this.end();
  }

  /** Rejects with what went wrong, or with the signal's reason. */
  async write(report: Report, signal: AbortSignal): Promise<ReportFiles> {
    signal.throwIfAborted();
    if (this.idle !== null) clearTimeout(this.idle);
    const thread = (this.thread ??= begun());
    try {
      const result = await answerOf(thread, report, signal);
      if ('failed' in result) throw new Error(result.failed);
      this.idle = setTimeout(() => void this.end(), IDLE_MS).unref();
      return result.files;
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  private async end(): Promise<void> {
    if (this.idle !== null) clearTimeout(this.idle);
    const { thread } = this;
    this.thread = null;
    await thread?.terminate();
  }
}

function begun(): Worker {
  const thread = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  // What a thread says while it is being ended concerns nobody.
  thread.on('error', () => undefined);
  thread.unref();
  return thread;
}

function answerOf(thread: Worker, report: Report, signal: AbortSignal): Promise<WriteResult> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal.removeEventListener('abort', abort);
      thread.off('message', answered).off('error', broke).off('exit', ended);
    };
    const answered = (result: WriteResult): void => {
      settle();
      resolve(result);
    };
    const broke = (error: Error): void => {
      settle();
      reject(error);
    };
    const ended = (): void => broke(new Error('the thread ended'));
    const abort = (): void => broke(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    thread.on('message', answered).on('error', broke).on('exit', ended);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    thread.postMessage(report);
  });
}
