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
 * @param fits whether there is room for one more, given by its place; asked of each that is the best
 * @returns their places, the best first
 */
export function chosen(
  sentences: readonly (readonly string[])[],
  words: WordCounts,
  fits: (place: number) => boolean,
): number[] {
  const probability = new Map(
    Object.entries(words.of).map(([stem, count]) => [stem, count / Math.max(1, words.all)] as const),
  );
  const open = new Map(sentences.map((stems, place) => [place, [...new Set(stems)]] as const));
  const weightOf = (stems: readonly string[]): number =>
    stems.reduce((sum, stem) => sum + (probability.get(stem) ?? 0), 0) / Math.max(LEAST_WORDS, stems.length);
  const places: number[] = [];
  while (open.size > 0) {
    const most = mostProbable(open.values(), probability);
    let best: { place: number; weight: number } | null = null;
    for (const [place, stems] of open) {
      if (most !== null && !stems.includes(most)) continue;
      const weight = weightOf(stems);
      if (best === null || weight > best.weight) best = { place, weight };
    }
    if (best === null || best.weight === 0) break;
    const stems = open.get(best.place) ?? [];
    open.delete(best.place);
    if (!fits(best.place)) continue;
    places.push(best.place);
    for (const stem of stems) probability.set(stem, (probability.get(stem) ?? 0) ** 2);
  }
  return places;
}

/** Of the words that are in any of the sentences; null: none of them is known. */
function mostProbable(sentences: Iterable<readonly string[]>, probability: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  let highest = 0;
  for (const stem of new Set([...sentences].flat())) {
    const now = probability.get(stem) ?? 0;
    if (now > highest) [best, highest] = [stem, now];
  }
  return best;
}
