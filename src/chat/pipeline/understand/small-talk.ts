import type { Asked, Refusal, Understanding } from '../turn.js';
import { suggestionsFor } from './suggestions.js';

const GREETING =
  /^(hi|hello|hey|hey there|hi there|good (morning|afternoon|evening|day)|howdy|greetings)( (there|all|everyone|again))?$/;
const THANKS =
  /^((ok|okay|great|perfect|cool|nice|excellent|good|awesome|got it|alright)[ ,]*)*(thanks|thank you|thx|cheers|bye|goodbye|see you|ok|okay|great|perfect|cool|nice|excellent|awesome|got it|alright)( (a lot|so much|very much|again|for that|for your help|you))?$/;
const MOOD =
  /^(how are you|how is it going|hows it going|who are you|what are you|what is your name|whats your name|nice to meet you)( (doing|today))*$/;
const HELP =
  /^(help|help me|what can you do|what can i ask|what can i ask you|what do you know|what data do you have|what data is there|which data do you have|how does this work|how do i use this|what questions can i ask|what can you tell me|what can you help me with|what is in the data|what is in this data|what is this data about|what datasets are there|what data sets are there)$/;

/** Greetings, thanks, and "what can you do"; null for everything else. */
export function smallTalk(turn: Asked): Understanding | null {
  const text = turn.question
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[^\p{L}\p{N} ]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (HELP.test(text)) return { ...blank('help', 1), refusal: null };
  if (GREETING.test(text) || THANKS.test(text) || MOOD.test(text)) return { ...blank('small_talk', 1), refusal: null };
  return null;
}

export function blank(kind: Understanding['intent']['kind'], confidence: number): Understanding {
  return {
    intent: { kind, confidence },
    language: 'en',
    entities: [],
    references: [],
    query: null,
    chart: null,
    expects: 'value',
    reading: null,
    edits: [],
    refusal: null,
  };
}

export function refused(turn: Asked, code: Refusal['code'], reason: string): Understanding {
  const [first] = turn.datasets;
  const suggestions = first ? suggestionsFor(first) : turn.persona.starterQuestions.slice(0, 3);
  return { ...blank('unknown', 0.9), refusal: { code, reason, suggestions } };
}
