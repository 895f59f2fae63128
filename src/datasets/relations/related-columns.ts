import { wordsOf } from '../csv/words.js';
import type { ColumnProfile, DatasetProfile, JoinedDataset } from '../profile.js';
import { singular } from './singular.js';

/** Labels that say what they name only beside what they stand in. */
const GENERIC = /^(?:ids?|name|title|code|key|number|no|type|status|description|date)$/i;
/** A title of more words than this is no name of one row. */
const MOST_TITLE_WORDS = 2;

/** A related data set's columns as the data set that is asked has them: none of them tells its rows apart, and some rows have none. */
export function relatedColumns(
  profile: Pick<DatasetProfile, 'columns' | 'rowCount'>,
  joined: readonly JoinedDataset[],
): ColumnProfile[] {
  // A measure that is worked out speaks of columns of its own data set by their names there.
  const all = joined.flatMap((join) =>
    join.profile.columns.filter(({ computed }) => computed === undefined).map((column) => ({ join, column })),
  );
  const labels = [...profile.columns, ...all.map(({ column }) => column)].map(({ label }) => label.toLowerCase());
  return all.map(({ join, column }) => {
    const { label, distinct, nulls } = column;
    const isOne = joined.filter((other) => other.profile.id === join.profile.id).length === 1;
    const role = isOne ? undefined : profile.columns.find(({ name }) => name === join.left);
    const isClear = !GENERIC.test(label) && labels.filter((other) => other === label.toLowerCase()).length === 1;
    return {
      ...column,
      name: `${join.name}.${column.name}`,
      label:
        role !== undefined
          ? `${label} (${role.label.toLowerCase()})`
          : isClear
            ? label
            : labelWithin(join.profile, column),
      parent: typeof column.parent === 'string' ? `${join.name}.${column.parent}` : null,
      distinct: Math.min(distinct, profile.rowCount),
      nulls: Math.min(profile.rowCount, nulls + join.without),
      origin: { join: join.name, title: join.profile.title, column: column.name, label },
    };
  });
}

/** `Customer` for the name of customers, `Customer id`; `Id (Customer master data)`. */
function labelWithin(profile: DatasetProfile, column: ColumnProfile): string {
  const words = profile.title.split(/\s+/);
  if (words.length > MOST_TITLE_WORDS) return `${column.label} (${profile.title})`;
  const one = [...words.slice(0, -1), singular(words.at(-1) ?? '')].join(' ');
  if (nameOfRows(profile) === column) return one;
  return `${one} ${/^\p{Lu}\p{Ll}/u.test(column.label) ? column.label.charAt(0).toLowerCase() + column.label.slice(1) : column.label}`;
}

/** The column of text that is called a name, when no two rows have the same; null when there is none. */
export function nameOfRows({ columns, rowCount }: DatasetProfile): ColumnProfile | null {
  const name = columns.find(
    ({ name: called, type }) => type === 'text' && /^(?:name|title)$/.test(wordsOf(called).at(-1) ?? ''),
  );
  return name !== undefined && name.distinct >= rowCount - name.nulls ? name : null;
}
