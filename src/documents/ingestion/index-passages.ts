import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { gramsOf, packGrams } from '../../text/grams.js';
import { hash32, packTerms, TermKeys } from '../../text/hashes.js';
import { type Dictionary, read, stemsOf } from '../../text/words.js';
import type { Parsed } from '../parsing/parse.js';
import type { IndexedPassage } from './ingestion.store.js';

/** Passages between two turns of the event loop. */
const BATCH = 50;
/** Of a text this much says what language it is in. */
const HEAD = 20_000;
/** Words that a misspelling can be told of: long enough, and of letters. */
const SPELLED = /^\p{L}{4,40}$/u;

export interface Index {
  readonly language: string;
  readonly passages: readonly IndexedPassage[];
  /** Each word that occurs and may be misspelled in a question, in their order. */
  readonly words: readonly string[];
}

/**
 * What the passages of a document are found by: their own words and those of the headings that they stand under.
 * @param onBatch told how many are done; false from it, and the work is given up
 * @returns null: it was given up
 */
export async function indexPassages(
  { userId, documentId }: { readonly userId: string; readonly documentId: string },
  { text, passages }: Parsed,
  dictionary: Dictionary,
  onBatch: (done: number) => Promise<boolean>,
): Promise<Index | null> {
  const keys = new TermKeys(userId);
  const { language } = read(text.slice(0, HEAD));
  const rows: IndexedPassage[] = [];
  const vocabulary = new Set<string>();
  for (let from = 0; from < passages.length; from += BATCH) {
    const batch = passages.slice(from, from + BATCH);
    const texts = batch.map(({ starts, ends, heading, columns }) => {
      // The innermost headings and the columns say what it is about as much as it does itself.
      const above = [...heading.slice(-3), columns ?? ''].join('\n');
      return { language, words: read(`${above}\n${text.slice(starts, ends)}`).words };
    });
    const stems = await stemsOf(texts, dictionary);
    for (const [at, { starts, ends, page, tokens, heading }] of batch.entries()) {
      const n = from + at + 1;
      const words = texts[at]?.words ?? [];
      for (const word of words) if (SPELLED.test(word)) vocabulary.add(word);
      rows.push({
        n,
        starts,
        ends,
        page,
        tokens,
        heading,
        content: text.slice(starts, ends),
        sampled: hash32(`${documentId}/${n}`, 0) % 16 === 0,
        ...foundBy(keys, words, stems[at] ?? []),
      });
    }
    if (!(await onBatch(rows.length))) return null;
    await turnOfTheLoop();
  }
  return { language, passages: rows, words: [...vocabulary].sort() };
}

function foundBy(
  keys: TermKeys,
  words: readonly string[],
  stems: readonly string[],
): Pick<IndexedPassage, 'length' | 'terms' | 'keys' | 'grams'> {
  const counts = new Map<number, number>();
  for (const stem of stems) counts.set(keys.short(stem), (counts.get(keys.short(stem)) ?? 0) + 1);
  return {
    length: stems.length,
    terms: packTerms(counts),
    keys: [...new Set(stems)].map((stem) => keys.key(stem)),
    grams: packGrams(gramsOf(words)),
  };
}
