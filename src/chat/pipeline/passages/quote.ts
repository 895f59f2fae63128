import { excerptAround } from '../../../text/excerpt-around.js';
import type { CitedPassage } from '../turn.js';
import { cleaned } from './sentences.js';

/** A passage that a search found. */
export type FoundPassage = Omit<CitedPassage, 'sentences'> & {
  /** Share of the question's words that it holds, each by how rare it is; 0–1. */
  readonly coverage: number;
};

export interface FoundPassages {
  /** Best first. */
  readonly passages: readonly FoundPassage[];
  /** The words that the question is about, each by its stems. */
  readonly terms: readonly { readonly stems: readonly string[] }[];
}

/** A passage that holds less than half of what the question is about, rarer words counting for more, is about something else. */
const NEAR_ENOUGH = 0.5;
/** One that holds this much less than the best is beside the point. */
const AS_NEAR = 0.8;
const MOST_PASSAGES = 2;
const MOST_SENTENCES = 2;
/** Asks for a number or a time. */
const COUNTS = /\b(?:when|how (?:much|many|long|old|far|often)|what (?:year|date|day|time|price|number))\b/i;

/**
 * The sentences that answer the question best, literally, of the passages that are near enough; none where none is. Pure
 * picking: nothing is put into words here.
 */
export function quoted(question: string, { passages, terms }: FoundPassages): CitedPassage[] {
  const best = Math.max(0, ...passages.map(({ coverage }) => coverage));
  if (best < NEAR_ENOUGH) return [];
  return passages
    .filter(({ coverage }) => coverage >= Math.max(NEAR_ENOUGH, AS_NEAR * best))
    .slice(0, MOST_PASSAGES)
    .map(({ coverage: _coverage, ...passage }) => ({
      ...passage,
      sentences: bestSentences(question, passage.quote, terms),
    }));
}

function bestSentences(question: string, text: string, terms: FoundPassages['terms']): string[] {
  const sentences = cleaned(text).map((sentence, at) => ({
    sentence,
    at,
    terms: new Set(terms.flatMap(({ stems }, term) => (holds(sentence, stems) ? [term] : []))),
    bonus: COUNTS.test(question) && /\d/.test(sentence) ? 0.5 : 0,
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
