import { z } from 'zod';
import { type Embedder, type Embedding, ModelError, type Usage } from '../language-model.js';
import type { Call, Provider } from './provider.js';

/** Texts of one request: what the smallest common limit of servers allows. */
const BATCH = 32;

const answer = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()).min(1), index: z.number().nullish() })),
  usage: z.object({ prompt_tokens: z.number() }).nullish().catch(null),
});

/** Vectors of an endpoint that speaks OpenAI's embeddings. */
export class OpenAiEmbedder implements Embedder {
  readonly provider: string;

  constructor(
    private readonly server: Provider,
    readonly model: string,
  ) {
    this.provider = server.name;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<Embedding> {
    const vectors: Float32Array[] = [];
    let usage: Usage | null = { inputTokens: 0, outputTokens: 0 };
    for (let from = 0; from < texts.length; from += BATCH) {
      const part = await this.batch(texts.slice(from, from + BATCH), signal);
      vectors.push(...part.vectors);
      usage =
        usage === null || part.inputTokens === null
          ? null
          : { inputTokens: usage.inputTokens + part.inputTokens, outputTokens: 0 };
    }
    if (new Set(vectors.map(({ length }) => length)).size > 1) {
      throw new ModelError('malformed', new Error('vectors of different lengths'));
    }
    return { vectors, usage };
  }

  private async batch(
    input: string[],
    signal: AbortSignal,
  ): Promise<{ vectors: Float32Array[]; inputTokens: number | null }> {
    const call = this.server.call(signal);
    let failure: ModelError | null = null;
    try {
      return await call.attempts(() => this.attempt(input, call));
    } catch (error) {
      failure = call.explained(error);
      throw failure;
    } finally {
      call.end(failure);
    }
  }

  private async attempt(
    input: string[],
    { deadline }: Call,
  ): Promise<{ vectors: Float32Array[]; inputTokens: number | null }> {
    // As numbers: not every server can write them as base64, which the package would ask for.
    const told: unknown = await deadline.listen(
      this.server.client.embeddings.create(
        { model: this.model, input, encoding_format: 'float' },
        { signal: deadline.signal },
      ),
    );
    const { data, usage } = answer.parse(told);
    const inOrder = data.map(({ embedding, index }, at) => ({ embedding, index: index ?? at }));
    inOrder.sort((a, b) => a.index - b.index);
    if (inOrder.length !== input.length || inOrder.some(({ index }, at) => index !== at)) {
      throw new Error(`${data.length} vectors for ${input.length} texts`);
    }
    return {
      vectors: inOrder.map(({ embedding }) => Float32Array.from(embedding)),
      inputTokens: usage?.prompt_tokens ?? null,
    };
  }
}
