import type { ColumnProfile, DatasetProfile, JoinedDataset } from '../profile.js';

/*
 * Related data sets in a statement: LEFT JOIN on a column that is unique on the right, so that every row of the data set asked is
 * there exactly once, with or without a partner. Only those are joined that the statement (or the subquery) speaks of.
 */

/** What a query may hold anywhere: only the names of columns matter here. */
export type Part = unknown;

const placeOf = ({ joined = [] }: DatasetProfile, name: string): number =>
  joined.findIndex((join) => join.name === name);

/** Name of a related column within a statement: `j1_c3`. */
export function joinedSql(profile: DatasetProfile, { origin }: ColumnProfile): string {
  const at = placeOf(profile, origin?.join ?? '');
  const columns = profile.joined?.[at]?.profile.columns ?? [];
  return `j${at + 1}_c${columns.findIndex(({ name }) => name === origin?.column) + 1}`;
}

/** Columns named in a query or a part of one; a `scalar` and an inner query have a FROM of their own. */
function* namesIn(part: Part): Generator<string> {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const each of part) yield* namesIn(each);
    return;
  }
  for (const [key, value] of Object.entries(part)) {
    if (key === 'column' && typeof value === 'string') yield value;
    else if (key !== 'scalar' && key !== 'inQuery') yield* namesIn(value);
  }
}

/** The joined data sets that a query speaks of anywhere, inner queries included, with those that lead to them. */
export function joinsIn(query: Part, profile: DatasetProfile): readonly JoinedDataset[] {
  const { joined = [] } = profile;
  if (joined.length === 0) return [];
  const text = JSON.stringify(query);
  const named = (profile.related ?? []).filter(
    ({ name }) => text.includes(JSON.stringify(name)) && !profile.columns.some((own) => own.name === name),
  );
  const used = new Set(named.map(({ origin }) => origin?.join ?? ''));
  return joined.filter(({ name }) => [...used].some((one) => one === name || one.startsWith(`${name}.`)));
}

/**
 * FROM of a statement whose parts are `parts`; `named` finds a column by name, `tableOf` the table of a data set's rows.
 * Joined columns are renamed in a subselect, which the planner takes apart again: so the data set's own keep their names.
 */
export function fromSql(
  profile: DatasetProfile,
  table: string,
  parts: readonly Part[],
  named: (name: string) => { readonly column: ColumnProfile; readonly sql: string } | null,
  tableOf: (profile: DatasetProfile) => string,
): { readonly sql: string; readonly joins: readonly JoinedDataset[] } {
  const { joined = [] } = profile;
  if (joined.length === 0) return { sql: ` FROM ${table}`, joins: [] };
  const used = new Map<string, Set<string>>();
  const use = ({ origin }: ColumnProfile): void => {
    if (origin === undefined) return;
    const columns = used.get(origin.join) ?? new Set();
    used.set(origin.join, columns.add(origin.column));
    const via = joined.find(({ name }) => name === origin.join);
    const left = via === undefined ? null : named(via.left);
    if (left !== null) use(left.column);
  };
  for (const name of namesIn(parts)) {
    const found = named(name);
    if (found !== null) use(found.column);
  }
  const joins = joined.flatMap((join, i) => {
    const columns = used.get(join.name);
    const left = named(join.left);
    if (columns === undefined || left === null) return [];
    const at = (column: string): number => join.profile.columns.findIndex(({ name }) => name === column) + 1;
    const shown = [...new Set([join.right, ...columns])].map((column) => `c${at(column)} AS j${i + 1}_c${at(column)}`);
    const right = `j${i + 1}_c${at(join.right)}`;
    const rows = `(SELECT ${shown.join(', ')} FROM ${tableOf(join.profile)}) AS j${i + 1}`;
    return [{ join, sql: ` LEFT JOIN ${rows} ON ${left.sql} = ${right}` }];
  });
  return { sql: ` FROM ${table}${joins.map(({ sql }) => sql).join('')}`, joins: joins.map(({ join }) => join) };
}
