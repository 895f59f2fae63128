import { excerpt } from '../../common/excerpt.js';
import { ENGLISH_STOP_WORDS } from '../../text/stop-words.js';
import { read } from '../../text/words.js';

/** Characters of a title that is made here. */
export const LONGEST_TITLE = 60;
/** Of a message: what it is about is said at its beginning. */
const LONGEST_READ = 600;
const MOST_WORDS = 4;

/** How requests begin, and what that says nothing about. */
const OPENERS = [
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|dear \p{L}+)(?: (?:there|all|everyone|team))?[\s,.!–-]+/iu,
  /^(?:so|well|ok|okay|thanks|thank you)[,.!]+\s+/iu,
  /^(?:please|kindly)[\s,]+/iu,
  /^(?:can|could|would|will) (?:you|someone|anyone)(?: please| kindly)?(?: (?:help me(?: to)?|tell me|explain to me|let me know))?\s+/iu,
  /^(?:i(?:'d| would) like|i want|i need|i am trying|i'm trying|i have been trying|i've been trying)(?: you)? to (?:know |understand |find out |figure out )?/iu,
  /^(?:i was wondering|i wonder|do you know|any idea)(?: if| whether)?\s+/iu,
];

/** Words that people say while they come to what they mean, beside those that only build sentences. */
const WEAK = new Set(
  `ask asking believe bit couple currently figure find get getting give go going good great guess hello help hi idea know
  let like look looking lot make maybe mean need now one please quick quite really recently right say see show since
  something start still tell thank thanks thing things think thinking though today tried try trying us use used using want wanted way
  whether without wondering would yet able already always another around attached basically come consider every hey however
  kind last long much new next old own put recent seem seems sure take team two three well whole year years`.split(
    /\s+/,
  ),
);

/**
 * A title from what somebody asked first. A question that is short stays as it is, without its courtesies; of a longer one the
 * key phrases are taken, in the order they were said: RAKE (S. Rose, D. Engel, N. Cramer, W. Cowley, Automatic Keyword
 * Extraction from Individual Documents, 2010). That needs a list of words that mean nothing by themselves, and is done in
 * English only; elsewhere a long question is cut at a word's end.
 */
export function titleOf(message: string): string {
  const asked = withoutOpeners(message);
  const whole = asked.replaceAll(/\s+/g, ' ').replace(/[.,;:\s]+$/, '') || asked;
  if (whole.length <= LONGEST_TITLE) return begun(excerpt(whole, LONGEST_TITLE));
  const [first = ''] = asked.split(/(?<=[.!?])\s+(?=\p{Lu})|[\r\n]+/u);
  const sentence = first.trim().replace(/[.,;:\s]+$/, '');
  if (sentence.length <= LONGEST_TITLE && sentence.split(/\s+/).length > 3 && sentence.endsWith('?'))
    return begun(sentence);
  const phrases = read(message).language === 'english' ? keyPhrases(asked.slice(0, LONGEST_READ)) : [];
  const title = joined(phrases);
  return begun(title ?? excerpt(whole, LONGEST_TITLE));
}

function withoutOpeners(message: string): string {
  // Cut at once: a hundred thousand dots are a message, too.
  const beginning = message
    .trimStart()
    .slice(0, 4 * LONGEST_READ)
    .trimEnd();
  let text = beginning;
  for (let before = ''; before !== text;) {
    before = text;
    for (const opener of OPENERS) text = text.replace(opener, '');
  }
  // Nothing but courtesy: then that is what was said.
  return /\p{L}[\s\S]*\p{L}/u.test(text) ? text : beginning;
}

interface Phrase {
  readonly text: string;
  readonly place: number;
  readonly words: readonly string[];
}

/** The best first. A word weighs its degree (how many words it stands with, itself included) by its frequency, a phrase the sum of its words. */
function keyPhrases(text: string): Phrase[] {
  const phrases = candidates(text);
  const frequency = new Map<string, number>();
  const degree = new Map<string, number>();
  for (const { words } of phrases) {
    for (const word of words) {
      frequency.set(word, (frequency.get(word) ?? 0) + 1);
      degree.set(word, (degree.get(word) ?? 0) + words.length);
    }
  }
  const scoreOf = ({ words }: Phrase): number =>
    words.reduce((sum, word) => sum + (degree.get(word) ?? 0) / (frequency.get(word) ?? 1), 0);
  return phrases.sort((a, b) => scoreOf(b) - scoreOf(a) || a.place - b.place);
}

function candidates(text: string): Phrase[] {
  const phrases: Phrase[] = [];
  let run: { start: number; end: number; words: string[] } | null = null;
  const close = (): void => {
    if (run !== null && run.words.length <= MOST_WORDS)
      phrases.push({ text: text.slice(run.start, run.end), place: run.start, words: run.words });
    run = null;
  };
  for (const { 0: found, index } of text.matchAll(
    /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.%&/-]*[\p{L}\p{N}%]|[\p{L}\p{N}]/gu,
  )) {
    const word = found.toLowerCase().replaceAll('’', "'");
    const isApart = run !== null && text.slice((run as { end: number }).end, index) !== ' ';
    if (isApart) close();
    if (ENGLISH_STOP_WORDS.has(word) || WEAK.has(word)) close();
    else if (run === null) run = { start: index, end: index + found.length, words: [word] };
    else {
      (run as { end: number; words: string[] }).end = index + found.length;
      (run as { words: string[] }).words.push(word);
    }
  }
  close();
  const said = new Set<string>();
  return phrases.filter(({ words }) => {
    const key = words.join(' ');
    return said.has(key) ? false : Boolean(said.add(key));
  });
}

/** As many of the best as there is room for, in the order they were said; null: that would not say much. */
function joined(phrases: readonly Phrase[]): string | null {
  const taken: Phrase[] = [];
  let room = LONGEST_TITLE + 2;
  // Single words, other than names and years, only where there is little else.
  const weighty = phrases.filter(({ text, words }) => words.length > 1 || /^\p{Lu}|^\d{4}$|\p{L}.*\d/u.test(text));
  const others = phrases.filter((phrase) => !weighty.includes(phrase) && /\p{L}{3}/u.test(phrase.text));
  for (const phrase of [...weighty, ...others]) {
    if (taken.length === 4 || phrase.text.length + 2 > room || (taken.length > 2 && others.includes(phrase))) continue;
    taken.push(phrase);
    room -= phrase.text.length + 2;
  }
  const words = taken.flatMap((phrase) => phrase.words).length;
  if (words < 3) return null;
  return taken
    .sort((a, b) => a.place - b.place)
    .map(({ text }) => text)
    .join(', ');
}

const begun = (title: string): string => title.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
