import type { Asked, Understanding } from '../turn.js';
import { windowPhrase } from './build/window-phrases.js';
import { blank } from './small-talk.js';

/** "top 0", "the -3 best", "first zero": nothing, or less, of a ranking. A hyphen without a space before it joins: "top-3". */
const RANKED =
  /\b(top|bottom|first|last|best|worst|highest|lowest|largest|smallest|latest|most recent)(?: |\s+[-−]\s?)(?:(?<=[-−]\s?)\d+|0+|zero)(?![\d.,%–-]|\s?%)/iu;
const BEFORE =
  /(?:^|\s)(?:[-−]\d+|0+|zero)\s+(top|bottom|first|last|best|worst|highest|lowest|largest|smallest|latest|most recent)\b/iu;

/** "No score below 50": whether all are above, or one is missing, is another question than which are below. */
const DENIED =
  /\b(?:no|without)\s+(?!more\b|less\b|fewer\b)(?:\p{L}+\s+){1,3}(?:below|above|over|under|(?:more|less|fewer) than)\s+\d/iu;

/** Nothing of a ranking and an average of no periods can only be a slip: no answer fits, and a guess would be another question's. */
export function noneAsked({ question }: Asked): Understanding | null {
  if (isOutsideQuotes(question, DENIED)) {
    const reason =
      'I cannot tell which have none of that: ask for those that have one, or for a lowest or highest number';
    return { ...blank('unknown', 0.9), refusal: { code: 'unclear', reason, suggestions: [] } };
  }
  const phrase = windowPhrase(question);
  const reason =
    phrase?.count === 0
      ? `An average over no ${phrase.unit ?? 'period'}s is none: it takes 1 or more`
      : isOutsideQuotes(question, RANKED) || isOutsideQuotes(question, BEFORE)
        ? 'A ranking shows 1 or more: say how many'
        : null;
  return reason === null ? null : { ...blank('unknown', 0.9), refusal: { code: 'too_few', reason, suggestions: [] } };
}

const isOutsideQuotes = (question: string, words: RegExp): boolean =>
  words.test(question.replace(/"[^"]*"|“[^”]*”/gu, '“”'));
