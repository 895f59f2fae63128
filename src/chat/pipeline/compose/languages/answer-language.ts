/**
 * How answers are said in a language: lines `English = its own words`, with `{x}` for what stands in a place. A sentence that no
 * line fits stays in English.
 */
export interface AnswerLanguage {
  /** Whole sentences, without the full stop; the first that fits counts. */
  readonly sentences: string;
  /** What stands in the places: noun phrases, filters, times. Whole phrases as well, tried in order, and again in their own places. */
  readonly phrases: string;
  /** January to December. */
  readonly months: string;
  /** `{day} {month} {year}` as it is written. */
  readonly date: string;
  /** Opening and closing. */
  readonly quotes: string;
  /** `points=Punkte | …` behind a number. */
  readonly units: string;
  /** `(from {a} to {b})` behind a change. */
  readonly ends: string;
  /** Labels of columns keep their capital within a sentence. */
  readonly capitalNouns: boolean;
}
