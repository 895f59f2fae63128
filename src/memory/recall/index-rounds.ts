import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Background } from '../background.js';
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
  private readonly background = new Background(new Logger('recall'), 'messages could not be indexed');
  private after = FIRST_USER;

  constructor(
    private readonly store: IndexStore,
    private readonly indexer: IndexerService,
    private readonly embeddings: EmbeddingsService,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    const { indexSeconds } = this.config.memory;
    if (indexSeconds > 0) void this.background.every(indexSeconds * 1000, () => this.oneRound());
  }

  onApplicationShutdown(): Promise<void> {
    return this.background.stop();
  }

  private async oneRound(): Promise<void> {
    const { users, conversations } = await this.store.behind(this.after);
    await this.background.each(conversations, ({ userId, id }) =>
      this.indexer.index(userId, id, MESSAGES, { wait: false }),
    );
    this.after = users.at(-1) ?? FIRST_USER;
    for (const userId of users) {
      if (this.background.isStopping || !this.embeddings.configured) return;
      try {
        await this.embeddings.fill(userId, EMBEDDINGS, AbortSignal.timeout(EMBED_MS));
      } catch (error) {
        this.embeddings.explained(error);
        return;
      }
    }
  }
}
