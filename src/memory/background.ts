import type { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';

/** Work beside requests: one piece after the other, until the process is stopped. One that fails is logged and passed over. */
export class Background {
  private readonly stopping = new AbortController();
  private work: Promise<unknown> = Promise.resolve();

  /** @param failed what a warning says before the reason */
  constructor(
    private readonly log: Logger,
    private readonly failed: string,
  ) {}

  /** Aborted when the process is stopped. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Does it after so many milliseconds, when nothing else is at work here; settles when it is done. */
  async after(ms: number, work: () => Promise<void>): Promise<void> {
    try {
      await delay(ms, undefined, { ref: false, signal: this.signal });
    } catch {
      return; // stopping
    }
    this.work = this.work.then(work).catch((error: unknown) => {
      if (!this.isStopping) this.log.warn(`${this.failed}: ${(error as Error).message}`);
    });
    await this.work;
  }

  /** Over and over, with a pause of so many milliseconds before each. */
  async every(ms: number, work: () => Promise<void>): Promise<void> {
    while (!this.isStopping) await this.after(ms, work);
  }

  /** Does it for one after the other, until the process is stopped. What fails with one of them keeps nothing from the others. */
  async each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
    const failures: Error[] = [];
    for (const item of items) {
      if (this.isStopping) return;
      await work(item).catch((error: unknown) => failures.push(error as Error));
    }
    const [first, ...more] = failures;
    if (first === undefined || this.isStopping) return;
    this.log.warn(`${this.failed}: ${first.message}${more.length === 0 ? '' : ` (and ${more.length} more)`}`);
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }
}
