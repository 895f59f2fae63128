import { dayWords, periodWords } from '../../words/dates.js';
import type { Asked, EarlierAsked, PastTurn, Pointed, Understanding } from '../../turn.js';
import { refused } from '../small-talk.js';
import { type Pointer, pointerOf } from './pointer.js';

/** Reads a question on its own, or as a change of the last turn of its history. */
type Read = (turn: Asked) => Understanding;

/** Whether the earlier result that a question points at is to be looked for beyond the last turns of its conversation. */
export function pointsElsewhere(pointer: Pointer, history: readonly PastTurn[]): boolean {
  return lastAnswered(history) === null || pointer.about !== '' || (pointer.asks === 'use' && pointer.period !== null);
}

/** A question that points back at an earlier result outright; null: it does not, and is read as any other. */
export function pointBack(turn: Asked, read: Read): Understanding | null {
  if (turn.datasets.length === 0) return null;
  const refreshed = sinceRefresh(turn);
  if (refreshed !== null) return refreshed;
  const pointer = pointerOf(turn.question, turn.askedAt);
  if (pointer === null) return null;
  const { pointed } = turn;
  const elsewhere = pointsElsewhere(pointer, turn.history);
  if (pointer.asks === 'use') {
    // What "my last result" is, is clear in a conversation that has one; and nothing is guessed where nothing was looked up.
    return !elsewhere || pointed === undefined
      ? null
      : (gone(turn, pointer, pointed) ?? goneOn(turn, pointer, pointed, read));
  }
  const base = lastAnswered(turn.history);
  if (pointer.rest !== '' && pointer.about === '') {
    const understanding = read({ ...turn, question: pointer.rest });
    if (understanding.query === null) return understanding;
    return { ...understanding, earlier: earlierOf(pointer, sameAs(base, understanding)) };
  }
  if (base !== null && pointer.about === '') {
    return { ...again(base, null), earlier: earlierOf(pointer, true) };
  }
  if (pointed === undefined) return null;
  const none = gone(turn, pointer, pointed);
  if (none !== null) return none;
  return isFound(pointed)
    ? { ...again(pointed.turn, tellOf(pointer, pointed)), earlier: earlierOf(pointer, false) }
    : null;
}

const OPENING = String.raw`^(?:(?:so|and|please|tell me|show me)\s+)*what(?:['’]s|\s+is|\s+has|\s+have)?\s+(?:been\s+)?(?:changed|new|different|updated)`;
const IN_DATA = String.raw`\s+(?:in|with|about)\s+(?:the|my|our|this)\s+(?:data|data\s?sets?|tables?|numbers|figures)`;
const SINCE = String.raw`\s+since\s+(?:(?:the|my|our)\s+)?(?:(?:last|latest|previous)\s+)?(?:refresh|update|upload|import|version|yesterday|today|then|week|month|time)`;
const SINCE_REFRESH = new RegExp(`${OPENING}(?:${IN_DATA}(?:${SINCE})?|${SINCE})[\\s?.!]*$`, 'iu');

/** "What changed since the last refresh?": what was asked last, then and now. */
function sinceRefresh(turn: Asked): Understanding | null {
  if (!SINCE_REFRESH.test(turn.question.trim())) return null;
  const base = lastAnswered(turn.history);
  return base === null
    ? refused(
        turn,
        'no_earlier_result',
        'Nothing was asked here yet that could be compared: ask a question, and this again once the data was refreshed.',
      )
    : { ...again(base, null), earlier: { asks: 'change', period: null, isOfTalk: false } };
}

const isFound = (pointed: Asked['pointed']): pointed is Pointed => typeof pointed === 'object' && pointed !== null;

/** Why the earlier result cannot be gone on from; null: it can. */
function gone(turn: Asked, { period }: Pointer, pointed: Asked['pointed']): Understanding | null {
  if (isFound(pointed)) return null;
  if (pointed === 'unknown')
    return refused(turn, 'no_earlier_result', 'Earlier results could not be looked up just now: ask again.');
  const when = period === null ? '' : ` from ${periodWords(period).replace(/^(?:in|on) /, '')}`;
  return refused(turn, 'no_earlier_result', `There is no earlier result about that${when}.`);
}

/** What is asked, of the earlier result; nothing more asked, the result itself as it is now. */
function goneOn(turn: Asked, pointer: Pointer, pointed: Asked['pointed'], read: Read): Understanding | null {
  if (!isFound(pointed)) return null;
  const told = tellOf(pointer, pointed);
  if (pointer.rest === '') return again(pointed.turn, told);
  const understanding = read({ ...turn, question: pointer.rest, history: [pointed.turn] });
  if (understanding.query === null) return understanding;
  const reading = [told.reading, understanding.reading ?? ''].filter(Boolean).join('. ');
  return { ...understanding, reading, references: told.references };
}

interface Told {
  readonly reading: string;
  readonly references: Understanding['references'];
}

/** Which result was taken, in words of the data: those of the question stay in its own message. */
function tellOf({ text }: Pointer, { turn, answeredAt }: Pointed): Told {
  return {
    reading: `“${text}” is your result of ${dayWords(answeredAt)}: ${turn.question}`,
    references: [{ text, messageId: turn.messageId, meaning: turn.question }],
  };
}

/** The same again, as data is now. What it was recognised by is of another text. */
function again({ understanding }: PastTurn, told: Told | null): Understanding {
  if (understanding === null) throw new Error('only what was understood can be asked again');
  const { earlier: _, ...past } = understanding;
  return {
    ...past,
    entities: [],
    references: told?.references ?? [],
    reading: told?.reading ?? null,
    edits: [],
    refusal: null,
  };
}

/** The last turn that a question was answered in from data. */
const lastAnswered = (history: readonly PastTurn[]): PastTurn | null =>
  history.findLast(({ understanding }) => understanding?.query) ?? null;

const sameAs = (base: PastTurn | null, { query }: Understanding): boolean =>
  JSON.stringify(base?.understanding?.query) === JSON.stringify(query);

const earlierOf = ({ asks, period }: Pointer, isOfTalk: boolean): EarlierAsked => ({
  asks: asks === 'change' ? 'change' : 'value',
  period: period === null ? null : { from: period.from.toISOString(), to: period.to.toISOString() },
  isOfTalk,
});
