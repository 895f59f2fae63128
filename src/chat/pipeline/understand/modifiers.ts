import type { Match } from './cover.js';
import { stemOf, wordsOf } from './tokens.js';

/** Is only a word before the last one of the column's name said? The "order" of an order date is no name of the date. */
export function isModifier({ column, from, to }: Match, said: string): boolean {
  const words = wordsOf(column.name).map(stemOf);
  return to === from + 1 && words.slice(0, -1).includes(stemOf(said)) && words.at(-1) !== stemOf(said);
}
