/**
 * What is known of a language, as plain data: a question in it is put into the English that the clause grammar reads, word by word
 * and phrase by phrase, and names of the data stay as they are. How the lines are written is told in README.md beside this file.
 */
export interface LanguageData {
  /** ISO 639-1. */
  readonly code: string;
  /** Its English name. */
  readonly name: string;
  /** `1.234,5` and `3.` for the third, or `1,234.5`. */
  readonly decimal: ',' | '.';
  /** `3. Quartal`: a point behind a whole number makes it the third. */
  readonly ordinalPoint: boolean;
  /** Nouns begin with a capital, so that a small letter tells grammar from a name. */
  readonly capitalNouns: boolean;
  /** What inflection puts behind a word, without accents. */
  readonly endings: string;
  /** What cells of a column of yes and no hold. */
  readonly yesNo: readonly [yes: string, no: string];
  /** `zwei=two`. */
  readonly numbers: string;
  /** `wie viel~ = how many`: grammar. */
  readonly phrases: readonly string[];
  /** `umsatz | erlös = revenue, sales`: what columns and values are called in English; the first that the data has is meant. */
  readonly nouns: string;
  /** `durchschnitts* = average *`: parts of compounds around a name. */
  readonly compounds: string;
}
