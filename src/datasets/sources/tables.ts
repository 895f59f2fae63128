import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';
import type { ColumnType, ReadAs } from '../profile.js';

export type Ask = (text: string, values?: readonly unknown[]) => Promise<Scalar[][]>;

/** What a source has that can be asked about. */
export interface SourceTable {
  readonly schema: string;
  readonly table: string;
  readonly kind: 'table' | 'view' | 'materialized_view' | 'foreign_table';
  readonly comment: string | null;
  /** The server's own estimate; null: it has none. */
  readonly rows: number | null;
}

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly read: ReadAs;
  readonly comment: string | null;
}

export interface TableShape {
  readonly comment: string | null;
  readonly rows: number | null;
  readonly columns: readonly TableColumn[];
  /** Columns that cannot be asked about, with the server's name of their type. */
  readonly skipped: readonly { readonly name: string; readonly type: string }[];
  readonly key: string | null;
}

const KINDS: Readonly<Record<string, SourceTable['kind']>> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized_view',
  f: 'foreign_table',
};

const READABLE = `c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')`;

/** The tables and views of the schemas, by name, after one. */
export async function tablesOf(
  ask: Ask,
  schemas: readonly string[],
  limit: number,
  after: readonly [string, string],
): Promise<SourceTable[]> {
  const rows = await ask(
    `SELECT n.nspname::text, c.relname::text, c.relkind::text, obj_description(c.oid, 'pg_class'),
       CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint END
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname::text = ANY ($1::text[]) AND ${READABLE}
       AND (n.nspname::text COLLATE "C", c.relname::text COLLATE "C") > ($2::text COLLATE "C", $3::text COLLATE "C")
     ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C" LIMIT $4`,
    [schemas, ...after, limit],
  );
  return rows.map(([schema, table, kind, comment, count]) => ({
    schema: String(schema),
    table: String(table),
    kind: KINDS[String(kind)] ?? 'table',
    comment: comment === null ? null : String(comment),
    rows: count === null ? null : Number(count),
  }));
}

/** The server's types that columns may have here; enumerations are texts. */
const TYPES: Readonly<Record<string, readonly [ColumnType, ReadAs]>> = {
  int2: ['integer', 'as_is'],
  int4: ['integer', 'as_is'],
  int8: ['integer', 'as_is'],
  float4: ['number', 'single'],
  float8: ['number', 'number'],
  numeric: ['number', 'number'],
  text: ['text', 'text'],
  varchar: ['text', 'text'],
  bpchar: ['text', 'text'],
  citext: ['text', 'text'],
  name: ['text', 'text'],
  uuid: ['text', 'text'],
  bool: ['boolean', 'as_is'],
  date: ['date', 'as_is'],
  timestamp: ['datetime', 'as_is'],
  timestamptz: ['datetime', 'utc'],
};

/**
 * What a table of the source is like.
 * @throws {404} source_table_not_found: not there, not in a schema that may be read, or not for this role
 * @throws {422} source_table_unfit: none of its columns can be asked about
 */
export async function shapeOfTable(
  ask: Ask,
  schemas: readonly string[],
  schema: string,
  table: string,
): Promise<TableShape> {
  const [found] = await ask(
    `SELECT c.oid::bigint, obj_description(c.oid, 'pg_class'), CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint END
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname::text = $1 AND c.relname::text = $2 AND n.nspname::text = ANY ($3::text[]) AND ${READABLE}`,
    [schema, table, schemas],
  );
  if (found === undefined) {
    const detail = `The source has no table "${schema}"."${table}" that may be read.`;
    throw new Problem(404, 'source_table_not_found', detail);
  }
  const [oid, comment, count] = found;
  // A domain is what it is based on; the type's name, where that is none of the server's own, tells nothing.
  const columns = await ask(
    `SELECT a.attname::text, coalesce(b.typname, t.typname)::text, coalesce(b.typtype, t.typtype)::text,
       format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum)
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
     WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped
       AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
     ORDER BY a.attnum`,
    [oid],
  );
  const shape = columns.map(([name, type, kind, shown, about]) => ({
    name: String(name),
    shown: String(shown),
    comment: about === null ? null : String(about),
    as:
      kind === 'e' ? (['text', 'text'] as const) : Object.hasOwn(TYPES, String(type)) ? TYPES[String(type)] : undefined,
  }));
  const kept = shape.flatMap(({ name, comment: said, as }) =>
    as === undefined ? [] : [{ name, type: as[0], read: as[1], comment: said }],
  );
  if (kept.length === 0) {
    const detail = `None of the columns of "${schema}"."${table}" can be asked about.`;
    throw new Problem(422, 'source_table_unfit', detail);
  }
  const [key] = await ask(
    `SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indrelid = $1::bigint::oid AND i.indisprimary AND i.indnatts = 1 AND a.atttypid IN (20, 21, 23)`,
    [oid],
  );
  const keyed = kept.find(({ name }) => name === key?.[0]);
  return {
    comment: comment === null || comment === undefined ? null : String(comment),
    rows: count === null ? null : Number(count),
    columns: kept,
    skipped: shape.filter(({ as }) => as === undefined).map(({ name, shown }) => ({ name, type: shown })),
    key: keyed?.name ?? null,
  };
}
