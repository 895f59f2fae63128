import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import { bestCover, type Match } from './cover.js';
import { STOP_WORDS, SUPERLATIVES, TIME_UNITS } from './english.js';
import { type Lexicon, lexiconOf } from './lexicon.js';
import { columnOfQuality, qualityOf } from './qualities.js';
import type { Context } from './reader.js';
import { fold, stemOf, type Token, wordsOf } from './tokens.js';

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
export function holdsWord(profile: DatasetProfile, token: Token): number {
  if (STOP_WORDS.has(token.lower)) return 0;
  const { names, text } = glanced(profile);
  if (names.subject.has(token.stem)) return 1;
  const [hit] = names.phrases.get(token.stem) ?? [];
  return Math.max(hit?.score ?? 0, isWordIn(text, token.lower) ? 1 : 0);
}

interface Glance {
  /** Of the columns without their values. */
  readonly names: Lexicon;
  /** All values below each other. */
  readonly text: string;
}

function isWordIn(text: string, word: string): boolean {
  if (word === '') return false;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? '', text[at + word.length] ?? ''];
    if (!LETTER.test(before) && !LETTER.test(after)) return true;
  }
  return false;
}

const LETTER = /[\p{L}\p{N}]/u;

const glances = new WeakMap<DatasetProfile, Glance>();

/** What can be known of a data set at little cost: compiling all that its values can mean takes a hundred times as long. */
function glanced(profile: DatasetProfile): Glance {
  let glance = glances.get(profile);
  if (glance === undefined) {
    const columns = [...profile.columns, ...(profile.related ?? [])];
    const text = fold(columns.flatMap(({ values }) => values ?? []).join('\n'));
    const bare = (each: readonly ColumnProfile[]): ColumnProfile[] =>
      each.map((column) => ({ ...column, values: column.values === null ? null : [] }));
    const names = lexiconOf({ ...profile, columns: bare(profile.columns), related: bare(profile.related ?? []) });
    glances.set(profile, (glance = { names, text }));
  }
  return glance;
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
