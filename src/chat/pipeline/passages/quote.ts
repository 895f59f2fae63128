import { excerptAround } from '../../../text/excerpt-around.js';
import { englishStem, namesIn, read } from '../../../text/words.js';
import type { Topic } from '../retrieve/topic.js';
import type { CitedPassage } from '../turn.js';
import { cleaned } from './sentences.js';

/** A passage that a search found. */
export type FoundPassage = Omit<CitedPassage, 'sentences'> & Required<Pick<CitedPassage, 'score' | 'coverage'>>;

export interface FoundPassages {
  /** Best first. */
  readonly passages: readonly FoundPassage[];
  /** The words that the question is about, each by its stems. */
  readonly terms: readonly { readonly stems: readonly string[] }[];
  /** Of these, in lower case, those that occur in no document. */
  readonly absent: readonly string[];
  /** Words that occur in no document, with those that were taken for meant. */
  readonly corrected: readonly { readonly word: string; readonly as: readonly string[] }[];
}

/** A passage that holds less than half of what the question is about, rarer words counting for more, is about something else. */
const NEAR_ENOUGH = 0.5;
/** One that speaks of the very thing and time may tell the rest in other words. */
const NEAR_ENOUGH_TO_TOPIC = 0.35;
/** One that holds this much less than the best is beside the point. */
const AS_NEAR = 0.8;
const MOST_PASSAGES = 2;
const MOST_SENTENCES = 2;
/** A question of so few words is of what holds all of them. */
const FEW_WORDS = 3;
/** They say which of several in time is meant, in words that a text which tells of a change need not have. */
const WHICH_ONE =
  /^(?:new|current|latest|present|actual|old|former|previous|neu|neue[mnrs]?|aktuell|aktuelle[mnrs]?|alt|alte[mnrs]?|bisherige[mnrs]?|nuev[ao]s?|actual|actuales|antigu[ao]s?|anterior(?:es)?)$/;
/** A sentence that tells of a change. */
const TELLS_CHANGE =
  /\b(?:chang|replac|switch|became|becomes|instead|now\b|since\b|gewechselt|ersetzt|neu|cambi|reemplaz)/i;
/** Asks for a number or a time. */
const COUNTS = /\b(?:when|how (?:much|many|long|old|far|often)|what (?:year|date|day|time|price|number))\b/i;

/**
 * The sentences that answer the question best, literally, of the passages that are near enough; none where none is. Pure
 * picking: nothing is put into words here.
 * What has none of the question's names is of something else, whatever words it has of the rest.
 * @param topic what the tables know it to be about; null: they know nothing of it
 */
export function quoted(
  question: string,
  { passages, terms, absent, corrected }: FoundPassages,
  topic: Topic | null = null,
): CitedPassage[] {
  const names = namesIn(question);
  if (names.some((name) => absent.includes(name))) return [];
  const meant = names.flatMap((name) => corrected.find(({ word }) => word === name)?.as ?? [name]).map(englishStem);
  const about = passages.filter((passage) => namesSome(passage, meant) && (topic === null || speaksOf(passage, topic)));
  const best = Math.max(0, ...about.map(({ coverage }) => coverage));
  const least = topic !== null && topic.values.length > 0 ? NEAR_ENOUGH_TO_TOPIC : NEAR_ENOUGH;
  const near =
    best < least
      ? about.filter((passage) => holdsAll(passage, question))
      : about.filter(({ coverage }) => coverage >= Math.max(least, AS_NEAR * best));
  return near
    .slice(0, MOST_PASSAGES)
    .map((passage) => ({ ...passage, sentences: bestSentences(question, passage.quote, terms) }));
}

/** "Who is the new carrier?": the words of a short question but for those that say which one. */
function holdsAll({ title, heading, quote }: FoundPassage, question: string): boolean {
  const { words } = read(question);
  const about = words.filter((word) => !WHICH_ONE.test(word)).map(englishStem);
  if (about.length === words.length || about.length === 0 || about.length > FEW_WORDS) return false;
  const stems = new Set(stemsIn([title, ...heading, quote].join('\n')));
  return about.every((stem) => stems.has(stem));
}

/** @param names their stems; none: whatever it is about */
function namesSome({ title, heading, quote }: FoundPassage, names: readonly string[]): boolean {
  if (names.length === 0) return true;
  const stems = new Set(stemsIn([title, ...heading, quote].join('\n')));
  return names.some((name) => stems.has(name));
}

/** Names a value of the topic where there are any, and no other years than its own. */
function speaksOf({ title, heading, quote }: FoundPassage, { values, years }: Topic): boolean {
  const text = [title, ...heading, quote].join('\n');
  const named = new Set([...text.matchAll(/(?<!\d)(?:1[89]|20)\d\d(?!\d)/g)].map(([year]) => Number(year)));
  if (years.length > 0 && named.size > 0 && !years.some((year) => named.has(year))) return false;
  const stems = new Set(stemsIn(text));
  return values.length === 0 || values.some((value) => stemsIn(value).every((stem) => stems.has(stem)));
}

const stemsIn = (text: string): string[] => read(text).words.map(englishStem);

function bestSentences(question: string, text: string, terms: FoundPassages['terms']): string[] {
  const asksWhichOne = read(question).words.some((word) => WHICH_ONE.test(word));
  const sentences = cleaned(text).map((sentence, at) => ({
    sentence,
    at,
    terms: new Set(terms.flatMap(({ stems }, term) => (holds(sentence, stems) ? [term] : []))),
    bonus: (COUNTS.test(question) && /\d/.test(sentence)) || (asksWhichOne && TELLS_CHANGE.test(sentence)) ? 0.5 : 0,
  }));
  const taken: typeof sentences = [];
  const covered = new Set<number>();
  while (taken.length < MOST_SENTENCES) {
    const fresh = (each: (typeof sentences)[number]): number =>
      [...each.terms].filter((term) => !covered.has(term)).length;
    const [next] = sentences
      .filter((each) => !taken.includes(each))
      .sort((a, b) => fresh(b) + b.bonus - (fresh(a) + a.bonus) || a.at - b.at);
    // A first one is needed where only the headings hold the question's words.
    if (next === undefined || (taken.length > 0 && fresh(next) === 0)) break;
    taken.push(next);
    for (const term of next.terms) covered.add(term);
  }
  return taken.sort((a, b) => a.at - b.at).map(({ sentence }) => sentence);
}

const holds = (sentence: string, stems: readonly string[]): boolean =>
  excerptAround(sentence.slice(0, 280), new Set(stems)).words.length > 0;

/** `**Harbour report**, Crane repairs, page 12: “…”`, a line for each passage. */
export const quotation = (passages: readonly CitedPassage[]): string =>
  passages
    .map(({ title, heading, page, sentences }) => {
      const [part] = heading.filter((each) => each !== title).slice(-1);
      const where = [`**${title}**`, ...(part === undefined ? [] : [part]), ...(page === null ? [] : [`page ${page}`])];
      return `${where.join(', ')}: ${sentences.map((sentence) => `“${sentence}”`).join(' ')}`;
    })
    .join('\n\n');
