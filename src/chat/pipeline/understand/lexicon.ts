import type { Scalar } from '../../../common/scalar.js';
import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import { isTransactional } from './transactions.js';
import { namesByOrigin, nameOfRelated, relatedSubject } from './related-names.js';
import { ABBREVIATIONS, CODES, SYNONYMS } from './english-lexicon.js';
import { STOP_WORDS } from './english.js';
import { YES_NO } from './languages/languages.js';
import { fold, stemOf, wordsOf } from './tokens.js';

/** A column that a phrase may mean. */
export interface ColumnHit {
  readonly column: ColumnProfile;
  /** 1 = its own name; lower for synonyms and for a part of its name. */
  readonly score: number;
}

/** A cell value that a phrase may mean. */
export interface ValueHit {
  readonly column: ColumnProfile;
  readonly value: Scalar;
  readonly score: number;
}

/** What the words of one data set can mean. Compiled once for a profile. */
export interface Lexicon {
  readonly profile: DatasetProfile;
  readonly columns: ReadonlyMap<string, ColumnProfile>;
  /** Key of stems (see `phraseKey`) → columns, best first. */
  readonly phrases: ReadonlyMap<string, readonly ColumnHit[]>;
  /** Lower-case words of the value, joined by spaces → values. */
  readonly values: ReadonlyMap<string, readonly ValueHit[]>;
  /** Stem of one word → the values that hold it (several words only). */
  readonly valueWords: ReadonlyMap<string, readonly ValueHit[]>;
  /** Every word that occurs, for correcting misspellings: word → its stem. */
  readonly vocabulary: ReadonlyMap<string, string>;
  /** Stems of the words that name what a row is: "students". */
  readonly subject: ReadonlySet<string>;
  /** The same of related data sets. */
  readonly relatedSubject: ReadonlySet<string>;
  /** The column(s) that name a row for people; empty when none does. */
  readonly labels: readonly ColumnProfile[];
  readonly temporal: ColumnProfile | null;
  /** Rows are transactions that only a number or code tells apart: what is asked of them is asked of groups of them. */
  readonly isTransactional: boolean;
}

/** Longest phrase looked up, in words. */
export const LONGEST_PHRASE = 6;
/** Values of more words than this are found by their words only. */
const LONGEST_VALUE = 12;
/** A word held by more values than this tells nothing. */
const WORD_VALUES = 40;

const GLUE = new Set(['of', 'the', 'in', 'a', 'an', 'for', 'to', 'is', 'on', 'at', 'by', 'per']);

/** Stems in alphabetical order without glue words: "date of birth" and "birth date" meet. */
export function phraseKey(words: readonly string[]): string {
  const kept = words.filter((word) => !GLUE.has(word)).map(stemOf);
  return (kept.length === 0 ? words.map(stemOf) : kept).sort().join(' ');
}

/** Years kept as plain numbers: told by the name and the range. */
export function isYearColumn(column: ColumnProfile): boolean {
  if (column.role === 'temporal') return column.type === 'integer';
  if (column.type !== 'integer' && column.type !== 'number') return false;
  const named = wordsOf(column.name).some((word) => word === 'year' || word === 'years' || word === 'yr');
  return named && Number(column.min) >= 1000 && Number(column.max) <= 2200 && column.min !== null;
}

const compiled = new WeakMap<DatasetProfile, Lexicon>();

export function lexiconOf(profile: DatasetProfile): Lexicon {
  let lexicon = compiled.get(profile);
  if (!lexicon) {
    lexicon = compile(profile);
    compiled.set(profile, lexicon);
  }
  return lexicon;
}

const synonymsOf = new Map<string, readonly string[]>();
for (const group of SYNONYMS) {
  const [head, ...rest] = group;
  if (head !== undefined)
    synonymsOf.set(phraseKey(wordsOf(head)), [...(synonymsOf.get(phraseKey(wordsOf(head))) ?? []), ...rest]);
}

/** Key of a value by its words' stems; kept apart from the words themselves. */
export const stemKey = (words: readonly string[]): string => `~${words.map(stemOf).join(' ')}`;

/** `Kundennr` numbers "Kunden", each of them a "Kunde". */
function numberedIn(words: readonly string[]): readonly string[] {
  const [, thing] = words.length === 1 ? (/^(\p{L}{4,}?)(?:nr|nummer)$/u.exec(words[0] ?? '') ?? []) : [];
  if (thing === undefined) return [];
  return thing.endsWith('n') || thing.endsWith('s') ? [thing, thing.slice(0, -1)] : [thing];
}

/** Everything people may call a column, with how sure it would be. */
function namesOf(
  column: ColumnProfile,
  subject: ReadonlySet<string>,
): readonly (readonly [readonly string[], number])[] {
  const names: [readonly string[], number][] = [];
  const add = (words: readonly string[], score: number): void => {
    if (words.length > 0) names.push([words, score]);
  };
  const own = wordsOf(column.name);
  add(own, 1);
  add(wordsOf(column.label), 1);
  for (const synonym of column.synonyms) add(wordsOf(synonym), 0.97);
  const bare = wordsOf(column.name.replace(/\([^)]*\)/g, ' ').replace(/\[[^\]]*\]/g, ' '));
  if (bare.length > 0 && bare.length < own.length) add(bare, 0.98);
  const words = bare.length > 0 ? bare : own;
  for (const thing of numberedIn(words)) add([thing], 0.85);
  const content = words.filter((word) => !GLUE.has(word) && (word.length > 1 || words.length === 1));
  if (content.length < words.length) add(content, 0.95);
  const withoutSubject = content.filter((word) => !subject.has(stemOf(word)));
  if (withoutSubject.length > 0 && withoutSubject.length < content.length)
    add(withoutSubject, withoutSubject.length === 1 && withoutSubject[0] === 'id' ? 0.9 : 0.93);
  const expanded = content.flatMap((word) => ABBREVIATIONS.get(word)?.[0]?.split(' ') ?? [word]);
  for (const [index, word] of content.entries()) {
    for (const meaning of ABBREVIATIONS.get(word) ?? []) {
      add([...content.slice(0, index), ...meaning.split(' '), ...content.slice(index + 1)], 0.95);
    }
  }
  if (expanded.length > content.length) add(expanded, 0.95);
  for (const source of [words, content, withoutSubject, expanded]) {
    if (source.length === 0) continue;
    for (const synonym of synonymsOf.get(phraseKey(source)) ?? []) add(synonym.split(' '), 0.8);
  }
  if (content.length > 1) {
    add([content.join('')], 0.97);
    // One word of the name replaced: `job_title` ← "profession title".
    for (const [index, word] of content.entries()) {
      for (const synonym of synonymsOf.get(stemOf(word)) ?? []) {
        add([...content.slice(0, index), ...synonym.split(' '), ...content.slice(index + 1)], 0.78);
      }
    }
    for (const word of content) {
      if (!subject.has(stemOf(word)))
        for (const synonym of synonymsOf.get(stemOf(word)) ?? []) add(synonym.split(' '), 0.5);
    }
  }
  for (const source of [
    content,
    ...(expanded.length > content.length || expanded.join() !== content.join() ? [expanded] : []),
  ]) {
    for (const [part, score] of partsOf(source, subject)) add(part, score);
  }
  return names;
}

/** Parts of a name; its head (the last word) says more than the others. Words that only name the rows say nothing. */
function partsOf(
  content: readonly string[],
  subject: ReadonlySet<string>,
): readonly (readonly [readonly string[], number])[] {
  const parts: [readonly string[], number][] = [];
  const total = content.length;
  for (let from = 0; from < total; from += 1) {
    for (let to = from + 1; to <= total; to += 1) {
      const size = to - from;
      const part = content.slice(from, to);
      if (size === total || part.every((word) => subject.has(stemOf(word)))) continue;
      if (size === 1 && (STOP_WORDS.has(part[0] ?? '') || (part[0]?.length ?? 0) < 2)) continue;
      parts.push([part, 0.45 + 0.35 * (size / total) + (to === total ? 0.05 : 0) + (from === 0 ? 0.03 : 0)]);
    }
  }
  return parts;
}

function compile(profile: DatasetProfile): Lexicon {
  const subject = subjectOf(profile);
  const phrases = new Map<string, ColumnHit[]>();
  const vocabulary = new Map<string, string>();
  const { values, valueWords } = compileValues(profile, vocabulary);
  const columns = [...profile.columns, ...(profile.related ?? [])];
  for (const column of columns) {
    for (const [words, score] of namesByOrigin(column, profile, namesOf(nameOfRelated(column), subject))) {
      // "economy" may be another word for a country; where it is a sector, the sector is meant.
      const elsewhere = (values.get(words.join(' ')) ?? []).some((hit) => hit.column !== column && hit.score === 1);
      if (elsewhere && score < 0.98 && column.role !== 'measure') continue;
      const key = phraseKey(words);
      const hits = phrases.get(key) ?? [];
      const known = hits.findIndex((hit) => hit.column === column);
      if (known === -1) hits.push({ column, score });
      else if ((hits[known]?.score ?? 0) < score) hits[known] = { column, score };
      phrases.set(key, hits);
      if (score >= 0.9) for (const word of words) if (word.length > 3) vocabulary.set(word, stemOf(word));
    }
  }
  for (const hits of phrases.values()) hits.sort((left, right) => right.score - left.score);
  const labels = labelsOf(profile, subject);
  return {
    profile,
    columns: new Map(columns.map((column) => [column.name, column])),
    phrases,
    values,
    valueWords,
    vocabulary,
    subject,
    relatedSubject: relatedSubject(profile),
    labels,
    temporal: temporalOf(profile),
    isTransactional: isTransactional(profile, labels),
  };
}

function compileValues(
  profile: DatasetProfile,
  vocabulary: Map<string, string>,
): { values: Map<string, ValueHit[]>; valueWords: Map<string, ValueHit[]> } {
  const values = new Map<string, ValueHit[]>();
  const valueWords = new Map<string, ValueHit[]>();
  const add = (map: Map<string, ValueHit[]>, key: string, hit: ValueHit): void => {
    if (key === '') return;
    const hits = map.get(key);
    if (!hits) map.set(key, [hit]);
    else if (!hits.some((known) => known.column === hit.column && known.value === hit.value)) hits.push(hit);
  };
  for (const column of [...profile.columns, ...(profile.related ?? [])]) {
    const said = nameOfRelated(column).name;
    if (column.type === 'boolean') {
      const words = wordsOf(said).filter((word) => !['is', 'has', 'was', 'are'].includes(word));
      add(values, words.join(' '), { column, value: true, score: 0.95 });
      for (const code of CODES.get(words.join(' ')) ?? []) add(values, code, { column, value: true, score: 0.9 });
      const other = OPPOSITES.get(words.join(' '));
      if (other !== undefined) {
        for (const word of [other, ...(CODES.get(other) ?? [])])
          add(values, word, { column, value: false, score: 0.9 });
      }
      continue;
    }
    const yes = yesOf(column);
    if (yes !== null) {
      add(values, wordsOf(said).join(' '), { column, value: yes, score: 0.95 });
      add(values, stemKey(wordsOf(said)), { column, value: yes, score: 0.9 });
    }
    for (const value of column.values ?? []) {
      const words = wordsOf(value);
      if (words.length === 0) continue;
      for (const word of words) if (word.length > 3) vocabulary.set(word, stemOf(word));
      if (words.length <= LONGEST_VALUE) {
        const key = words.join(' ');
        add(values, key, { column, value, score: 1 });
        if (words.some((word) => word.length > 3)) add(values, stemKey(words), { column, value, score: 0.9 });
        for (const code of CODES.get(key) ?? []) add(values, code, { column, value, score: 0.9 });
        const bare = wordsOf(value.replace(/\([^)]*\)/g, ' '));
        if (bare.length > 0 && bare.length < words.length) add(values, bare.join(' '), { column, value, score: 0.9 });
      }
      if (words.length > 1) {
        for (const word of new Set(words)) {
          if (STOP_WORDS.has(word) || word.length < 3) continue;
          const hits = valueWords.get(stemOf(word)) ?? [];
          if (hits.length <= WORD_VALUES) add(valueWords, stemOf(word), { column, value, score: 1 / words.length });
        }
      }
    }
  }
  return { values, valueWords };
}

/** The cell that says yes in a column of yes and no; null for other columns. */
export function yesOf(column: ColumnProfile): string | null {
  const said = (column.values ?? []).map(fold);
  const pair = said.length === 2 ? YES_NO.find(([yes, no]) => said.includes(yes) && said.includes(no)) : undefined;
  return column.values?.find((value) => fold(value) === pair?.[0]) ?? null;
}

const OPPOSITES = new Map([
  ['male', 'female'],
  ['female', 'male'],
]);

function subjectOf(profile: DatasetProfile): ReadonlySet<string> {
  const words = [...wordsOf(profile.title), ...wordsOf(profile.name)];
  const stems = words.filter((word) => !STOP_WORDS.has(word) && /\p{L}/u.test(word)).map(stemOf);
  return new Set([
    ...stems,
    ...stems.flatMap((stem) => (synonymsOf.get(stem) ?? []).filter((synonym) => !synonym.includes(' ')).map(stemOf)),
  ]);
}

/** Text columns that name a row: "name" first, else the first that tells almost every row apart. */
function labelsOf(profile: DatasetProfile, subject: ReadonlySet<string>): readonly ColumnProfile[] {
  const text = profile.columns.filter((column) => column.type === 'text');
  // Measured again and again over time: no column has to name a row.
  const observed =
    profile.columns.some((column) => column.role === 'temporal') &&
    profile.columns.some((column) => column.role === 'measure');
  const words = new Map(text.map((column) => [column, wordsOf(column.name)]));
  const named = (test: (words: readonly string[]) => boolean): ColumnProfile | undefined =>
    text.find((column) => test(words.get(column) ?? []));
  const own = named((parts) => parts.length === 1 && (parts[0] === 'name' || parts[0] === 'title'));
  if (own) return [own];
  const subjectName = named(
    (parts) => parts.at(-1) === 'name' && parts.slice(0, -1).some((part) => subject.has(stemOf(part))),
  );
  if (subjectName) return [subjectName];
  const first = named((parts) => ['first name', 'fname'].includes(parts.join(' ')));
  const last = named((parts) => ['last name', 'lname', 'surname', 'family name'].includes(parts.join(' ')));
  if (first && last) return [first, last];
  const oneWord = named(
    (parts) =>
      parts.length <= 2 &&
      parts.at(-1) === 'name' &&
      !['middle', 'first', 'last', 'user', 'login'].includes(parts[0] ?? ''),
  );
  if (oneWord) return [oneWord];
  const subjectColumn = named((parts) => parts.length === 1 && subject.has(stemOf(parts[0] ?? '')));
  if (subjectColumn && !(observed && subjectColumn.distinct < 0.5 * profile.rowCount)) return [subjectColumn];
  const telling = text.find(
    (column) => column.distinct >= 0.8 * (profile.rowCount - column.nulls) && column.nulls < profile.rowCount / 2,
  );
  if (telling) return [telling];
  const identifier = profile.columns.find(
    (column) => column.role === 'identifier' && column.distinct >= profile.rowCount,
  );
  const dated = profile.columns.find(
    (column) => column.role === 'temporal' && column.distinct >= 0.95 * profile.rowCount,
  );
  const telltale = observed ? text.toSorted((left, right) => right.distinct - left.distinct)[0] : undefined;
  const fallback =
    (observed ? (identifier ?? dated ?? telltale) : undefined) ??
    profile.columns.find((column) => column.role === 'identifier') ??
    text[0] ??
    profile.columns[0];
  return fallback ? [fallback] : [];
}

function temporalOf(profile: DatasetProfile): ColumnProfile | null {
  const temporal = profile.columns.filter((column) => column.role === 'temporal' || isYearColumn(column));
  return (
    temporal.find((column) =>
      wordsOf(column.name).some((word) => ['year', 'date', 'month', 'day', 'time'].includes(word)),
    ) ??
    temporal[0] ??
    null
  );
}
