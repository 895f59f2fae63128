/** What one text has of the terms that are looked for. */
export interface TermCounts {
  /** Its terms, with repetitions. */
  readonly length: number;
  /** How often it holds each term. */
  readonly frequencies: readonly number[];
}

export interface Statistics {
  /** Texts that are searched. */
  readonly texts: number;
  /** The terms of all of them, with repetitions. */
  readonly length: number;
  /** Of each term that is looked for, in how many of these it occurs. */
  readonly documents: readonly number[];
}

/** `k1`: how soon repetitions stop to count; `b`: how far length counts. */
export interface Bm25 {
  readonly k1: number;
  readonly b: number;
}

export const idf = (texts: number, holders: number): number =>
  Math.log(1 + (Math.max(texts, holders) - holders + 0.5) / (holders + 0.5));

/** BM25 (Robertson and Zaragoza, The probabilistic relevance framework, 2009) of each text, 1 for the best. */
export function bm25(
  candidates: readonly TermCounts[],
  { texts, length, documents }: Statistics,
  { k1, b }: Bm25,
): number[] {
  const average = Math.max(1, length / Math.max(1, texts));
  const weights = documents.map((holders) => idf(texts, holders));
  const scores = candidates.map(({ frequencies, length }) => {
    const norm = k1 * (1 - b + (b * length) / average);
    let score = 0;
    for (const [term, count] of frequencies.entries()) {
      if (count > 0) score += ((weights[term] ?? 0) * count * (k1 + 1)) / (count + norm);
    }
    return score;
  });
  return scaled(scores);
}

/** The same numbers with 1 for the highest; as they are where none is above 0. */
export function scaled(scores: number[]): number[] {
  const best = Math.max(0, ...scores);
  return best === 0 ? scores : scores.map((score) => score / best);
}
