import { Injectable, Logger } from '@nestjs/common';
import {
  embedderName,
  keptEmbeddings,
  type QuestionVector,
  questionVector,
  whyNoVector,
} from '../../llm/embedding-tools.js';
import { Models } from '../../llm/models.service.js';
import { PassageEmbeddingsStore } from './passage-embeddings.store.js';

/** Passages of one call of the model, and how many calls are made before uploads are looked for again. */
const BATCH = 32;
const CALLS = 8;
const EMBED_MS = 30_000;
/** A question waits this long for its embedding, and is then answered without. */
const QUESTION_MS = 1_500;

/** The vector side with a model behind it, where one is set up. */
@Injectable()
export class PassageEmbeddings {
  private readonly log = new Logger('documents');
  private after: string | null = null;

  constructor(
    private readonly models: Models,
    private readonly store: PassageEmbeddingsStore,
  ) {}

  /** The vector of a question; null with `degraded`: why there is none although an embedder is set up. */
  async question(text: string): Promise<{ vector: QuestionVector | null; degraded: string | null }> {
    const embedder = this.models.embedder();
    if (embedder === null) return { vector: null, degraded: null };
    try {
      return { vector: await questionVector(embedder, text, AbortSignal.timeout(QUESTION_MS)), degraded: null };
    } catch (error) {
      return { vector: null, degraded: this.explained(error) };
    }
  }

  /** Embeds some of the passages that need it, one owner after the other; whether there may be more. */
  async round(stop: AbortSignal): Promise<boolean> {
    const embedder = this.models.embedder();
    if (embedder === null) return false;
    const by = embedderName(embedder);
    for (let call = 0; call < CALLS && !stop.aborted; call++) {
      const userId = await this.store.owner(this.after, by);
      const wasFirst = this.after === null;
      this.after = userId;
      if (userId === null && wasFirst) return false;
      if (userId === null) continue;
      const passages = await this.store.unembedded(userId, by, BATCH);
      try {
        const signal = AbortSignal.any([stop, AbortSignal.timeout(EMBED_MS)]);
        const texts = passages.map(({ content }) => content);
        const kept = await keptEmbeddings(embedder, texts, signal);
        const rows = passages.flatMap((passage, at) => {
          const given = kept[at];
          return given === undefined ? [] : [{ ...passage, ...given }];
        });
        await this.store.embed(userId, by, rows);
      } catch (error) {
        this.explained(error);
        return false;
      }
    }
    return true;
  }

  private explained(error: unknown): string {
    const { safe, cause } = whyNoVector(error);
    this.log.warn(`no embedding: ${cause}`);
    return safe;
  }
}
