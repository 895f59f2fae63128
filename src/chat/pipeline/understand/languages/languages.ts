import { GERMAN } from './german/german.js';
import { listed } from '../../words/language.js';
import { type Grammar, grammarOf, keyOf } from './grammar.js';
import type { LanguageData } from './language-data.js';
import { SPANISH } from './spanish/spanish.js';

/** Languages that questions are read in beside English. Another one is another file of this shape, and a line here. */
const LANGUAGES: readonly LanguageData[] = [GERMAN, SPANISH];

const ready = new Map<string, Grammar>();

/** The grammar of a language by its ISO 639-1 code; null: questions in it are not read. */
export function grammarFor(language: string): Grammar | null {
  const known = ready.get(language);
  if (known !== undefined) return known;
  const data = LANGUAGES.find(({ code }) => code === language);
  if (data === undefined) return null;
  const grammar = grammarOf(data);
  ready.set(language, grammar);
  return grammar;
}

/** Their codes. */
export const readLanguages: readonly string[] = LANGUAGES.map(({ code }) => code);

/** `English, German and Spanish`. */
export const readLanguageNames = listed(['English', ...LANGUAGES.map(({ name }) => name)]);

/** What cells of a column of yes and no hold, in any of the languages; without accents. */
export const YES_NO: readonly (readonly [yes: string, no: string])[] = [
  ['yes', 'no'],
  ...LANGUAGES.map(({ yesNo: [yes, no] }) => [keyOf(yes), keyOf(no)] as const),
];
