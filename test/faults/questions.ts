import { type ChatRequest, type Reply, slowly } from '../support/model-endpoint.js';

/** `rules`: worked out from data. `greeting`: a word. `talk`: a model tells it slowly. */
export type Kind = 'rules' | 'greeting' | 'talk';

export interface Question {
  readonly kind: Kind;
  readonly text: string;
}

const WORDS = 40;
const DELTA_MS = 25;

let talks = 0;

export function aQuestion(random: () => number): Question {
  const drawn = random();
  const year = 2012 + Math.floor(random() * 12);
  if (drawn < 0.35)
    return { kind: 'rules', text: `Average score by ${random() < 0.5 ? 'sector' : 'region'} in ${year}` };
  if (drawn < 0.5) return { kind: 'greeting', text: 'Hello' };
  return { kind: 'talk', text: `Who was Ada Lovelace? (${++talks})` };
}

const wordsFor = (question: string): string[] => {
  const [, nth] = /\((\d+)\)$/.exec(question) ?? [];
  return Array.from({ length: WORDS }, (_, word) => `${nth}:${word} `);
};

/** The whole of the answer that a model gives to it; null: it is answered by rules. */
export const expectedTalk = ({ kind, text }: Question): string | null =>
  kind === 'talk' ? wordsFor(text).join('') : null;

/** Answers what is talked about, slowly, and the same again when it is asked again; leaves all else to the rules. */
export function model({ messages, response_format: format }: ChatRequest): Reply {
  const question = messages.at(-1)?.content ?? '';
  if (format !== undefined) {
    const nothing = { measures: [], groupBy: [], filters: [], orderBy: null, limit: null };
    return JSON.stringify({ answerable: false, intent: 'unknown', datasetId: null, ...nothing });
  }
  if (!/\(\d+\)$/.test(question)) return 'No number here.';
  return { ...slowly(WORDS, DELTA_MS), text: wordsFor(question) };
}
