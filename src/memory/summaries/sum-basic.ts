import type { WordCounts } from './summary.entity.js';

/** Stems whose counts are kept from step to step. */
const MOST_WORDS = 200;
/** A sentence of fewer words counts as one of so many: the mean would be in favour of the shortest. */
const LEAST_WORDS = 4;

/** The counts with those of more texts, each given by the stems of its words with repetitions. */
export function counted(before: WordCounts, texts: readonly (readonly string[])[]): WordCounts {
  const counts = new Map(Object.entries(before.of));
  let all = before.all;
  for (const stem of texts.flat()) {
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
    all++;
  }
  const most = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, MOST_WORDS);
  return { all, of: Object.fromEntries(most) };
}

/**
 * Which sentences say most of what was said, and no two the same: SumBasic (A. Nenkova and L. Vanderwende, The Impact of
 * Frequency on Summarization, 2005). A word is as probable as it is frequent, a sentence weighs the mean of its words; again
 * and again the best sentence with the most probable word is taken, and the probability of its words is squared. Here the
 * counts are those of the whole conversation, so that what was said long ago keeps its weight among sentences said lately.
 * @param sentences the stems of each
 * @param most how many to take at most
 * @param fits whether there is room for one more, given by its place; asked of each that is the best
 * @returns their places, the best first
 */
export function chosen(
  sentences: readonly (readonly string[])[],
  words: WordCounts,
  most: number,
  fits: (place: number) => boolean,
): number[] {
  const probability = new Map(
    Object.entries(words.of).map(([stem, count]) => [stem, count / Math.max(1, words.all)] as const),
  );
  /** Each with its known words only: others weigh nothing. */
  const open = new Map<number, { readonly known: readonly string[]; readonly length: number }>();
  /** In how many of these a word is. */
  const holders = new Map<string, number>();
  for (const [place, stems] of sentences.entries()) {
    const different = new Set(stems);
    const known = [...different].filter((stem) => probability.has(stem));
    open.set(place, { known, length: Math.max(LEAST_WORDS, different.size) });
    for (const stem of known) holders.set(stem, (holders.get(stem) ?? 0) + 1);
  }
  const places: number[] = [];
  while (places.length < most) {
    const wanted = mostProbable(holders, probability);
    let best: { place: number; weight: number } | null = null;
    for (const [place, { known, length }] of open) {
      if (wanted === null || !known.includes(wanted)) continue;
      const weight = known.reduce((sum, stem) => sum + (probability.get(stem) ?? 0), 0) / length;
      if (best === null || weight > best.weight) best = { place, weight };
    }
    if (best === null || best.weight === 0) break;
    const { known = [] } = open.get(best.place) ?? {};
    open.delete(best.place);
    for (const stem of known) holders.set(stem, (holders.get(stem) ?? 1) - 1);
    if (!fits(best.place)) continue;
    places.push(best.place);
    for (const stem of known) probability.set(stem, (probability.get(stem) ?? 0) ** 2);
  }
  return places;
}

/** Of the words that are in any of the sentences; null: none of them is known. */
function mostProbable(holders: ReadonlyMap<string, number>, probability: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  let highest = 0;
  for (const [stem, count] of holders) {
    const now = count === 0 ? 0 : (probability.get(stem) ?? 0);
    if (now > highest) [best, highest] = [stem, now];
  }
  return best;
}
