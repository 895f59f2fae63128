import { distance } from 'fastest-levenshtein';
import type { Match } from './cover.js';
import { DEMONYMS } from './english-lexicon.js';
import { isGrammar } from './grammar-words.js';
import { LONGEST_PHRASE, type Lexicon } from './lexicon.js';
import { columnsAt } from './match-columns.js';
import { LONGEST_VALUE, nounOf, valuesAt } from './match-values.js';
import { inRole } from './roles-played.js';
import type { Token } from './tokens.js';

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
  return inRole(found, tokens, lexicon.profile);
}

/** Sentence ends split phrases; commas and brackets may stand inside values ("Paris, Texas"). */
function splits(token: Token | undefined): boolean {
  return token !== undefined && /[?!;:]|\.\s/.test(token.before);
}
