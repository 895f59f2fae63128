import { EventEmitter } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import { Client } from 'pg';
import { Db } from '../../database/db.js';
import { CHANNEL } from './runs.store.js';

const RECONNECT_MS = 1_000;

export type RunSignal = 'events' | 'stop' | 'ended';

/**
 * What other instances say of runs, over LISTEN on a connection of its own. Only a quicker way to learn what is in the
 * tables as well: where it does not work (a pooler that shares connections), readers look at intervals.
 */
@Injectable()
export class RunSignals {
  private readonly log = new Logger('runs');
  private readonly heard = new EventEmitter().setMaxListeners(0);
  private client: Client | null = null;
  private closed = false;
  private isListening = false;
  private again: NodeJS.Timeout | null = null;

  constructor(private readonly db: Db) {}

  async open(): Promise<void> {
    if (this.closed) return;
    const { options } = this.db.pool;
    const client = new Client({
      ...options,
      application_name: 'engram listener',
      statement_timeout: 0,
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', ({ payload = '' }) => {
      const [kind, id] = payload.split(' ');
      if (kind === undefined || id === undefined) return;
      this.heard.emit(id);
      this.heard.emit(`any ${kind}`, id);
    });
    client.once('error', () => this.reopen());
    client.once('end', () => this.reopen());
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.isListening = true;
    } catch {
      this.reopen();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.isListening = false;
    if (this.again !== null) clearTimeout(this.again);
    await this.client?.end().catch(() => undefined);
  }

  /** Its connection, for what must not wait behind requests for one of the pool's; null while there is none. */
  get connection(): Client | null {
    return this.isListening ? this.client : null;
  }

  /** Calls back for each signal of this kind, whatever the run. */
  on(kind: RunSignal, listener: (runId: string) => void): void {
    this.heard.on(`any ${kind}`, listener);
  }

  /** Until something is heard of the run, or the time is over, or the reader left. */
  async next(runId: string, withinMs: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.heard.off(runId, done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.heard.on(runId, done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  private reopen(): void {
    this.isListening = false;
    if (this.closed || this.again !== null) return;
    this.client?.removeAllListeners('notification');
    this.client?.on('error', () => undefined);
    this.client?.end().catch(() => undefined);
    this.client = null;
    this.log.debug('listening for runs: connecting again');
    this.again = setTimeout(() => {
      this.again = null;
      void this.open();
    }, RECONNECT_MS);
  }
}
