import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import { nameOfRows } from '../../../datasets/relations/related-columns.js';
import { stemOf, wordsOf } from './tokens.js';

type Names = readonly (readonly [words: readonly string[], score: number])[];

/** What the rows of related data sets are called: stems. */
export const relatedSubject = (profile: DatasetProfile): ReadonlySet<string> =>
  new Set(
    (profile.joined ?? [])
      .map((join) => wordsOf(join.profile.title))
      .flatMap((words) => (words.length === 1 ? words.map(stemOf) : [])),
  );

/** A data set's own column of the same name comes first. */
const RELATED = 0.02;
/** "By customer": its name, and not the number that stands for it. */
const BY_NAME = 0.92;

/** A related column as it is called where it comes from. */
export const nameOfRelated = (column: ColumnProfile): ColumnProfile =>
  column.origin === undefined ? column : { ...column, name: column.origin.column, label: column.origin.label };

/** Of a related column also: with what it is related by before it ("customer segment"), and that alone for what names its rows. */
export function namesByOrigin(column: ColumnProfile, profile: DatasetProfile, names: Names): Names {
  const { origin } = column;
  const join = profile.joined?.find(({ name }) => name === origin?.join);
  if (origin === undefined || join === undefined) return names;
  const own = [wordsOf(origin.column), wordsOf(origin.label), ...column.synonyms.map(wordsOf)];
  // Where several columns lead there, what it is related by tells which one is meant.
  const before = [wordsOf(origin.join.split('.').at(-1) ?? ''), wordsOf(origin.title)].filter(
    ({ length }) => length > 0,
  );
  const named = before.flatMap((words) => own.map((each) => [[...words, ...each], 1] as const));
  const alone =
    nameOfRows(join.profile)?.name === origin.column ? before.map((words) => [words, BY_NAME] as const) : [];
  return [...names.map(([words, score]) => [words, score - RELATED] as const), ...named, ...alone];
}
