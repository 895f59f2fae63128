import type { DatasetProfile } from '../../../datasets/profile.js';
import { bestCover, type Match } from './cover.js';
import { STOP_WORDS, SUPERLATIVES, TIME_UNITS } from './english.js';
import type { Lexicon } from './lexicon.js';
import { columnOfQuality, qualityOf } from './qualities.js';
import type { Context } from './reader.js';
import { stemOf, type Token, wordsOf } from './tokens.js';

/** A match from this score on is called by its own name, give or take an ending. */
export const OUTRIGHT = 0.9;

const EMPTY: ReadonlySet<string> = new Set();

/** What a data set is called says of a whole question only that it may be meant. */
const TITLE = 0.3;

/** The words of what it is called. */
export const titleStems = ({ title, name }: DatasetProfile): ReadonlySet<string> =>
  new Set([...wordsOf(title), ...wordsOf(name)].filter((word) => word.length > 2 && /\p{L}/u.test(word)).map(stemOf));

/** "Orders" where the data set is called so. */
export const namesIt = (profile: DatasetProfile, { stem }: Token): boolean =>
  !STOP_WORDS.has(stem) && titleStems(profile).has(stem);

/** How well a data set knows one word by itself: 0–1. */
export function holdsWord(lexicon: Lexicon, token: Token): number {
  if (STOP_WORDS.has(token.lower)) return 0;
  if (lexicon.values.has(token.lower) || lexicon.subject.has(token.stem)) return 1;
  const [hit] = lexicon.phrases.get(token.stem) ?? [];
  return hit?.score ?? (lexicon.valueWords.has(token.stem) ? 0.5 : 0);
}

/**
 * How many words of the question name columns or values of the data set, weak matches in part; words of its title a little, unless
 * they are what its rows are called. Those in `others` are what the rows of related data sets are called: a column that has them in
 * its name only points there, as an order number does where another one (`titles`) is called orders.
 */
export function wordsHeld(
  context: Context,
  others: ReadonlySet<string> = EMPTY,
  titles: ReadonlySet<string> = EMPTY,
): number {
  const own = titleStems(context.profile);
  const points = ({ from, to, kind, score, column }: Match): boolean => {
    const stem = context.tokens[from]?.stem ?? '';
    const named = others.has(stem) || (column.role === 'identifier' && titles.has(stem) && !own.has(stem));
    return kind === 'column' && to - from === 1 && score < OUTRIGHT && named;
  };
  const cover = bestCover(context.matches, context.tokens.length).filter((match) => !points(match));
  const { lexicon } = context;
  // "year" and "month" name the column of any data set with a time; "driest" names the one that holds rain.
  const timed = (stem: string): boolean => lexicon.temporal !== null && TIME_UNITS.has(stem);
  const units = context.tokens.filter((token) => timed(token.lower)).length;
  const qualities = context.tokens.filter((token) => {
    const quality = qualityOf(token.lower);
    return quality !== null && !SUPERLATIVES.has(token.lower) && columnOfQuality(quality, lexicon) !== null;
  }).length;
  const covered = (at: number): boolean => cover.some(({ from, to }) => from <= at && at < to);
  // "How many orders": nothing else explains the word, and it is what the rows are called.
  const titled = context.tokens.reduce(
    (sum, token, at) =>
      sum +
      (!lexicon.subject.has(token.stem)
        ? 0
        : own.has(token.stem) && titles.size > 0 && !covered(at)
          ? OUTRIGHT
          : TITLE),
    0,
  );
  const named = cover.filter((match) => match.to - match.from > 1 || !timed(context.tokens[match.from]?.lower ?? ''));
  return named.reduce((sum, match) => sum + match.score * (match.to - match.from), 0) + units + qualities + titled;
}
