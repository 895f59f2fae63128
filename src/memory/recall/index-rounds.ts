import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { EmbeddingsService } from './embeddings.service.js';
import { IndexStore } from './index.store.js';
import { IndexerService } from './indexer.service.js';

/** Of one conversation in one round. */
const MESSAGES = 500;
const EMBEDDINGS = 32;
const EMBED_MS = 30_000;
const FIRST_USER = '00000000-0000-0000-0000-000000000000';

/**
 * Keeps the index near what was said, a hundred users a round, so that a search rarely has anything left to do first.
 * Several instances may do it at once: a conversation that another one is at is passed over.
 */
@Injectable()
export class IndexRounds implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('recall');
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private after = FIRST_USER;
  private closed = false;

  constructor(
    private readonly store: IndexStore,
    private readonly indexer: IndexerService,
    private readonly embeddings: EmbeddingsService,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.memory.indexSeconds > 0) this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.round;
  }

  private schedule(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.round = this.oneRound()
        .catch((error: unknown) => this.log.warn(`messages could not be indexed: ${(error as Error).message}`))
        .finally(() => this.schedule());
    }, this.config.memory.indexSeconds * 1000).unref();
  }

  private async oneRound(): Promise<void> {
    const { users, conversations } = await this.store.behind(this.after);
    for (const { userId, id } of conversations) {
      if (this.closed) return;
      await this.indexer.index(userId, id, MESSAGES, { wait: false });
    }
    this.after = users.at(-1) ?? FIRST_USER;
    for (const userId of users) {
      if (this.closed || !this.embeddings.configured) return;
      try {
        await this.embeddings.fill(userId, EMBEDDINGS, AbortSignal.timeout(EMBED_MS));
      } catch (error) {
        this.embeddings.explained(error);
        return;
      }
    }
  }
}
