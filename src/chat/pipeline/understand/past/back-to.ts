import type { Asked, PastTurn, Understanding } from '../../turn.js';
import { queryWords } from '../../words/queries.js';
import { STOP_WORDS } from '../english.js';
import { inEnglish } from '../languages/in-english.js';
import { refused } from '../small-talk.js';
import { stemOf, wordsOf } from '../tokens.js';

type Read = (turn: Asked) => Understanding;

const NOUN = '(?:chart|graph|plot|picture|diagram|visuali[sz]ation|question|answer|result|query|analysis)';
const PLACE = '(?<place>first|1st|original|initial|second|2nd|third|3rd|fourth|fifth|previous|last|earlier)';
const BACK = '(?:(?:(?:go|come|get|take me|bring me) back|return|switch back|back) to|undo to)';

/** What says that an earlier turn of the same conversation is meant; the first that fits counts. */
const PHRASES: readonly RegExp[] = [
  new RegExp(`\\b${BACK} (?:the|my|our|your) (?:very )?${PLACE} (?:${NOUN}|one)(?: again)?(?![\\p{L}\\d])`, 'iu'),
  new RegExp(`\\b${BACK} (?:the (?<before>one|${NOUN}) before(?: (?:that|this|it))?)(?![\\p{L}\\d])`, 'iu'),
  new RegExp(`\\bthe (?<before>one|${NOUN}) before (?:that|this|last)(?: again)?(?![\\p{L}\\d])`, 'iu'),
  new RegExp(
    `\\b(?:(?:show|give)(?: me)? )?(?:the|my|our|your) (?:very )?${PLACE} ${NOUN}(?: again)?(?![\\p{L}\\d])`,
    'iu',
  ),
  new RegExp(
    `\\b${BACK} (?:the|my|our|your) (?:${NOUN}|one) (?:about|on|of|for|with) (?<about>[^,.;?!]{1,60}?)(?=\\s*(?:[,.;?!]|but\\b|$))`,
    'iu',
  ),
  new RegExp('\\bthe (?<place>previous|original|initial) one (?:again|but|for|with|by|in|as)(?![\\p{L}\\d])', 'iu'),
];

/** "Undo", "back": to what was asked before the last question. */
const UNDO =
  /^(?:please )?(?:undo(?: (?:it|that|this|the last (?:change|step|one|question)|my last (?:change|step|question)))?|(?:go |take me |one step |step )?back|revert(?: (?:it|that|this))?|take (?:it|that) back)(?: please| again)?[\s.!?]*$/i;

const NTH: Readonly<Record<string, number>> = { second: 1, '2nd': 1, third: 2, '3rd': 2, fourth: 3, fifth: 4 };
const FIRST = /^(first|1st|original|initial)$/;
/** Words that only join what is said to the phrase. */
const JOINTS = /\b(?:again|but|please|now|and|then|this time|can you|could you|show me|show)\b/giu;

/** "Go back to the first chart", "the first one again, by region": an earlier question of the conversation, changed or as it is. */
export function backTo(turn: Asked, read: Read): Understanding | null {
  if (UNDO.test(turn.question.trim())) return undone(turn);
  const found = PHRASES.map((pattern) => pattern.exec(turn.question)).find((match) => match !== null);
  if (!found || turn.datasets.length === 0) return null;
  const [said] = found;
  const place = found.groups?.['place']?.toLowerCase() ?? null;
  const isFurther = isNumbered(place) && turn.historyIsWhole === false;
  const past = (isFurther ? turn.opening : turn.history) ?? [];
  const answered = past.filter(({ understanding }) => understanding?.query);
  if (answered.length === 0 && !isFurther) return null;
  const about = found.groups?.['about'] ?? null;
  const base = about === null ? answered.at(placeOf(place, said)) : lastAbout(about, answered);
  // What none of these is about may be found among all earlier results.
  if (base === undefined && about !== null) return null;
  if (base === undefined)
    return refused(
      turn,
      'no_earlier_result',
      isFurther
        ? 'That is further back than I can see from here: ask for it in its own words.'
        : 'There are not that many answers in this conversation.',
    );
  const words = /\b(?:but|for|with|by|in|as)$/iu.exec(said)?.[0] ?? '';
  const rest = `${turn.question.slice(0, found.index)}${words.padStart(said.length)}${turn.question.slice(found.index + said.length)}`;
  const text = said.slice(0, said.length - words.length).trim();
  return changed({ ...turn, history: past }, base, rest, read, text);
}

const isNumbered = (place: string | null): boolean => place !== null && (FIRST.test(place) || place in NTH);

/** Whether a question points at one of the first answers of its conversation by its number. */
export function pointsAtOpening(turn: Pick<Asked, 'question' | 'history' | 'datasets'>): boolean {
  const { question } = inEnglish(turn).turn;
  const found = PHRASES.map((pattern) => pattern.exec(question)).find((match) => match !== null);
  return isNumbered(found?.groups?.['place']?.toLowerCase() ?? null);
}

/** The last question that had all of these words. */
const lastAbout = (about: string, answered: readonly PastTurn[]): PastTurn | undefined => {
  const stems = wordsOf(about)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stemOf);
  return answered.findLast(({ question }) => {
    const said = new Set(wordsOf(question).map(stemOf));
    return stems.length > 0 && stems.every((stem) => said.has(stem));
  });
};

/** Each "undo" takes back one question more; what stands then is shown again. */
function undone(turn: Asked): Understanding | null {
  const standing: PastTurn[] = [];
  for (const past of turn.history.filter(({ understanding }) => understanding?.query)) {
    if (UNDO.test(past.question.trim())) standing.pop();
    else standing.push(past);
  }
  const base = standing.at(-2);
  if (base === undefined)
    return refused(turn, 'no_earlier_result', 'There is no earlier answer in this conversation to go back to.');
  const query = base.understanding?.query;
  const profile = turn.datasets.find(({ id }) => id === query?.datasetId);
  const told = query && profile ? `Back to ${queryWords(query, profile)}` : null;
  return again(base, told, []);
}

/** Counted from the first where a number is said, from the last otherwise. */
function placeOf(place: string | null, said: string): number {
  if (place === null) return -2;
  if (FIRST.test(place)) return 0;
  if (place in NTH) return NTH[place] ?? 0;
  // To go back from where one is means the one before it; "the previous chart by year" is that one itself.
  return new RegExp(`^${BACK}`, 'iu').test(said) ? -2 : -1;
}

function changed(turn: Asked, base: PastTurn, rest: string, read: Read, text: string): Understanding {
  // In words of the data: those of the question stay in its own message.
  const query = base.understanding?.query;
  const profile = turn.datasets.find(({ id }) => id === query?.datasetId);
  const meaning = query && profile ? queryWords(query, profile) : '';
  const told = meaning === '' ? null : `“${text}” is that of ${meaning}`;
  const references = [{ text, messageId: base.messageId, meaning }];
  const asked = rest.replace(JOINTS, ' ').replace(/[^\p{L}\p{N}]+/gu, '');
  if (asked === '') return again(base, told, references);
  const history = turn.history.slice(0, turn.history.indexOf(base) + 1);
  const spaced = rest
    .replace(JOINTS, (joint) => ' '.repeat(joint.length))
    .replace(/^[\s,;:.-]+/u, (gap) => ' '.repeat(gap.length));
  const understanding = read({ ...turn, question: spaced, history });
  if (understanding.query === null) return understanding;
  // "By region" of what was by region already.
  if (understanding.edits.length === 0 && new RegExp(`^${BACK}`, 'iu').test(text)) return again(base, told, references);
  return { ...understanding, reading: [told, understanding.reading].filter(Boolean).join('. '), references };
}

function again(
  { understanding }: PastTurn,
  reading: string | null,
  references: Understanding['references'],
): Understanding {
  if (understanding === null) throw new Error('only what was understood can be asked again');
  const { earlier: _, ...past } = understanding;
  return { ...past, entities: [], references, reading, edits: [], refusal: null };
}
