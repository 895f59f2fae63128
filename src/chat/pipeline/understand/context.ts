import { distance } from 'fastest-levenshtein';
import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Asked } from '../turn.js';
import { lexiconOf, type Lexicon } from './lexicon.js';
import { allMatches } from './match.js';
import { quantities } from './numbers.js';
import type { Context } from './reader.js';
import { timesOf } from './times.js';
import { stemOf, tokenize, type Token } from './tokens.js';

/** Grammar words that are worth recognising when misspelt: without them the question means something else. */
const GRAMMAR = [
  'average',
  'maximum',
  'minimum',
  'number',
  'proportion',
  'percentage',
  'descending',
  'ascending',
  'highest',
  'lowest',
  'between',
  'different',
  'relationship',
  'correlation',
];

function spelt(tokens: readonly Token[], lexicon: Lexicon): readonly Token[] {
  return tokens.map((token) => {
    if (
      token.lower.length < 6 ||
      token.quote !== null ||
      lexicon.vocabulary.has(token.lower) ||
      GRAMMAR.includes(token.lower)
    )
      return token;
    if (lexicon.phrases.has(token.stem) || lexicon.values.has(token.lower)) return token;
    const meant = GRAMMAR.find(
      (word) => word[0] === token.lower[0] && stemOf(word) !== token.stem && distance(word, token.lower) === 1,
    );
    return meant === undefined ? token : { ...token, lower: meant, stem: stemOf(meant) };
  });
}

/** Works out once what all readers need for a question against one data set. */
export function contextOf(asked: Asked, profile: DatasetProfile): Context {
  const lexicon = lexiconOf(profile);
  const tokens = spelt(tokenize(asked.question), lexicon);
  const numbers = quantities(tokens);
  return {
    asked,
    profile,
    lexicon,
    tokens,
    numbers,
    times: timesOf(tokens, numbers, asked.askedAt),
    matches: allMatches(tokens, lexicon),
    previous: asked.history.findLast((turn) => turn.understanding?.query?.datasetId === profile.id) ?? null,
  };
}
