import { gramSimilarity, gramsOf } from './grams.js';
import { cosine } from './vectors.js';

/** What is kept of a text's vectors; null: it has none (yet). */
export interface KeptVectors {
  /** `packGrams` */
  readonly grams: Buffer | null;
  readonly embedding: Buffer | null;
}

/**
 * How near each text is to a question, on any scale. By embedding where both sides have one, above the average of what was
 * read, since no two texts are wholly unlike to a model; by spelling otherwise.
 */
export function likeness(
  texts: readonly KeptVectors[],
  words: readonly string[],
  question: Float32Array | null,
): number[] {
  const grams = gramSimilarity(
    gramsOf(words),
    texts.map((text) => text.grams),
  );
  if (question === null) return [...grams];
  const cosines = texts.map(({ embedding }) => (embedding === null ? null : cosine(embedding, question)));
  const given = cosines.filter((value) => value !== null);
  if (given.length === 0) return [...grams];
  const mean = given.reduce((sum, value) => sum + value, 0) / given.length;
  const nearest = Math.max(...given) - mean;
  const highest = Math.max(...grams);
  return cosines.map((value, at) =>
    // A text that has no embedding yet is placed by its spelling, on the same scale.
    value === null ? (highest === 0 ? 0 : ((grams[at] ?? 0) / highest) * nearest) : Math.max(0, value - mean),
  );
}
