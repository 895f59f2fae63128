import { distance } from 'fastest-levenshtein';
import { frequency, type TermKeys } from '../../text/hashes.js';
import { type Dictionary, read, stemsOf } from '../../text/words.js';

/** A word of a question: its stems in each language that is searched, and what it may be a misspelling of. */
export interface Term {
  readonly word: string;
  readonly stems: readonly string[];
}

/** A term as one owner's index knows it. */
export interface Lookup {
  readonly keys: readonly string[];
  readonly shorts: readonly number[];
}

/** What the question is about, each word once. @param languages those of the documents that are searched */
export async function termsOf(question: string, languages: readonly string[], dictionary: Dictionary): Promise<Term[]> {
  const asked = read(question);
  const words = [...new Set(asked.words)];
  const all = [...new Set([asked.language, ...languages])];
  const terms = new Map(words.map((word) => [word, new Set<string>()]));
  for (const language of all) {
    // One by one, since a dictionary leaves out words and gives no places.
    const stems = await stemsOf(
      words.map((word) => ({ language, words: [word] })),
      dictionary,
    );
    for (const [at, word] of words.entries()) for (const stem of stems[at] ?? []) terms.get(word)?.add(stem);
  }
  const joined = new Map<string, Term>();
  for (const [word, stems] of terms) {
    // "report" and "reports" are one word of the question.
    const key = [...stems][0];
    if (key !== undefined && !joined.has(key)) joined.set(key, { word, stems: [...stems] });
  }
  return [...joined.values()];
}

export const lookupOf = ({ stems }: Term, keys: TermKeys): Lookup => ({
  keys: stems.map((stem) => keys.key(stem)),
  shorts: stems.map((stem) => keys.short(stem)),
});

/** How often a passage holds a term in any of its forms. */
export const frequencyOf = ({ shorts }: Lookup, packed: Buffer): number =>
  shorts.reduce((sum, short) => sum + frequency(packed, short), 0);

const MOST_SPELLINGS = 3;

/**
 * Of the words that occur, those that `word` is most likely to be a misspelling of: one mistake in a short word, two in one
 * of eight letters or more; two letters that changed places are one.
 */
export function spellings(word: string, occurring: readonly string[]): string[] {
  const most = [...word].length >= 8 ? 2 : 1;
  const near = occurring
    .map((other) => ({ other, apart: apart(word, other) }))
    .filter(({ apart: mistakes }) => mistakes > 0 && mistakes <= most)
    .sort((a, b) => a.apart - b.apart || (a.other < b.other ? -1 : 1));
  return near
    .filter(({ apart: mistakes }) => mistakes === near[0]?.apart)
    .slice(0, MOST_SPELLINGS)
    .map(({ other }) => other);
}

function apart(a: string, b: string): number {
  const mistakes = distance(a, b);
  return mistakes === 2 && a.length === b.length && isSwap(a, b) ? 1 : mistakes;
}

function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/**
 * The rarest terms whose passages together are within `limit`, one at least: what keeps the cost of a search bounded in
 * large collections. The others still count where these lead.
 */
export function rarest(holders: readonly number[], limit: number): Set<number> {
  const taken = new Set<number>();
  let sum = 0;
  for (const { at, of } of holders.map((count, place) => ({ at: place, of: count })).sort((a, b) => a.of - b.of)) {
    if (taken.size > 0 && sum + of > limit) break;
    taken.add(at);
    sum += of;
  }
  return taken;
}
