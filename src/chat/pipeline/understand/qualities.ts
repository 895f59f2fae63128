import type { ColumnProfile } from '../../../datasets/profile.js';
import { QUALITIES } from './english.js';
import type { Lexicon } from './lexicon.js';
import { stemOf, wordsOf } from './tokens.js';

/** An adjective's form in the question. */
export interface QualityWord {
  readonly base: string;
  readonly concepts: readonly string[];
  readonly inverse: readonly string[];
  /** Which way more of it points for `concepts`. */
  readonly more: 'asc' | 'desc';
  readonly degree: 'positive' | 'comparative' | 'superlative';
}

const forms = new Map<string, QualityWord>();
for (const { base, concepts, more, inverse, irregular } of QUALITIES) {
  const root = base.endsWith('e') ? base.slice(0, -1) : base.endsWith('y') ? `${base.slice(0, -1)}i` : base;
  const doubled = /[^aeiou][aeiou][gtnd]$/.test(base) ? base + (base.at(-1) ?? '') : root;
  const add = (word: string, degree: QualityWord['degree']): void => {
    if (!forms.has(word)) forms.set(word, { base, concepts, inverse, more, degree });
  };
  add(base, 'positive');
  add(irregular?.[0] ?? `${doubled}er`, 'comparative');
  add(irregular?.[1] ?? `${doubled}est`, 'superlative');
}

/** The quality that a word names ("youngest", "heavier", "old"); null when none. */
export function qualityOf(word: string): QualityWord | null {
  return forms.get(word) ?? null;
}

/** The column that holds a quality, and the direction of "more of it" in that column; null when the data set has none. */
export function columnOfQuality(
  quality: QualityWord,
  lexicon: Lexicon,
): { readonly column: ColumnProfile; readonly more: 'asc' | 'desc' } | null {
  const opposite = quality.more === 'asc' ? 'desc' : 'asc';
  for (const [concepts, more] of [
    [quality.concepts, quality.more],
    [quality.inverse, opposite],
  ] as const) {
    for (const concept of concepts) {
      const stem = stemOf(concept);
      const fitting = lexicon.profile.columns.filter(
        (column) =>
          (column.role === 'measure' || column.role === 'temporal') &&
          wordsOf(column.name).some((word) => stemOf(word) === stem),
      );
      const leads = (column: ColumnProfile): number => (stemOf(wordsOf(column.name)[0] ?? '') === stem ? 0 : 1);
      fitting.sort(
        (left, right) => leads(left) - leads(right) || wordsOf(left.name).length - wordsOf(right.name).length,
      );
      const column = fitting[0];
      if (column) return { column, more };
    }
  }
  return null;
}
