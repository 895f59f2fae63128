import type { DatasetProfile } from '../../../../datasets/profile.js';
import { isFunctionWord } from '../language.js';
import { type Lexicon, lexiconOf, phraseKey } from '../lexicon.js';
import { stemOf, wordsOf } from '../tokens.js';
import { regionsIn } from './countries.js';
import { type Grammar, keyOf, rootOf } from './grammar.js';
import type { Written } from './written.js';

/** A stretch of the question that names a column, a value or the rows. */
export interface Named {
  /** Index of the word behind it. */
  readonly to: number;
  /** The name as the data has it, or its English one. */
  readonly text: string;
  /** Written just as the data has it; else in another form, or translated. */
  readonly exact: boolean;
}

const LONGEST = 6;
/** `weight_kg`: what may be a unit. */
const LONGEST_UNIT = 3;
/** Values of a column that are known by other forms, too; most frequent first. */
const MOST_VALUES = 2_000;

/** The names of one data set, by what they are compared by. */
interface Known {
  /** Words without accents → the name as the data has it. */
  readonly exact: ReadonlyMap<string, string>;
  /** The same by their roots. */
  readonly byRoot: ReadonlyMap<string, string>;
}

const known = new WeakMap<DatasetProfile, Map<Grammar, Known>>();

/** Compiled once for a profile and a language. */
function knownOf(profile: DatasetProfile, grammar: Grammar): Known {
  const byGrammar = known.get(profile) ?? new Map<Grammar, Known>();
  known.set(profile, byGrammar);
  let found = byGrammar.get(grammar);
  if (found === undefined) {
    found = compile(profile, grammar);
    byGrammar.set(grammar, found);
  }
  return found;
}

function compile({ columns, title }: DatasetProfile, grammar: Grammar): Known {
  const exact = new Map<string, string>();
  const byRoot = new Map<string, string>();
  const add = (name: string): void => {
    const words = wordsOf(name).map(keyOf);
    if (words.length === 0 || words.length > LONGEST || isYesNo(words, grammar)) return;
    const key = words.join(' ');
    if (!exact.has(key)) exact.set(key, name);
    const root = rootsOf(words, grammar);
    if (root.length > 2 && !byRoot.has(root)) byRoot.set(root, name);
  };
  for (const { name, label, synonyms } of columns) {
    for (const said of [name, label, bare(name), ...synonyms]) add(wordsOf(said).join(' '));
    const [last = '', ...before] = wordsOf(name).toReversed();
    if (last.length <= LONGEST_UNIT) add(before.toReversed().join(' '));
  }
  for (const { values } of columns) for (const value of (values ?? []).slice(0, MOST_VALUES)) add(value);
  add(title);
  for (const word of wordsOf(title)) if (word.length > LONGEST_UNIT) add(word);
  return { exact, byRoot };
}

/** "No" answers more often than it names. */
const isYesNo = (words: readonly string[], { data }: Grammar): boolean =>
  words.length === 1 && data.yesNo.some((word) => keyOf(word) === words[0]);

const rootsOf = (words: readonly string[], { endings }: Grammar): string =>
  words.map((word) => rootOf(word, endings)).join(' ');

/** The names of some data sets in the forms of a language. */
export class Names {
  private readonly known: readonly Known[];
  private readonly lexicons: readonly Lexicon[];

  constructor(
    private readonly grammar: Grammar,
    profiles: readonly DatasetProfile[],
  ) {
    this.known = profiles.map((profile) => knownOf(profile, grammar));
    this.lexicons = profiles.map(lexiconOf);
  }

  /** The longest name that begins here; null: none does. */
  at(words: readonly Written[], from: number, to: number): Named | null {
    for (let end = Math.min(to, from + LONGEST); end > from; end -= 1) {
      const part = words.slice(from, end);
      if (part.some(({ kind }, at) => kind === 'quoted' || (at > 0 && /[?!;:]/.test(part[at]?.before ?? '')))) continue;
      const said = part.flatMap(({ text }) => wordsOf(text));
      const found = this.of(said.map(keyOf));
      if (found === null) continue;
      const asWritten = found.exact && wordsOf(found.text).join(' ') === said.join(' ');
      return { to: end, text: asWritten ? textOf(part) : found.text, exact: found.exact };
    }
    return null;
  }

  /** What these words name, in whatever form. */
  of(words: readonly string[]): Omit<Named, 'to'> | null {
    const key = words.join(' ');
    if (key === '' || /^\d+$/.test(key) || isYesNo(words, this.grammar)) return null;
    const name = this.find('exact', key);
    if (name !== undefined) return { text: name, exact: true };
    // Only as the data has it is a word of grammar a name: "war" is no "Ware".
    if (words.length === 1 && this.grammar.small.has(key)) return null;
    const root = rootsOf(words, this.grammar);
    const own = this.find('byRoot', root);
    if (own !== undefined && !this.grammar.numbers.has(key)) return { text: own, exact: false };
    const edges = [words[0] ?? '', words.at(-1) ?? ''];
    const isSmall = (word: string): boolean => this.grammar.small.has(word) || isFunctionWord(word, 'en');
    if (!edges.some(isSmall) && this.has(words)) return { text: key, exact: true };
    const meanings = [...(this.grammar.nouns.get(root) ?? []), ...(regionsIn(this.grammar.data.code).get(key) ?? [])];
    const known = meanings.find((meaning) => this.has(wordsOf(meaning)));
    const meaning = known ?? this.grammar.nouns.get(root)?.[0];
    return meaning === undefined ? null : { text: meaning, exact: false };
  }

  /** `Durchschnittsumsatz` → `average Umsatz`, where there is an `Umsatz`; null: no such word. */
  compound({ kind, key }: Written): string | null {
    if (kind !== 'word') return null;
    for (const { starts, ends, target } of this.grammar.compounds) {
      if (!key.startsWith(starts) || !key.endsWith(ends) || key.length < starts.length + ends.length + 3) continue;
      const rest = key.slice(starts.length, key.length - ends.length);
      for (const part of [rest, rest.replace(/s$/, ''), rest.replace(/e?n$/, '')]) {
        const name = part === '' ? null : this.of([part]);
        if (name !== null) return target.replace('*', name.text);
      }
    }
    return null;
  }

  private find(by: keyof Known, key: string): string | undefined {
    for (const one of this.known) {
      const name = one[by].get(key);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  /** Whether the data has these words as they are. */
  private has(words: readonly string[]): boolean {
    const spoken = words.join(' ');
    return this.lexicons.some(
      ({ phrases, values, subject }) =>
        phrases.has(phraseKey(words)) || values.has(spoken) || words.every((word) => subject.has(stemOf(word))),
    );
  }
}

const textOf = (words: readonly Written[]): string =>
  words.map(({ text, before }, at) => (at === 0 ? text : before + text)).join('');

/** `Weight (kg)` → `Weight`. */
const bare = (name: string): string => name.replaceAll(/\([^)]*\)|\[[^\]]*\]/g, ' ');
