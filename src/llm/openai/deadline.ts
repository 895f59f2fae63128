import { setTimeout as sleep } from 'node:timers/promises';
import { ModelError } from '../language-model.js';

/**
 * The time that one call has: as a whole, and between two signs of life. Its `signal` ends the requests of the call when
 * the caller stops it, when the time is up and when `end` is called.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly started = performance.now();
  private readonly total: NodeJS.Timeout;
  private why: 'aborted' | 'timeout' | null = null;
  private silentMs = 0;

  constructor(
    private readonly caller: AbortSignal,
    private readonly limits: { readonly totalMs: number; readonly silenceMs: number },
  ) {
    this.total = setTimeout(() => this.stop('timeout'), limits.totalMs);
    if (caller.aborted) this.abort();
    else caller.addEventListener('abort', this.abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Awaits the network; the time counts as silence until `heard`. Time that the caller takes for itself does not. */
  async listen<T>(work: Promise<T>): Promise<T> {
    const from = performance.now();
    const timer = setTimeout(() => this.stop('timeout'), Math.max(1, this.limits.silenceMs - this.silentMs));
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      this.silentMs += performance.now() - from;
    }
  }

  /** The model said something. */
  heard(): void {
    this.silentMs = 0;
  }

  /** Waits before another attempt; false, and at once, when the call would be over by then. */
  async pause(ms: number): Promise<boolean> {
    if (performance.now() - this.started + ms >= this.limits.totalMs) return false;
    this.silentMs = 0;
    await sleep(ms, undefined, { signal: this.signal }).catch(() => undefined);
    return true;
  }

  /** What ended the call, when it was this deadline; null: something else went wrong. */
  ended(cause: unknown): ModelError | null {
    return this.why === null ? null : new ModelError(this.why, cause);
  }

  /** Lets go of whatever is still under way. */
  end(): void {
    clearTimeout(this.total);
    this.caller.removeEventListener('abort', this.abort);
    this.controller.abort();
  }

  private readonly abort = (): void => this.stop('aborted');

  private stop(why: 'aborted' | 'timeout'): void {
    this.why ??= why;
    this.controller.abort();
  }
}
