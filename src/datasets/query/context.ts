import { distance } from 'fastest-levenshtein';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import type { ColumnProfile, ColumnType, DatasetProfile, JoinedDataset } from '../profile.js';
import type { Condition, Subquery } from './analytical-query.js';
import { fromSql, joinedSql, type Part } from './joins.js';

/** SQL types that expressions have while they are put together. */
export type SqlType = 'bigint' | 'float8' | 'numeric' | 'text' | 'boolean' | 'date' | 'timestamp' | 'null';

/** An expression as SQL, with what the rest of the statement and the result's columns need to know of it. */
export interface Compiled {
  readonly sql: string;
  readonly type: SqlType;
  /** row: differs from row to row · group: constant within a group (a key, an aggregate) · constant: the same everywhere. */
  readonly level: 'row' | 'group' | 'constant';
  readonly hasAggregate: boolean;
  readonly hasWindow: boolean;
  /** A plain column, perhaps at a grain: what its literals are compared as. */
  readonly column?: ColumnProfile;
  readonly grain?: 'weekday' | 'month_of_year' | 'other';
  /** Sorts by this instead: `Mon`…`Sun` in the order of the week. */
  readonly orderSql?: string;
  /** A time as the number of its step, so that one more is the next: months since the year 0. Null steps stay null. */
  readonly step?: { readonly sql: string; readonly gapsAreUsual: boolean };
  /** A literal's value, for comparisons that read it in the light of the other side. */
  readonly literal?: Scalar;
  readonly unit: string | null;
  readonly label: string;
  readonly name: string;
  /** Results are exact to this many decimals (sums of amounts); null: not known. */
  readonly exact: number | null;
}

/** Where an expression stands decides what it may hold. */
export interface Scope {
  /** Keys of the `groupBy` expressions; null: rows, nothing is grouped. */
  readonly groups: ReadonlySet<string> | null;
  readonly aggregates: boolean;
  readonly windows: boolean;
  /** Name of the clause, for messages: `where`. */
  readonly clause: string;
}

/** A column under the name that a query has for it. */
export interface Named {
  readonly column: ColumnProfile;
  readonly sql: string;
  /** Its place among the data set's columns, then the related ones. */
  readonly index: number;
}

const MAX_NODES = 2_000;
const MAX_DEPTH = 30;

/** One compilation: its parameters, its column names and its limits. */
export class Context {
  readonly values: Scalar[] = [];
  /** Related data sets that the statement reads. */
  readonly joins = new Set<JoinedDataset>();
  private readonly slots = new Map<string, string>();
  private readonly byName: ReadonlyMap<string, number>;
  private nodes = 0;

  constructor(
    readonly profile: DatasetProfile,
    readonly table: string,
    /** The table of a related data set's rows. */
    private readonly tableOf: (profile: DatasetProfile) => string,
    /** Conditions and subqueries hold expressions and the other way round; these close the circle. */
    readonly condition: (context: Context, condition: Condition, scope: Scope, path: string) => string,
    readonly subquery: (context: Context, query: Subquery, path: string) => Compiled,
  ) {
    this.byName = namesOf(profile);
  }

  /** A bind parameter for the value; equal values share one, so that equal expressions are equal SQL. */
  bind(value: string | number | boolean, type: Exclude<SqlType, 'null'>): string {
    const safe = typeof value === 'string' ? value.replaceAll('\0', '') : value;
    const key = `${type} ${typeof safe} ${String(safe)}`;
    let slot = this.slots.get(key);
    if (slot === undefined) {
      this.values.push(safe);
      slot = `$${this.values.length}::${type}`;
      this.slots.set(key, slot);
    }
    return slot;
  }

  /** The column called `name` (case is ignored when that is clear) and its name in the statement. */
  columnOf(name: string, path: string): Named {
    return this.named(name) ?? this.fail(path, `There is no column "${name}"${this.hint(name)}`);
  }

  /** null: there is none. */
  named(name: string): Named | null {
    const index = this.byName.get(name) ?? this.byName.get(name.trim().toLowerCase());
    if (index === undefined) return null;
    const { columns, related = [] } = this.profile;
    const own = columns[index];
    if (own !== undefined) return { column: own, sql: `c${index + 1}`, index };
    const column = related[index - columns.length];
    return column === undefined ? null : { column, sql: joinedSql(this.profile, column), index };
  }

  /** FROM of a statement or an inner one that is made of `parts`, with the related data sets that these speak of. */
  from(parts: readonly Part[]): string {
    const { sql, joins } = fromSql(this.profile, this.table, parts, (name) => this.named(name), this.tableOf);
    for (const join of joins) this.joins.add(join);
    return sql;
  }

  /** Bounds the size of the statement; called for every expression and condition. */
  visit(path: string): void {
    if (++this.nodes > MAX_NODES) this.fail('', `The query is too long: more than ${MAX_NODES} parts`);
    let depth = 0;
    for (let i = 0; i < path.length; i++) if (path.charCodeAt(i) === 46) depth++;
    if (depth > MAX_DEPTH * 2) this.fail(path, 'The query is nested too deeply');
  }

  fail(path: string, message: string): never {
    throw new Problem(422, 'query_invalid', `${message}${/[.?]$/.test(message) ? '' : '.'}`, {
      errors: [{ path, message }],
    });
  }

  private hint(name: string): string {
    const wanted = name.toLowerCase();
    let best: { name: string; far: number } | null = null;
    for (const column of [...this.profile.columns, ...(this.profile.related ?? [])]) {
      for (const known of [column.name, column.label, ...column.synonyms]) {
        const far = distance(wanted, known.toLowerCase());
        if (far <= Math.max(2, wanted.length / 3) && (best === null || far < best.far))
          best = { name: column.name, far };
      }
    }
    if (best !== null) return `; did you mean "${best.name}"?`;
    const shown = this.profile.columns.slice(0, 12).map((column) => column.name);
    return `; this data set has ${shown.join(', ')}${this.profile.columns.length > shown.length ? '…' : ''}`;
  }
}

const names = new WeakMap<DatasetProfile, ReadonlyMap<string, number>>();

function namesOf(profile: DatasetProfile): ReadonlyMap<string, number> {
  const known = names.get(profile);
  if (known !== undefined) return known;
  const map = new Map<string, number>();
  const columns = [...profile.columns, ...(profile.related ?? [])];
  for (const [i, column] of columns.entries()) {
    const lower = column.name.trim().toLowerCase();
    if (!map.has(lower)) map.set(lower, i);
  }
  // Its own column comes before a related one of the same name.
  for (const [i, column] of columns.toReversed().entries()) map.set(column.name, columns.length - 1 - i);
  names.set(profile, map);
  return map;
}

export const isNumeric = (type: SqlType): boolean =>
  type === 'bigint' || type === 'float8' || type === 'numeric' || type === 'null';
export const isTemporal = (type: SqlType): boolean => type === 'date' || type === 'timestamp';

const SQL_TYPES: Readonly<Record<ColumnType, Exclude<SqlType, 'null' | 'numeric'>>> = {
  integer: 'bigint',
  number: 'float8',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp',
};
export const sqlTypeOf = (type: ColumnType): Exclude<SqlType, 'null' | 'numeric'> => SQL_TYPES[type];

export const TYPE_WORDS: Readonly<Record<SqlType, string>> = {
  bigint: 'an integer',
  float8: 'a number',
  numeric: 'a number',
  text: 'text',
  boolean: 'true or false',
  date: 'a date',
  timestamp: 'a date and time',
  null: 'nothing',
};
