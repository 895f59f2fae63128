import type { Match } from './cover.js';
import { DEMONYMS } from './english-lexicon.js';
import { STOP_WORDS, TASK_WORDS } from './english.js';
import { ALWAYS_GRAMMAR, isGrammar } from './grammar-words.js';
import { type Lexicon, phraseKey, stemKey } from './lexicon.js';
import { type Token, wordsOf } from './tokens.js';

/** Longest value looked up, in words. */
export const LONGEST_VALUE = 12;

/** Values named by one word together, at most. */
const MOST_NAMED = 3;

/** How sure a value is that is named in part. */
export const PART = 0.7;

export function valuesAt(
  found: Match[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  words: readonly string[],
  from: number,
  to: number,
  fuzzy: number,
  quoted: boolean,
): void {
  const single = words.length === 1;
  const first = tokens[from];
  const key = words.join(' ');
  if (
    single &&
    first &&
    first.quote === null &&
    (ALWAYS_GRAMMAR.has(key) || (STOP_WORDS.has(key) && !isName(first, from)))
  )
    return;
  // The word that names the rows is a value only when it is quoted or written as a name.
  if (single && first && first.quote === null && lexicon.subject.has(first.stem) && !isName(first, from)) return;
  const push = (key: string, factor: number): void => {
    for (const hit of lexicon.values.get(key) ?? []) {
      found.push({
        kind: 'value',
        from,
        to,
        column: hit.column,
        value: hit.value,
        score: hit.score * factor * fuzzy * (quoted ? 1.1 : 1),
      });
    }
  };
  push(key, 1);
  if (!lexicon.values.has(key)) {
    // "Bank" is the column that is called so, not one of its neighbour's "Banks".
    if (!namesColumn(key, words, lexicon)) push(stemKey(words), 1);
    const place = single ? DEMONYMS.get(key) : undefined;
    const noun = single && place === undefined ? nounOf(key, lexicon) : null;
    if (place !== undefined) push(place, 0.9);
    else if (noun !== null) push(noun, 0.9);
    else if (single && first && !lexicon.values.has(stemKey(words)) && isCapital(first))
      pushPart(found, lexicon, first, from);
    else if (single && first && !isGrammar(first) && key.length >= 5) pushDemonym(key, push, lexicon);
  }
}

/** Whether a column is called just so. */
const namesColumn = (key: string, words: readonly string[], { phrases }: Lexicon): boolean =>
  (phrases.get(phraseKey(words)) ?? []).some(
    ({ column }) => wordsOf(column.name).join(' ') === key || wordsOf(column.label).join(' ') === key,
  );

/** "Europe" for "Europe & Central Asia": one word of a category's name, when few of one column's values hold it. */
function pushPart(found: Match[], lexicon: Lexicon, token: Token, from: number): void {
  const all = lexicon.valueWords.get(token.stem) ?? [];
  // "Africa" is in names of regions and of countries: the coarser ones are meant.
  const coarse = Math.min(...all.map((hit) => hit.column.distinct));
  const hits = all.filter((hit) => hit.column.distinct === coarse);
  const [best, ...others] = hits;
  if (!best || hits.length > MOST_NAMED || token.lower.length < 4 || lexicon.phrases.has(token.stem)) return;
  const { column } = best;
  if (others.some((hit) => hit.column !== column) || column.distinct > 0.5 * lexicon.profile.rowCount) return;
  const also = others.map((hit) => hit.value);
  found.push({ kind: 'value', from, to: from + 1, column, value: best.value, also, score: PART });
}

/** The value that an everyday adjective is made from: rainy → rain, foggy → fog, broken-off endings left aside; null when there is none. */
export function nounOf(word: string, lexicon: Lexicon): string | null {
  const match = /^(.{3,}?)(?:y|ily|ish|ing|ed|like)$/.exec(word);
  const root = match?.[1];
  if (root === undefined || STOP_WORDS.has(word) || TASK_WORDS.has(word)) return null;
  const single = /([bdfgklmnprt])\1$/.test(root) ? [root.slice(0, -1)] : [];
  return [root, ...single, `${root}e`].find((noun) => lexicon.values.has(noun)) ?? null;
}

/** Regular adjectives of places: Brazilian → Brazil, Italian → Italy. */
function pushDemonym(word: string, push: (key: string, factor: number) => void, lexicon: Lexicon): void {
  const match = /^(.{3,}?)(?:ians?|ans?|ese|ish|is?)$/.exec(word);
  const stem = match?.[1];
  if (stem === undefined || stem === word) return;
  for (const ending of ['', 'a', 'y', 'e', 'ia', 'o', 'i']) {
    if (lexicon.values.has(stem + ending)) {
      push(stem + ending, 0.85);
      return;
    }
  }
}

const isCapital = (token: Token): boolean => /^\p{Lu}/u.test(token.text) && token.quote === null;

/** Capitalised inside the sentence: a name, even when the word is grammar elsewhere. */
function isName(token: Token, at: number): boolean {
  return at > 0 && /^\p{Lu}/u.test(token.text) && !/[.?!]\s*$/.test(token.before);
}
