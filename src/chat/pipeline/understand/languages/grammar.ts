import { fold } from '../tokens.js';
import type { LanguageData } from './language-data.js';

/** One piece of a rule's left side. */
type Part =
  | { readonly kind: 'word'; readonly key: string }
  /** A stretch of words, one number or year, or one name of the data. */
  | { readonly kind: 'stretch' | 'number' | 'year' | 'name'; readonly slot: string }
  /** The word before is a name; takes no word itself. */
  | { readonly kind: 'behindName' };

export interface Rule {
  readonly parts: readonly Part[];
  /** English with `<1>`, `<#1>`, `<Y1>`, `<N1>` for what was found in the places. */
  readonly target: string;
  /** Stands behind a comma, and takes it away. */
  readonly takesComma: boolean;
  /** Does not hold where its first word is a name of the data. */
  readonly yields: boolean;
  /** How many words it names. */
  readonly words: number;
  /** The rule that names most words is taken, then the one of most places. */
  readonly rank: number;
}

export interface Compound {
  readonly starts: string;
  readonly ends: string;
  readonly target: string;
}

/** A language made ready to read questions. */
export interface Grammar {
  readonly data: LanguageData;
  /** By the key of the first word; those that begin with a place are under ''. */
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  readonly nouns: ReadonlyMap<string, readonly string[]>;
  /** The nouns as they are written. */
  readonly nounWords: ReadonlySet<string>;
  /** Words of what they mean: English. */
  readonly meaningWords: ReadonlySet<string>;
  readonly numbers: ReadonlyMap<string, string>;
  readonly compounds: readonly Compound[];
  readonly endings: readonly string[];
  /** Every word of the grammar, `~` behind those that take endings. */
  readonly vocabulary: ReadonlySet<string>;
  /** Those that are grammar by themselves. */
  readonly small: ReadonlySet<string>;
}

/** Without accents and capitals, ß as ss: what words are compared by. */
export const keyOf = (word: string): string => fold(word).replaceAll('ß', 'ss').replaceAll("'", '');

/** Keys under which a word may stand: itself, and its beginnings whose rest is an ending. */
export function keysOf(word: string, endings: readonly string[]): readonly string[] {
  const open = endings.filter((ending) => word.length > ending.length + 1 && word.endsWith(ending));
  return [word, `${word}~`, ...open.map((ending) => `${word.slice(0, word.length - ending.length)}~`)];
}

/** Shortest that is left of a word. */
const LEAST = 3;

/** A word without its endings: the same for all its forms, and no word itself. */
export function rootOf(word: string, endings: readonly string[]): string {
  for (;;) {
    const ending = endings.find((one) => word.length - one.length >= LEAST && word.endsWith(one));
    if (ending === undefined) return word;
    word = word.slice(0, word.length - ending.length);
  }
}

const lines = (text: string): [left: string, right: string][] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .map((line) => {
      const at = line.indexOf(' =');
      if (at === -1) throw new Error(`no " =" in the line "${line}"`);
      return [line.slice(0, at).trim(), line.slice(at + 2).trim()];
    });

/** `(zeig|zeige) mir` → `zeig mir`, `zeige mir`. */
function spread(text: string): string[] {
  const found = /\(([^()]*)\)/.exec(text);
  if (found === null) return [text.replaceAll(/\s+/g, ' ').trim()];
  const [whole, inner = ''] = found;
  return inner
    .split('|')
    .flatMap((one) => spread(text.slice(0, found.index) + one + text.slice(found.index + whole.length)));
}

const PLACES: Readonly<Record<string, 'number' | 'year' | 'name'>> = { '#': 'number', Y: 'year', N: 'name' };

function partOf(word: string): Part {
  const slot = /^<([#YN]?)\d>$/.exec(word);
  if (slot !== null) return { kind: PLACES[slot[1] ?? ''] ?? 'stretch', slot: word };
  if (word === '@') return { kind: 'behindName' };
  return { kind: 'word', key: word.endsWith('~') ? `${keyOf(word.slice(0, -1))}~` : keyOf(word) };
}

function rulesOf(phrases: readonly string[]): Rule[] {
  return phrases.flatMap(lines).flatMap(([left, target]) =>
    spread(left.includes('(') ? left : `(${left})`).map((written) => {
      const takesComma = written.startsWith(',');
      const yields = written.startsWith('?');
      const parts = written
        .replace(/^[,?]\s*/, '')
        .split(' ')
        .map(partOf);
      const words = parts.filter(({ kind }) => kind === 'word').length;
      return { parts, target, takesComma, yields, words, rank: 10 * words + parts.length + (takesComma ? 5 : 0) };
    }),
  );
}

/** Makes a language ready. Throws on a line that cannot be read. */
export function grammarOf(data: LanguageData): Grammar {
  const rules = new Map<string, Rule[]>();
  const vocabulary = new Set<string>();
  const small = new Set<string>();
  for (const rule of rulesOf(data.phrases)) {
    const first = rule.parts.find(({ kind }) => kind !== 'behindName');
    const key = first?.kind === 'word' ? first.key : '';
    rules.set(key, [...(rules.get(key) ?? []), rule]);
    if (rule.parts.length === 1 && first?.kind === 'word') small.add(first.key);
    for (const part of rule.parts) if (part.kind === 'word') vocabulary.add(part.key);
  }
  const nouns = new Map<string, readonly string[]>();
  const nounWords = new Set<string>();
  const meaningWords = new Set<string>();
  const endings = data.endings.split(' ').sort((left, right) => right.length - left.length);
  for (const [left, right] of lines(data.nouns)) {
    const meanings = right.split(',').map((meaning) => meaning.trim());
    for (const word of meanings.flatMap((meaning) => meaning.split(' '))) meaningWords.add(keyOf(word));
    for (const noun of left.split('|')) {
      nounWords.add(keyOf(noun.trim()));
      const root = keyOf(noun.trim())
        .split(' ')
        .map((word) => rootOf(word, endings))
        .join(' ');
      nouns.set(root, [...(nouns.get(root) ?? []), ...meanings]);
    }
  }
  const numbers = data.numbers
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split('='));
  return {
    data,
    rules,
    nouns,
    nounWords,
    meaningWords,
    endings,
    vocabulary,
    small,
    numbers: new Map(numbers.map(([word = '', english = '']) => [keyOf(word), english])),
    compounds: lines(data.compounds).map(([left, target]) => {
      const [starts = '', ends = ''] = left.split('*');
      return { starts: keyOf(starts), ends: keyOf(ends), target };
    }),
  };
}
