import type { ColumnProfile, DatasetProfile } from '../../../datasets/profile.js';
import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import { joinsIn } from '../../../datasets/query/joins.js';
import { ROWS } from '../retrieve/partners.js';
import type { Finding } from '../turn.js';
import { columnWords, filterPhrase } from '../words/expressions.js';
import { counted, listed, lowerFirst, upperFirst } from '../words/language.js';
import { formatNumber, WHOLE } from '../words/numbers.js';
import { finding, rowsOf, type Subject } from './finding.js';

/** Rows that have no partner in a related data set: they are in no group of it, and pass no condition on it. */
export function partnerFindings(subject: Subject): Finding[] {
  const { set, profile } = subject;
  const [row] = set.rows;
  const rows = row?.[set.columns.findIndex(({ name }) => name === ROWS)];
  if (typeof rows !== 'number') return [];
  return set.columns.flatMap(({ name }, index) => {
    const join = profile.joined?.find((each) => each.name === name);
    const found = row?.[index];
    if (join === undefined || typeof found !== 'number' || found >= rows) return [];
    const filter = filterPhrase(set.query.where, profile);
    const of = `of the ${counted(rows, 'row', formatNumber(rows, WHOLE))}${filter === '' ? '' : ` ${filter}`}`;
    return [
      finding(
        'missing',
        0.9,
        `${formatNumber(rows - found, WHOLE)} ${of} ${rows - found === 1 ? 'has' : 'have'} no match in ${join.profile.title}`,
        { 'without a match': rows - found, rows },
        rowsOf(subject, [0]),
        [join.profile.title, filter],
      ),
    ];
  });
}

/** `Segment is from Customers`: where the columns of a query come from that are not the data set's own; empty: all are. */
export function originWords(query: AnalyticalQuery, profile: DatasetProfile): string {
  const text = JSON.stringify(query);
  return joinsIn(query, profile)
    .flatMap(({ name, left, profile: from }) => {
      const columns = (profile.related ?? []).filter(
        (column) => column.origin?.join === name && text.includes(JSON.stringify(column.name)),
      );
      if (columns.length === 0) return [];
      const names = listed(columns.map(shortLabel));
      const isOne = profile.joined?.filter((other) => other.profile.id === from.id).length === 1;
      const by = isOne ? '' : `, by ${columnWords(profile, left)}`;
      return [`${upperFirst(names)} ${columns.length === 1 ? 'is' : 'are'} from ${from.title}${by}`];
    })
    .join('; ');
}

const shortLabel = ({ origin, label }: ColumnProfile): string => lowerFirst(origin?.label ?? label);
