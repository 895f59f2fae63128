import { stemmer } from 'stemmer';
import { ENGLISH_STOP_WORDS, FUNCTION_WORDS, SCRIPTS } from './stop-words.js';

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;
/** Scripts without spaces: a run of them is read as its pairs of characters. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+$/u;
/** Beyond this a message is not read any further, in UTF-16 units: the longest that a client may store. */
const LONGEST = 100_000;
/** Words longer than this are data (keys, addresses), and are cut to it. */
const LONGEST_WORD = 40;

/** What a text is about, before stems: its words in order, without those that only build sentences. */
export interface Read {
  /** Whose Snowball dictionary fits; English where nothing says otherwise. */
  readonly language: string;
  readonly words: readonly string[];
}

export function read(text: string): Read {
  const known = new Map<string, number>();
  const source = text.slice(0, LONGEST).normalize('NFKC');
  const all = wordsIn(source);
  for (const { word } of all) {
    for (const [language, words] of FUNCTION_WORDS)
      if (words.has(word)) known.set(language, (known.get(language) ?? 0) + 1);
  }
  const language = languageOf(source, all, known);
  const own = FUNCTION_WORDS.get(language) ?? ENGLISH_STOP_WORDS;
  const words = all.flatMap(({ word, isName }) => {
    if (own.has(word) && (!isName || word.includes("'"))) return [];
    const bare = word
      .replace(/'s$/, '')
      .replace(/^\p{L}{1,2}'(?=\p{L}{3})/u, '')
      .replaceAll("'", '');
    return UNSPACED.test(bare) ? pairs(bare) : bare === '' ? [] : [bare];
  });
  return { language, words };
}

function wordsIn(source: string): { word: string; isName: boolean }[] {
  const all: { word: string; isName: boolean }[] = [];
  let end = 0;
  for (const { 0: found, index } of source.matchAll(WORD)) {
    const word = found.toLowerCase().replaceAll('’', "'").slice(0, LONGEST_WORD);
    // A capital in the middle of a sentence: Will and May are people there. Capitals all over are only loud.
    const isName = end > 0 && /^\p{Lu}\p{Ll}/u.test(found) && /^[ ,(]+$/u.test(source.slice(end, index));
    end = index + found.length;
    all.push({ word, isName });
  }
  return all;
}

/** With more capitals than this they say nothing. */
const MOST_NAMES = 0.6;

/** The words of a question that are names by their capitals, in lower case; none where every noun has one. */
export function namesIn(question: string): string[] {
  if (read(question).language === 'german') return [];
  const all = wordsIn(question.normalize('NFKC'));
  const names = all.flatMap(({ word, isName }) => (isName ? [word.replace(/'s$/, '')] : []));
  return names.length > MOST_NAMES * (all.length - 1) ? [] : names;
}

function languageOf(
  text: string,
  words: readonly { readonly word: string }[],
  known: ReadonlyMap<string, number>,
): string {
  const head = text.slice(0, 400);
  for (const [language, script] of SCRIPTS) if (script.test(head)) return language;
  let best = { language: 'english', hits: words.filter(({ word }) => ENGLISH_STOP_WORDS.has(word)).length };
  for (const [language, hits] of known) if (hits > best.hits) best = { language, hits };
  return best.language;
}

function pairs(run: string): string[] {
  const letters = [...run];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
}

const stems = new Map<string, string>();

/** Porter's stem of an English word (M. F. Porter, An algorithm for suffix stripping, 1980). */
export function englishStem(word: string): string {
  let stem = stems.get(word);
  if (stem === undefined) {
    if (stems.size >= 20_000) stems.clear();
    stems.set(word, (stem = stemmer(word)));
  }
  return stem;
}

/** Stems of words of another language; a word that its dictionary leaves out has none. */
export type Dictionary = (language: string, words: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** The stems of several texts, in their order and with repetitions; one question to the dictionary for each language. */
export async function stemsOf(texts: readonly Read[], dictionary: Dictionary): Promise<string[][]> {
  const foreign = new Map<string, Set<string>>();
  for (const { language, words } of texts) {
    if (language === 'english') continue;
    const needed = foreign.get(language) ?? new Set<string>();
    foreign.set(language, needed);
    for (const word of words) needed.add(word);
  }
  const known = new Map<string, ReadonlyMap<string, string>>();
  for (const [language, words] of foreign) known.set(language, await dictionary(language, [...words]));
  return texts.map(({ language, words }) => {
    if (language === 'english') return words.map(englishStem);
    return words.flatMap((word) => known.get(language)?.get(word) ?? []);
  });
}
