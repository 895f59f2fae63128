import { wordsOf } from '../csv/words.js';
import type { ColumnProfile, DatasetProfile } from '../profile.js';
import { singular } from './singular.js';

/** A pair of columns that may belong together, by what profiles say; the rows have the last word. */
export interface Candidate {
  readonly left: ColumnProfile;
  readonly right: ColumnProfile;
  /** 0–1: how much the names say for it. */
  readonly names: number;
}

/** Words of a name that say that it names something, and not what. */
const KEY_WORDS = new Set('id ids identifier code key no nr number num name title uuid guid ref fk pk'.split(' '));
/** Where fewer different values are the same in both, that is chance as often as not. */
const FEWEST_ALIKE = 3;
/** Values that both profiles list: this part of the left ones must be there on the right when the names say nothing. */
const MOSTLY = 0.8;
const NAMES_SAY_SO = 0.5;
/** Nearly all numbers from 1 on are in any column that counts: there the names must say it clearly. */
const NAMES_SAY_IT_CLEARLY = 0.8;
/** Listed values of a column that are looked for among those of another, for each pair of columns. */
const MOST_LOOKED_AT = 200;
/** Counts of different values above this are estimates. */
const EXACT = 5_000;

/** Columns of `from` that may name rows of `to`, with the column of `to` that they would name them by; the likeliest first. */
export function candidates(from: DatasetProfile, to: DatasetProfile): Candidate[] {
  const subject = new Set([...wordsOf(to.name).map(singular), ...wordsOf(to.title).map(singular)]);
  const keys = to.columns.filter((column) => column.computed === undefined && isKey(column, to.rowCount));
  return from.columns
    .filter(names)
    .flatMap((left) => {
      const found = keys
        .filter(({ type }) => type === left.type)
        .map((right): Candidate => ({ left, right, names: likeness(left.name, right.name, subject) }))
        .filter((each) => isPlausible(each));
      const [best] = found.toSorted((a, b) => b.names - a.names || valuesIn(b) - valuesIn(a));
      return best === undefined ? [] : [best];
    })
    .toSorted((a, b) => b.names - a.names);
}

/** One that tells its rows apart, or nearly: whether it does is counted in the rows. */
function isKey({ type, role, distinct, nulls }: ColumnProfile, rowCount: number): boolean {
  const filled = rowCount - nulls;
  if ((type !== 'text' && type !== 'integer') || role === 'temporal' || distinct < 2 || filled < rowCount / 2)
    return false;
  return distinct >= (distinct > EXACT ? 0.9 : 0.98) * filled;
}

const names = ({ type, role, distinct, computed }: ColumnProfile): boolean =>
  computed === undefined && (type === 'text' || type === 'integer') && role !== 'temporal' && distinct >= 2;

function isPlausible(candidate: Candidate): boolean {
  const { left, right, names } = candidate;
  if (left.type === 'integer') {
    const overlap = Number(left.min) <= Number(right.max) && Number(right.min) <= Number(left.max);
    return names >= NAMES_SAY_IT_CLEARLY && overlap;
  }
  const alike = valuesIn(candidate);
  if (left.values !== null && right.values !== null && alike === 0) return false;
  return names >= NAMES_SAY_SO || (alike >= MOSTLY && left.distinct >= FEWEST_ALIKE);
}

/** The part of the left values that are among the right ones, by the most frequent, where both are listed; else 0. */
function valuesIn({ left, right }: Candidate): number {
  if (left.values === null || right.values === null || left.values.length === 0) return 0;
  const known = listed.get(right) ?? new Set(right.values);
  listed.set(right, known);
  const some = left.values.slice(0, MOST_LOOKED_AT);
  return some.filter((value) => known.has(value)).length / some.length;
}

const listed = new WeakMap<ColumnProfile, ReadonlySet<string>>();

/**
 * How likely a column called `left` names rows of a table about `subject` by its column `right`, 0–1: `customer_id` and `id` of
 * customers, `country` and `country`, `customer` and `name` of customers.
 */
export function likeness(left: string, right: string, subject: ReadonlySet<string>): number {
  const [l, r] = [parts(left), parts(right)];
  if (l.about.length === 0) return r.about.length === 0 && left.toLowerCase() === right.toLowerCase() ? 0.3 : 0;
  const sameKind = l.kind === r.kind || l.kind === '' || r.kind === '';
  if (l.about.join(' ') === r.about.join(' ')) return sameKind ? 1 : 0.7;
  const about = l.about.filter((word) => subject.has(word)).length / l.about.length;
  // `billing_country` is a country, in a role.
  const inRole = l.about.length > 1 && subject.has(l.about.at(-1) ?? '') ? 0.9 : about;
  const ofSubject = r.about.every((word) => subject.has(word));
  if (ofSubject && inRole > 0) return inRole * (sameKind ? 1 : 0.7);
  const shared = l.about.filter((word) => r.about.includes(word)).length;
  return (0.7 * shared) / new Set([...l.about, ...r.about]).size;
}

function parts(name: string): { readonly about: readonly string[]; readonly kind: string } {
  const words = wordsOf(name).map(singular);
  const kind = words.findLast((word) => KEY_WORDS.has(word)) ?? '';
  return { about: words.filter((word) => !KEY_WORDS.has(word)), kind: KINDS[kind] ?? kind };
}

const KINDS: Readonly<Record<string, string>> = {
  ids: 'id',
  identifier: 'id',
  key: 'id',
  fk: 'id',
  pk: 'id',
  title: 'name',
};
