import { Injectable, Logger } from '@nestjs/common';
import {
  embedderName,
  keptEmbeddings,
  type QuestionVector,
  questionVector,
  whyNoVector,
} from '../../llm/embedding-tools.js';
import { Models } from '../../llm/models.service.js';
import { IndexStore } from './index.store.js';

/** The vector side with a model behind it, where one is set up. */
@Injectable()
export class EmbeddingsService {
  private readonly log = new Logger('recall');

  constructor(
    private readonly models: Models,
    private readonly store: IndexStore,
  ) {}

  get configured(): boolean {
    return this.models.embedder() !== null;
  }

  /** The vector of a question; null: no embedder is set up. @throws {ModelError} */
  async question(text: string, signal: AbortSignal): Promise<QuestionVector | null> {
    const embedder = this.models.embedder();
    return embedder === null ? null : questionVector(embedder, text, signal);
  }

  /** Embeds up to `limit` of the user's indexed messages that need it; gives how many it was. @throws {ModelError} */
  async fill(userId: string, limit: number, signal: AbortSignal): Promise<number> {
    const embedder = this.models.embedder();
    if (embedder === null) return 0;
    const by = embedderName(embedder);
    const messages = await this.store.unembedded(userId, by, limit);
    if (messages.length === 0) return 0;
    const kept = await keptEmbeddings(
      embedder,
      messages.map(({ content }) => content),
      signal,
    );
    const rows = messages.flatMap(({ conversationId, seq }, at) => {
      const given = kept[at];
      return given === undefined ? [] : [{ conversationId, seq, ...given }];
    });
    await this.store.embed(userId, by, rows);
    return rows.length;
  }

  /** What a user may know of why there is no vector; anything that is not the model's doing is thrown on. */
  explained(error: unknown): string {
    const { safe, cause } = whyNoVector(error);
    this.log.warn(`no embedding: ${cause}`);
    return safe;
  }
}
