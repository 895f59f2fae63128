import { Injectable, Logger } from '@nestjs/common';
import { type Embedder, ModelError } from '../../llm/language-model.js';
import { Models } from '../../llm/models.service.js';
import { IndexStore } from './index.store.js';

/** A question's vector, ready for the index. */
export interface QuestionVector {
  /** What made it: provider and model. */
  readonly by: string;
  readonly vector: Float32Array;
  readonly signs: string;
}

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
    if (embedder === null) return null;
    const { vectors } = await embedder.embed([text], signal);
    const vector = ofLengthOne(vectors[0] ?? new Float32Array());
    return { by: nameOf(embedder), vector, signs: signsOf(vector) };
  }

  /** Embeds up to `limit` of the user's indexed messages that need it; gives how many it was. @throws {ModelError} */
  async fill(userId: string, limit: number, signal: AbortSignal): Promise<number> {
    const embedder = this.models.embedder();
    if (embedder === null) return 0;
    const by = nameOf(embedder);
    const messages = await this.store.unembedded(userId, by, limit);
    if (messages.length === 0) return 0;
    const { vectors } = await embedder.embed(
      messages.map(({ content }) => content),
      signal,
    );
    const rows = messages.flatMap(({ conversationId, seq }, at) => {
      const given = vectors[at];
      if (given === undefined) return [];
      const vector = ofLengthOne(given);
      return [{ conversationId, seq, signs: signsOf(vector), embedding: bytesOf(vector) }];
    });
    await this.store.embed(userId, by, rows);
    return rows.length;
  }

  /** What a user may know of why there is no vector; anything that is not the model's doing is thrown on. */
  explained(error: unknown): string {
    if (!(error instanceof ModelError)) throw error;
    this.log.warn(`no embedding: ${error.kind}: ${String((error.cause as Error | undefined)?.message ?? error.cause)}`);
    return error.safe;
  }
}

const nameOf = ({ provider, model }: Embedder): string => `${provider}/${model}`;

function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? vector : vector.map((x) => x / length);
}

const signsOf = (vector: Float32Array): string => Array.from(vector, (x) => (x > 0 ? '1' : '0')).join('');

function bytesOf(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, x] of vector.entries()) bytes.writeFloatLE(x, at * 4);
  return bytes;
}

/** The cosine of a stored vector and a question's; 0 where they are of different lengths. */
export function cosine(stored: Buffer, question: Float32Array): number {
  if (stored.length !== question.length * 4) return 0;
  let sum = 0;
  for (const [at, x] of question.entries()) sum += x * stored.readFloatLE(at * 4);
  return sum;
}
