import { TermKeys } from '../../text/hashes.js';
import type { Wanted } from './rank.js';
import { asksWhen } from '../../text/when.js';
import { type Dictionary, read, stemsOf } from '../../text/words.js';
import { type Period, periodOf } from './times.js';

/** A question as a search needs it. */
export interface Question extends Wanted {
  /** Words that say what it is about, each once; the names of authors are not among them. */
  readonly words: readonly string[];
  /** Their stems. */
  readonly stems: readonly string[];
  readonly period: Period | null;
  /** Whether it asks for nothing but what was said in the period. */
  readonly onlyPeriod: boolean;
}

/** @param authors names that messages in scope were written under */
export async function questionOf(
  text: string,
  askedAt: Date,
  authors: readonly string[],
  dictionary: Dictionary,
): Promise<Question> {
  const asked = read(text);
  const said = new Set(asked.words);
  const named = new Set<string>();
  const theirs = new Set<string>();
  for (const author of authors) {
    const parts = read(author).words;
    // By the whole name or by a part of it. Those are spoken to under it, so that it finds what others said.
    const meant = parts.filter((part) => part.length > 1 && said.has(part));
    if (meant.length === 0) continue;
    named.add(author.toLowerCase());
    for (const part of meant) theirs.add(part);
  }
  const words = [...said].filter((word) => !theirs.has(word));
  const [stems = []] = await stemsOf([{ language: asked.language, words }], dictionary);
  const period = periodOf(text, askedAt);
  const ofPeriod = new Set(period === null ? [] : read(period.said).words);
  return {
    words,
    stems: [...new Set(stems)],
    authors: named,
    asksWhen: asksWhen(text),
    period: period === null ? null : { from: period.from, to: period.to },
    onlyPeriod: period !== null && words.every((word) => ofPeriod.has(word)),
    askedAt,
  };
}

/** Which of a question's terms are looked up, and how frequent each of them all is; null: told by what is found. */
export interface Lookup {
  readonly keys: readonly string[];
  readonly shorts: readonly number[];
  readonly lookedUp: readonly string[];
  readonly documents: readonly (number | null)[];
}

export function lookupOf(userId: string, stems: readonly string[]): Lookup {
  const keys = new TermKeys(userId);
  const all = stems.map((stem) => keys.key(stem));
  return { keys: all, shorts: stems.map((stem) => keys.short(stem)), lookedUp: all, documents: all.map(() => null) };
}

/**
 * The rarest terms whose messages together are within `limit`, one at least; the others still count where these lead. This
 * is what keeps a search's cost bounded in a long history.
 */
export function rarest(lookup: Lookup, estimates: readonly number[], limit: number): Lookup {
  const order = lookup.keys
    .map((key, at) => ({ key, at, holders: estimates[at] ?? 0 }))
    .sort((a, b) => a.holders - b.holders || a.at - b.at);
  const taken = new Set<number>();
  let sum = 0;
  for (const { at, holders } of order) {
    if (taken.size > 0 && sum + holders > limit) break;
    taken.add(at);
    sum += holders;
  }
  return {
    ...lookup,
    lookedUp: lookup.keys.filter((_, at) => taken.has(at)),
    documents: lookup.documents.map((_, at) => (taken.has(at) ? null : (estimates[at] ?? 0))),
  };
}
