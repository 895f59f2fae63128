import type { ExternalTable, ReadAs } from '../profile.js';
import { ROW_NUMBER } from '../query/analytical-query.js';

/** What compiled statements call the rows of an external table. */
export const EXTERNAL_ROWS = 'external_rows';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Not-a-number would be the highest of all and spoil every sum, so it is a missing value. A number of single precision is the decimal
 * that it is written as: 0.1, not 0.10000000149.
 */
const READ: Readonly<Record<ReadAs, (sql: string) => string>> = {
  as_is: (sql) => sql,
  number: (sql) => `NULLIF(${sql}::float8, 'NaN'::float8)`,
  single: (sql) => `NULLIF(${sql}::text::float8, 'NaN'::float8)`,
  text: (sql) => `${sql}::text`,
  utc: (sql) => `(${sql} AT TIME ZONE 'UTC')`,
};

/** How the columns of the table are read, in the order of the data set's: `c1`, `c2`… */
export const externalColumns = ({ columns }: Pick<ExternalTable, 'columns'>): string =>
  columns.map(({ name, read }, i) => `${READ[read](quoted(name))} AS c${i + 1}`).join(', ');

export const externalName = ({ schema, table }: Pick<ExternalTable, 'schema' | 'table'>): string =>
  `${quoted(schema)}.${quoted(table)}`;

/**
 * A compiled statement over `EXTERNAL_ROWS` with what these are. A table of a server has no first row: a query that asks for places
 * gets them by the key; for others the key orders what is equal, and costs nothing.
 */
export function overExternal(text: string, query: unknown, external: ExternalTable): string {
  const { key } = external;
  const asksPlaces = JSON.stringify(query).includes(`"${ROW_NUMBER}"`);
  const by = key === null ? 'NULL::bigint' : quoted(key);
  const place = asksPlaces ? `row_number() OVER (${key === null ? '' : `ORDER BY ${by}`})` : by;
  const rows = `SELECT ${externalColumns(external)}, ${place} AS row_number FROM ${externalName(external)}`;
  return `WITH ${EXTERNAL_ROWS} AS NOT MATERIALIZED (${rows}) ${text}`;
}
