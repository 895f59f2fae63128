import { BACK_REFERENCES, EACH_WORDS, NEGATIONS, STOP_WORDS } from '../english.js';
import { stemOf } from '../tokens.js';
import { DISTINCT, ROW_NOUNS, SHARE } from './english-units.js';
import type { Scan } from './scan.js';

export type PlainKind =
  'each' | 'distinct' | 'not' | 'subject' | 'by' | 'and' | 'or' | 'back' | 'stop' | 'word' | 'share';

/** What a word does that says nothing of the data. */
export function plainKind(scan: Scan, at: number, word: string): PlainKind {
  if (EACH_WORDS.has(word)) return 'each';
  if (DISTINCT.has(word)) return 'distinct';
  if (NEGATIONS.has(word)) return 'not';
  if (word === 'other' && scan.word(at + 1) === 'than') return 'not';
  // "across all orders": over everything.
  if (word === 'across' && scan.word(at + 1) === 'all') return 'stop';
  if (word === 'by' || word === 'across') return 'by';
  if (word === 'and') return 'and';
  if (word === 'or') return 'or';
  if (SHARE.has(word)) return 'share';
  if (BACK_REFERENCES.has(word) && !(word === 'that' && isRelative(scan, at)) && !(word === 'such')) return 'back';
  if (scan.context.lexicon.subject.has(stemOf(word)) || ROW_NOUNS.has(word)) return 'subject';
  return STOP_WORDS.has(word) || scan.context.lexicon.relatedSubject.has(stemOf(word)) ? 'stop' : 'word';
}

/** "countries that have…": a relative pronoun, not a word that points back. */
function isRelative(scan: Scan, at: number): boolean {
  const next = scan.word(at + 1);
  if (next === '' || /^[?.!,]/.test(scan.tokens[at + 1]?.before.trim() ?? '')) return false;
  if (at === 0) return false;
  const before = scan.raw(at - 1);
  if (
    [
      'than',
      'of',
      'for',
      'to',
      'from',
      'is',
      'was',
      'with',
      'show',
      'about',
      'by',
      'and',
      'sort',
      'order',
      'in',
    ].includes(before)
  )
    return false;
  return true;
}
