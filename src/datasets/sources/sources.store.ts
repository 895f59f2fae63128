import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { ExternalTable } from '../profile.js';
import type { ExternalSource, SourceSsl } from './source.entity.js';

export type SourceRow = Omit<ExternalSource, 'createdByUser'>;

/** A data set that is a table of a source. */
export interface TableOfSource {
  /** null: a shared one. */
  readonly userId: string | null;
  readonly id: string;
  readonly external: ExternalTable;
}

const COLUMNS = `id, name, host, port, database, username, secret, ssl, schemas, statement_timeout_ms AS "statementTimeoutMs",
  row_limit AS "rowLimit", max_connections AS "maxConnections", server_version AS "serverVersion", warnings,
  created_by AS "createdBy", created_at AS "createdAt"`;

@Injectable()
export class SourcesStore {
  constructor(private readonly db: Db) {}

  /** By name, after `after`. */
  list(limit: number, after: string): Promise<SourceRow[]> {
    return this.db.query(`SELECT ${COLUMNS} FROM external_sources WHERE name > $1 ORDER BY name LIMIT $2`, [
      after,
      limit,
    ]);
  }

  find(id: string): Promise<SourceRow | null> {
    return this.db.one(`SELECT ${COLUMNS} FROM external_sources WHERE id = $1`, [id]);
  }

  /** false: the name is taken. */
  async insert(source: Omit<SourceRow, 'createdAt'> & { readonly ssl: SourceSsl }): Promise<boolean> {
    const { id, name, host, port, database, username, secret, ssl, schemas, warnings, createdBy } = source;
    const { statementTimeoutMs, rowLimit, maxConnections, serverVersion } = source;
    const added = await this.db.change(
      `INSERT INTO external_sources (id, name, host, port, database, username, secret, ssl, schemas, statement_timeout_ms,
         row_limit, max_connections, server_version, warnings, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING`,
      [
        id,
        name,
        host,
        port,
        database,
        username,
        secret,
        ssl,
        JSON.stringify(schemas),
        statementTimeoutMs,
        rowLimit,
        maxConnections,
        serverVersion,
        JSON.stringify(warnings),
        createdBy,
      ],
    );
    return added === 1;
  }

  async update(source: Omit<SourceRow, 'name' | 'createdBy' | 'createdAt'>): Promise<boolean> {
    const { id, host, port, database, username, secret, ssl, schemas, warnings } = source;
    const { statementTimeoutMs, rowLimit, maxConnections, serverVersion } = source;
    const changed = await this.db.change(
      `UPDATE external_sources SET host = $2, port = $3, database = $4, username = $5, secret = $6, ssl = $7, schemas = $8,
         statement_timeout_ms = $9, row_limit = $10, max_connections = $11, server_version = $12, warnings = $13
       WHERE id = $1`,
      [
        id,
        host,
        port,
        database,
        username,
        secret,
        ssl,
        JSON.stringify(schemas),
        statementTimeoutMs,
        rowLimit,
        maxConnections,
        serverVersion,
        JSON.stringify(warnings),
      ],
    );
    return changed === 1;
  }

  /** With the data sets that are its tables. */
  async remove(id: string): Promise<boolean> {
    return (await this.db.change('DELETE FROM external_sources WHERE id = $1', [id])) === 1;
  }

  /** The data sets that are tables of it, whoever they belong to. */
  tables(sourceId: string): Promise<TableOfSource[]> {
    return this.db.query(
      `SELECT user_id AS "userId", id, external FROM datasets WHERE source_id = $1
       UNION ALL
       SELECT NULL, id, external FROM shared_datasets WHERE source_id = $1`,
      [sourceId],
    );
  }
}
