import { distance } from 'fastest-levenshtein';
import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import type { ColumnProfile, ColumnType, DatasetProfile } from '../profile.js';
import type { Condition, Subquery } from './analytical-query.js';

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

const MAX_NODES = 2_000;
const MAX_DEPTH = 30;

/** One compilation: its parameters, its column names and its limits. */
export class Context {
  readonly values: Scalar[] = [];
  private readonly slots = new Map<string, string>();
  private readonly byName: ReadonlyMap<string, number>;
  private nodes = 0;

  constructor(
    readonly profile: DatasetProfile,
    readonly table: string,
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

  /** The column called `name` (case is ignored when that is clear) and its name in the table. */
  columnOf(name: string, path: string): { column: ColumnProfile; sql: string; index: number } {
    const index = this.byName.get(name) ?? this.byName.get(name.trim().toLowerCase());
    const column = index === undefined ? undefined : this.profile.columns[index];
    if (index === undefined || column === undefined) this.fail(path, `There is no column "${name}"${this.hint(name)}`);
    return { column, sql: `c${index + 1}`, index };
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
    for (const column of this.profile.columns) {
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
  for (const [i, column] of profile.columns.entries()) {
    const lower = column.name.trim().toLowerCase();
    if (!map.has(lower)) map.set(lower, i);
  }
  for (const [i, column] of profile.columns.entries()) map.set(column.name, i);
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
