import type { Asked, Understanding } from '../../turn.js';
import { grammarFor } from './languages.js';
import { Names } from './names.js';
import { rewrite, type Rewritten } from './rewrite.js';
import { languageSpoken } from './spoken.js';

/** A question as the clause grammar reads it, and the way back to what was written. */
export interface InEnglish<T> {
  readonly turn: T;
  /** What was asked in. */
  readonly language: string;
  /** Puts what was recognised back where it stands in the question as it was written. */
  readonly asWritten: (understanding: Understanding) => Understanding;
}

/** The question in English, where it is in another language that is read; as it is otherwise. */
export function inEnglish<T extends Pick<Asked, 'question' | 'history' | 'datasets'>>(turn: T): InEnglish<T> {
  const language = languageSpoken(turn);
  const grammar = grammarFor(language);
  if (grammar === null) return { turn, language, asWritten: (understanding) => understanding };
  const rewritten = rewrite(turn.question, grammar, new Names(grammar, turn.datasets));
  return {
    turn: { ...turn, question: rewritten.text },
    language,
    asWritten: (understanding) => asWritten(understanding, rewritten, turn.question),
  };
}

function asWritten(understanding: Understanding, rewritten: Rewritten, question: string): Understanding {
  const back = (text: string): string => quotedBack(text, rewritten, question);
  const { entities, references, refusal, reading } = understanding;
  return {
    ...understanding,
    entities: entities.map((entity) => {
      const place = placeOf(entity.start, entity.end, rewritten);
      return place === null ? entity : { ...entity, ...place, text: question.slice(place.start, place.end) };
    }),
    references: references.map((reference) => ({ ...reference, text: wordsBack(reference.text, rewritten, question) })),
    reading: reading === null ? null : back(reading),
    refusal: refusal === null ? null : { ...refusal, reason: back(refusal.reason) },
  };
}

/** Where in the question stands what is there in English. */
function placeOf(start: number, end: number, { pieces }: Rewritten): { start: number; end: number } | null {
  const inside = pieces.filter((piece) => piece.start < end && piece.end > start);
  if (inside.length === 0) return null;
  return { start: Math.min(...inside.map(({ from }) => from)), end: Math.max(...inside.map(({ to }) => to)) };
}

function wordsBack(text: string, rewritten: Rewritten, question: string): string {
  const at = rewritten.text.indexOf(text);
  const place = at === -1 ? null : placeOf(at, at + text.length, rewritten);
  return place === null ? text : question.slice(place.start, place.end);
}

/** “words” of the question in a sentence about it. */
const quotedBack = (text: string, rewritten: Rewritten, question: string): string =>
  text.replaceAll(/“([^”]+)”/g, (_, said: string) => {
    const whole = wordsBack(said, rewritten, question);
    const words = whole === said ? said.split(' ').map((word) => wordsBack(word, rewritten, question)) : [whole];
    return `“${words.join(' ')}”`;
  });
