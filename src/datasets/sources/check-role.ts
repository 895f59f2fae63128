import { Problem } from '../../common/problem.js';
import type { Scalar } from '../../common/scalar.js';

/** Tables that are named of those it may write to. */
const NAMED = 10;
/** PostgreSQL 13: what the compiled statements need is there. */
const OLDEST = 130_000;

const ROLE = `SELECT EXISTS (SELECT FROM pg_roles s WHERE s.rolsuper AND pg_has_role(current_user, s.oid, 'MEMBER')), r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls,
  current_setting('server_version_num')::int, current_setting('server_version'),
  has_database_privilege(current_database(), 'CREATE'),
  ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname IN ('pg_write_server_files', 'pg_read_server_files',
    'pg_execute_server_program', 'pg_write_all_data') AND pg_has_role(current_user, oid, 'USAGE'))::text
  FROM pg_roles r WHERE r.rolname = current_user`;

const WRITABLE = `SELECT n.nspname::text, c.relname::text, count(*) OVER ()::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
    AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
  ORDER BY 1, 2 LIMIT ${NAMED}`;

const CREATABLE = `SELECT nspname::text FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' AND has_schema_privilege(oid, 'CREATE') ORDER BY 1 LIMIT ${NAMED}`;

export interface RoleChecked {
  readonly serverVersion: string;
  /** What it could do beside reading, were it let. */
  readonly warnings: readonly string[];
}

/**
 * Whether a role is one to read with. Transactions are read-only whatever it may do; that it may do no more is the second lock.
 * @throws {422} source_role_unfit (a superuser) · source_too_old (before PostgreSQL 13)
 */
export async function checkRole(query: (text: string) => Promise<Scalar[][]>): Promise<RoleChecked> {
  const [[superuser, powerful, version, shown, createsInDatabase, roles] = []] = await query(ROLE);
  if (superuser !== false) {
    const detail = 'The role is a superuser, or may become one; make one that may only read, and register that.';
    throw new Problem(422, 'source_role_unfit', detail);
  }
  if (Number(version) < OLDEST) {
    const detail = `The server is PostgreSQL ${String(shown)}; version 13 is the oldest that can be read.`;
    throw new Problem(422, 'source_too_old', detail);
  }
  const writable = await query(WRITABLE);
  const creatable = await query(CREATABLE);
  const tables = writable.map(([schema, table]) => `${String(schema)}.${String(table)}`);
  const more = Number(writable[0]?.[2] ?? 0) - tables.length;
  return {
    serverVersion: String(shown),
    warnings: [
      ...(tables.length > 0 ? [`It may write to ${tables.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`] : []),
      ...(creatable.length > 0
        ? [`It may create tables in ${creatable.map(([schema]) => String(schema)).join(', ')}.`]
        : []),
      ...(createsInDatabase === true ? ['It may create schemas in the database.'] : []),
      ...(powerful === true ? ['It may make roles or databases, replicate, or look past row security.'] : []),
      ...(roles !== '{}' ? [`It belongs to ${String(roles).slice(1, -1).replaceAll(',', ', ')}.`] : []),
    ],
  };
}
