import { excerptAround } from '../../../text/excerpt-around.js';
import { englishStem, read } from '../../../text/words.js';
import type { QuotedMessage, SaidAsked } from '../turn.js';
import { cleaned } from './sentences.js';

/** A message that a search found. */
export type FoundMessage = Omit<QuotedMessage, 'quote'> & { readonly content: string };

const MOST_MESSAGES = 3;
const MOST_SENTENCES = 2;
const LONGEST_QUOTE = 400;
/** Of what was asked about a message holds this much, or it is about something else. */
const NEAR_ENOUGH = 0.6;
/** Words for the kind of thing that is asked for: "the launch date" is about the launch, and what tells it may have no "date". */
const KINDS = new Set(
  `date day time hour week month year deadline number amount price cost sum name place address reason thing stuff
  idea plan decision`
    .split(/\s+/)
    .map(englishStem),
);
const OF_A_KIND = 0.3;

/**
 * What messages say of it, literally, the best first; none where none speaks of it. Where only a time is asked for, the latest
 * of that time.
 */
export function quotedMessages({ about, by, period }: SaidAsked, found: readonly FoundMessage[]): QuotedMessage[] {
  const stems = [...new Set(read(about).words.map(englishStem))];
  const weights = stems.map((stem) => (KINDS.has(stem) ? OF_A_KIND : 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (all === 0 && period === null) return [];
  // Of a whole day's talk it is the user's side that tells what it was about.
  const wanted = by === 'anyone' && all === 0 ? 'user' : by;
  const near = found.filter(({ content, role, at }) => {
    if (wanted !== 'anyone' && role !== wanted) return false;
    if (period !== null && (at < period.from || at >= period.to)) return false;
    const held = new Set(read(content).words.map(englishStem));
    const share = stems.reduce((sum, stem, i) => sum + (held.has(stem) ? (weights[i] ?? 0) : 0), 0);
    return share >= NEAR_ENOUGH * all;
  });
  const ordered = all > 0 ? near : near.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return ordered
    .slice(0, MOST_MESSAGES)
    .map(({ content, ...message }) => ({ ...message, quote: quoteOf(content, new Set(stems)) }));
}

/** Whole sentences of one line as far as they are short enough: the one with most of the words, and what follows it. */
function quoteOf(content: string, stems: ReadonlySet<string>): string {
  const sentences = cleaned(content);
  const hits = sentences.map((sentence) => excerptAround(sentence.slice(0, LONGEST_QUOTE), stems).words.length);
  const first = Math.max(0, hits.indexOf(Math.max(...hits)));
  const start = sentences[first] ?? content.trim();
  const from = content.indexOf(start);
  let to = from + start.length;
  for (const sentence of sentences.slice(first + 1, first + MOST_SENTENCES)) {
    const end = content.indexOf(sentence, to) + sentence.length;
    if (end - from > LONGEST_QUOTE || content.slice(from, end).includes('\n')) break;
    to = end;
  }
  return content.slice(from, Math.min(to, from + LONGEST_QUOTE)).toWellFormed();
}
