import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Config } from '../../config/config.js';
import { PassageEmbeddings } from '../search/passage-embeddings.js';
import { IngestService } from './ingest.service.js';
import { type Claimed, IngestionStore } from './ingestion.store.js';

/** Between two looks for uploads that nobody reads: those of an instance that died, or that could not be finished. */
const LOOK_MS = 2_000;
/** An upload that failed for no fault of its own is tried again after this long. */
const AGAIN_SECONDS = 5;
/** Between two looks, through all owners, for passages without an embedding, unless something was read. */
const EMBED_MS = 60_000;

/**
 * Sees to it that uploads are read, one after the other on each instance, in the order they came. Whoever reads one says so
 * again and again; when it falls silent another instance begins anew.
 */
@Injectable()
export class IngestionKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('documents');
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private wake: AbortController = new AbortController();
  private embedAt = 0;

  constructor(
    private readonly service: IngestService,
    private readonly store: IngestionStore,
    private readonly embeddings: PassageEmbeddings,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.documents.reading) this.work = this.rounds();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('stopping'));
    this.wake.abort();
    await this.work;
  }

  /** There is something to do. */
  soon(): void {
    this.wake.abort();
  }

  private async rounds(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        // The next call of `soon` is heard from here on, so that none is missed while this looks.
        this.wake = new AbortController();
        while (await this.next()) this.embedAt = 0;
        if (Date.now() >= this.embedAt) {
          const isMore = await this.embeddings.round(this.stopping.signal);
          if (!isMore) this.embedAt = Date.now() + EMBED_MS;
          else continue;
        }
      } catch (error) {
        if (!this.stopping.signal.aborted) this.log.warn(`documents wait: ${(error as Error).message}`);
      }
      await delay(LOOK_MS, undefined, { ref: false, signal: this.wake.signal }).catch(() => undefined);
    }
  }

  /** Reads the next upload; whether there was one. */
  private async next(): Promise<boolean> {
    if (this.stopping.signal.aborted) return false;
    const upload = await this.store.claim(this.config.runs.leaseSeconds);
    if (upload === null) return false;
    const hold = setInterval(() => void this.hold(upload), (this.config.runs.leaseSeconds * 1000) / 3);
    try {
      await this.service.ingest(upload, this.stopping.signal);
    } catch (error) {
      if (this.stopping.signal.aborted) await this.store.release(upload);
      else {
        this.log.warn(`a document could not be read yet: ${(error as Error).message}`);
        await this.store.postpone(upload, AGAIN_SECONDS);
      }
    } finally {
      clearInterval(hold);
    }
    return true;
  }

  private async hold(upload: Claimed): Promise<void> {
    await this.store
      .hold(upload, this.config.runs.leaseSeconds)
      .catch((error: unknown) => this.log.warn(`a document's reading was not noted: ${(error as Error).message}`));
  }
}
