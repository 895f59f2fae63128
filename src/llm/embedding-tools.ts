import { bytesOf, ofLengthOne, signsOf } from '../text/vectors.js';
import { type Embedder, ModelError } from './language-model.js';

/** A question's vector, ready for an index. */
export interface QuestionVector {
  /** What made it: provider and model. */
  readonly by: string;
  readonly vector: Float32Array;
  readonly signs: string;
}

/** A text's vector, as it is kept. */
export interface KeptEmbedding {
  readonly signs: string;
  readonly embedding: Buffer;
}

/** UTF-16 units that every model takes: some 500 tokens at the most in scripts with an alphabet. */
const SHORT = 1_000;

export const embedderName = ({ provider, model }: Embedder): string => `${provider}/${model}`;

/** @throws {ModelError} */
export async function questionVector(embedder: Embedder, text: string, signal: AbortSignal): Promise<QuestionVector> {
  const { vectors } = await embedder.embed([text], signal);
  const vector = ofLengthOne(vectors[0] ?? new Float32Array());
  return { by: embedderName(embedder), vector, signs: signsOf(vector) };
}

/** One a text, in their order; of a text that is too long for the model, its beginning's. @throws {ModelError} */
export async function keptEmbeddings(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<KeptEmbedding[]> {
  const vectors = await vectorsOf(embedder, texts, signal);
  return vectors.map((given) => {
    const vector = ofLengthOne(given);
    return { signs: signsOf(vector), embedding: bytesOf(vector) };
  });
}

/** One text that is refused must not keep the others from being embedded, now and for ever. */
async function vectorsOf(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  try {
    return (await embedder.embed(texts, signal)).vectors;
  } catch (error) {
    const [first] = texts;
    if (!(error instanceof ModelError) || error.kind !== 'refused' || first === undefined) throw error;
    if (texts.length > 1) {
      const half = Math.ceil(texts.length / 2);
      const before = await vectorsOf(embedder, texts.slice(0, half), signal);
      return [...before, ...(await vectorsOf(embedder, texts.slice(half), signal))];
    }
    if (first.length <= SHORT) throw error;
    return vectorsOf(embedder, [first.slice(0, SHORT).toWellFormed()], signal);
  }
}

/** What a user may know of why there is no vector, with the cause for the log; anything that is not the model's doing is thrown on. */
export function whyNoVector(error: unknown): { safe: string; cause: string } {
  if (!(error instanceof ModelError)) throw error;
  const cause = String((error.cause as Error | undefined)?.message ?? error.cause);
  return { safe: error.safe, cause: `${error.kind}: ${cause}` };
}
