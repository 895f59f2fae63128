import { distance } from 'fastest-levenshtein';
import type { Scalar } from '../../../common/scalar.js';
import type { ColumnProfile } from '../../../datasets/profile.js';
import { DEMONYMS } from './english-lexicon.js';
import {
  AGGREGATE_WORDS,
  CHART_NOUNS,
  CHART_WORDS,
  NUMBER_WORDS,
  STOP_WORDS,
  SUPERLATIVES,
  TASK_WORDS,
} from './english.js';
import { LONGEST_PHRASE, phraseKey, stemKey, type Lexicon } from './lexicon.js';
import { wordsOf, type Token } from './tokens.js';

/** A stretch of the question that names a column or a cell value. */
export interface Match {
  readonly kind: 'column' | 'value';
  /** Token indexes, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly column: ColumnProfile;
  /** The value meant; null for a column. */
  readonly value: Scalar;
  /** Further values that the same words name in part: "Korea" where there are two. */
  readonly also?: readonly Scalar[];
  readonly score: number;
}

/** Longest value looked up, in words. */
const LONGEST_VALUE = 12;
/** Values named by one word together, at most. */
const MOST_NAMED = 3;
/** How sure a value is that is named in part. */
export const PART = 0.7;
/** Below this a word is too short to be called misspelt. */
const FUZZY_LENGTH = 5;

/** A word of the data set's vocabulary for a misspelt one; null when none is near. */
function correction(lexicon: Lexicon, token: Token): string | null {
  const word = token.lower;
  if (word.length < FUZZY_LENGTH || /\d/.test(word)) return null;
  const reach = word.length >= 8 ? 2 : 1;
  let best: string | null = null;
  let bestDistance = reach + 1;
  for (const candidate of lexicon.vocabulary.keys()) {
    if (candidate[0] !== word[0] || Math.abs(candidate.length - word.length) > reach || candidate.length < FUZZY_LENGTH)
      continue;
    const apart = distance(word, candidate);
    if (apart < bestDistance) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

/** Words that carry grammar; they start or end no partial match by themselves. */
export function isGrammar(token: Token | undefined): boolean {
  if (!token || token.quote !== null) return false;
  const word = token.lower;
  return (
    STOP_WORDS.has(word) ||
    AGGREGATE_WORDS.has(word) ||
    SUPERLATIVES.has(word) ||
    CHART_NOUNS.has(word) ||
    CHART_WORDS.has(word) ||
    NUMBER_WORDS.has(word)
  );
}

/** Every reading of every stretch, overlaps included. `words` are the tokens' words after correction. */
export function allMatches(tokens: readonly Token[], lexicon: Lexicon): readonly Match[] {
  const found: Match[] = [];
  const words = tokens.map((token) => {
    const known =
      isGrammar(token) ||
      lexicon.phrases.has(token.stem) ||
      lexicon.values.has(token.lower) ||
      lexicon.valueWords.has(token.stem) ||
      lexicon.vocabulary.has(token.lower) ||
      lexicon.subject.has(token.stem) ||
      DEMONYMS.has(token.lower) ||
      nounOf(token.lower, lexicon) !== null;
    return { lower: token.lower, corrected: known ? null : correction(lexicon, token) };
  });
  const spoken = words.map((word) => word.corrected ?? word.lower);
  for (let from = 0; from < tokens.length; from += 1) {
    for (let to = from + 1; to <= Math.min(tokens.length, from + LONGEST_VALUE); to += 1) {
      if (to > from + 1 && splits(tokens[to - 1])) break;
      const part = spoken.slice(from, to);
      const fuzzy = words.slice(from, to).some((word) => word.corrected !== null) ? 0.85 : 1;
      const quoted = tokens[from]?.quote !== null && tokens[from]?.quote === tokens[to - 1]?.quote;
      if (to - from <= LONGEST_PHRASE) columnsAt(found, tokens, lexicon, part, from, to, fuzzy, quoted);
      valuesAt(found, tokens, lexicon, part, from, to, fuzzy, quoted);
    }
  }
  return found;
}

/** Sentence ends split phrases; commas and brackets may stand inside values ("Paris, Texas"). */
function splits(token: Token | undefined): boolean {
  return token !== undefined && /[?!;:]|\.\s/.test(token.before);
}

function columnsAt(
  found: Match[],
  tokens: readonly Token[],
  lexicon: Lexicon,
  words: readonly string[],
  from: number,
  to: number,
  fuzzy: number,
  quoted: boolean,
): void {
  const first = words[0] ?? '';
  const last = words.at(-1) ?? '';
  const single = words.length === 1;
  if (!single && (EDGE.has(first) || EDGE.has(last))) return;
  const inner = tokens.slice(from + 1, to);
  if (inner.some((token) => /[,()]/.test(token.before))) return;
  const hits = lexicon.phrases.get(phraseKey(words));
  if (!hits) return;
  // Grammar words stand inside a name only where the name has them too: `gdp_per_capita`.
  const crosses = inner.some((token) => INNER_STOPS.has(token.lower));
  for (const hit of hits) {
    if (crosses && !spelledBy(hit.column, words)) continue;
    // "name", "number", "total" alone are grammar unless they are a column's own name.
    if (single && isGrammar(tokens[from]) && hit.score < 0.93) continue;
    if (single && ALWAYS_GRAMMAR.has(first)) continue;
    // "plants" names the rows; `planted_on` only shares its stem.
    if (single && lexicon.subject.has(tokens[from]?.stem ?? '') && !namedBy(hit.column, first)) continue;
    // The quality that a yes/no column is about is one of its values: "male singers".
    if (hit.column.type === 'boolean' && hit.score < 0.97 && lexicon.values.has(words.join(' '))) continue;
    found.push({
      kind: 'column',
      from,
      to,
      column: hit.column,
      value: null,
      score: hit.score * fuzzy * (quoted ? 0.9 : 1),
    });
  }
}

function spelledBy(column: ColumnProfile, words: readonly string[]): boolean {
  const spoken = words.join(' ');
  return [column.name, column.label, ...column.synonyms].some((name) => wordsOf(name).join(' ') === spoken);
}

function namedBy(column: ColumnProfile, word: string): boolean {
  const plain = word.replace(/s$/, '');
  return wordsOf(column.name).some((part) => part.replace(/s$/, '') === plain);
}

/** Words that no column's name as spoken runs over. */
const INNER_STOPS = new Set([
  'by',
  'for',
  'to',
  'is',
  'on',
  'at',
  'per',
  'and',
  'or',
  'with',
  'are',
  'each',
  'from',
  'than',
]);
const EDGE = new Set([
  'of',
  'the',
  'in',
  'a',
  'an',
  'for',
  'to',
  'is',
  'on',
  'at',
  'by',
  'per',
  'and',
  'or',
  'with',
  'are',
  'each',
  'was',
  'were',
]);
const ALWAYS_GRAMMAR = new Set([
  'of',
  'the',
  'in',
  'a',
  'an',
  'for',
  'to',
  'is',
  'on',
  'at',
  'by',
  'per',
  'and',
  'or',
  'with',
  'what',
  'which',
  'who',
  'how',
  'many',
  'much',
  'each',
  'show',
  'i',
  'me',
  'it',
  'are',
  'x',
  'y',
]);

function valuesAt(
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
    push(stemKey(words), 1);
    const place = single ? DEMONYMS.get(key) : undefined;
    const noun = single && place === undefined ? nounOf(key, lexicon) : null;
    if (place !== undefined) push(place, 0.9);
    else if (noun !== null) push(noun, 0.9);
    else if (single && first && !lexicon.values.has(stemKey(words)) && isCapital(first))
      pushPart(found, lexicon, first, from);
    else if (single && first && !isGrammar(first) && key.length >= 5) pushDemonym(key, push, lexicon);
  }
}

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
function nounOf(word: string, lexicon: Lexicon): string | null {
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

/** The best set of matches that do not overlap: longer and surer stretches win. */
export function bestCover(
  matches: readonly Match[],
  length: number,
  bonus: (match: Match) => number = () => 0,
): readonly Match[] {
  const ending = new Map<number, Match[]>();
  for (const match of matches) ending.set(match.to, [...(ending.get(match.to) ?? []), match]);
  const score: number[] = [0];
  const choice: (Match | null)[] = [null];
  for (let at = 1; at <= length; at += 1) {
    score[at] = score[at - 1] ?? 0;
    choice[at] = null;
    for (const match of ending.get(at) ?? []) {
      const size = match.to - match.from;
      const gain = (score[match.from] ?? 0) + match.score * size * (1 + 0.12 * (size - 1)) + bonus(match);
      if (gain > (score[at] ?? 0) + 1e-9) {
        score[at] = gain;
        choice[at] = match;
      }
    }
  }
  const chosen: Match[] = [];
  for (let at = length; at > 0;) {
    const match = choice[at];
    if (match) {
      chosen.push(match);
      at = match.from;
    } else at -= 1;
  }
  return chosen.reverse();
}
