import type { DatasetProfile } from '../../../datasets/profile.js';
import type { Asked } from '../turn.js';
import { lexiconOf } from './lexicon.js';
import { allMatches } from './match.js';
import { quantities } from './numbers.js';
import type { Context } from './reader.js';
import { timesOf } from './times.js';
import { tokenize } from './tokens.js';

/** Works out once what all readers need for a question against one data set. */
export function contextOf(asked: Asked, profile: DatasetProfile): Context {
  const lexicon = lexiconOf(profile);
  const tokens = tokenize(asked.question);
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
