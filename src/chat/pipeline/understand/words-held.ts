import { bestCover, type Match } from './cover.js';
import { SUPERLATIVES, TIME_UNITS } from './english.js';
import { columnOfQuality, qualityOf } from './qualities.js';
import type { Context } from './reader.js';

/** A match from this score on is called by its own name, give or take an ending. */
export const OUTRIGHT = 0.9;

/**
 * How many words of the question name columns or values of the data set, weak matches in part; words of its title a little. Those in
 * `others` are what the rows of related data sets are called: a column that has them in its name only points there.
 */
export function wordsHeld(context: Context, others: ReadonlySet<string> = new Set()): number {
  const points = ({ from, to, kind, score }: Match): boolean =>
    kind === 'column' && to - from === 1 && score < OUTRIGHT && others.has(context.tokens[from]?.stem ?? '');
  const cover = bestCover(context.matches, context.tokens.length).filter((match) => !points(match));
  const { lexicon } = context;
  // "year" and "month" name the column of any data set with a time; "driest" names the one that holds rain.
  const timed = (stem: string): boolean => lexicon.temporal !== null && TIME_UNITS.has(stem);
  const units = context.tokens.filter((token) => timed(token.lower)).length;
  const qualities = context.tokens.filter((token) => {
    const quality = qualityOf(token.lower);
    return quality !== null && !SUPERLATIVES.has(token.lower) && columnOfQuality(quality, lexicon) !== null;
  }).length;
  const titled = context.tokens.filter((token) => context.lexicon.subject.has(token.stem)).length;
  const named = cover.filter((match) => match.to - match.from > 1 || !timed(context.tokens[match.from]?.lower ?? ''));
  return (
    named.reduce((sum, match) => sum + match.score * (match.to - match.from), 0) + units + qualities + 0.3 * titled
  );
}
