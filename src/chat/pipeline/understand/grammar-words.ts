import { AGGREGATE_WORDS, CHART_NOUNS, CHART_WORDS, NUMBER_WORDS, STOP_WORDS, SUPERLATIVES } from './english.js';
import type { Token } from './tokens.js';

const words = (text: string): readonly string[] => text.split(' ');

const SMALL = words('of the in a an for to is on at by per and or with are each');

/** No column's name as spoken begins or ends with these. */
export const EDGE: ReadonlySet<string> = new Set([...SMALL, 'was', 'were']);

/** Words that no column's name as spoken runs over. */
export const INNER_STOPS: ReadonlySet<string> = new Set(words('by for to is on at per and or with are each from than'));

/** Alone, these name nothing, whatever the table holds. */
export const ALWAYS_GRAMMAR: ReadonlySet<string> = new Set([
  ...SMALL,
  ...words('what which who how many much show i me it x y'),
]);

/** Words that carry grammar; they start or end no partial match by themselves. */
export function isGrammar(token: Token | undefined): boolean {
  if (!token || token.quote !== null) return false;
  const word = token.lower;
  return (
    STOP_WORDS.has(word) ||
    AGGREGATE_WORDS.has(word) ||
    SUPERLATIVES.has(word) ||
    CHART_NOUNS.has(word) ||
    CHART_WORDS.has(word) ||
    NUMBER_WORDS.has(word)
  );
}
