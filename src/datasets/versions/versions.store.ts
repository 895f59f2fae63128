import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Db } from '../../database/db.js';
import { storedColumns } from '../measures/measures.js';
import type { ColumnProfile } from '../profile.js';
import type { FileReport } from '../read/report.js';
import { rowTable } from '../row-table.js';
import type { HowMade } from './dataset-version.entity.js';

/** What lists show. */
export interface VersionRow {
  readonly version: number;
  readonly how: HowMade;
  readonly rowCount: number;
  readonly columnCount: number;
  /** Whether its rows are still kept. */
  readonly readable: boolean;
  readonly report: FileReport | null;
  readonly createdAt: Date;
}

export interface NewVersion {
  readonly version: number;
  readonly how: HowMade;
  readonly rowsId: string;
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
  readonly report: FileReport;
}

export interface ReadableVersion {
  readonly rowsId: string;
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
}

/** `owner` null means the shared ones. */
@Injectable()
export class VersionsStore {
  constructor(private readonly db: Db) {}

  /** Newest first, below `before` when that is given. */
  list(owner: string | null, datasetId: string, limit: number, before: number | null): Promise<VersionRow[]> {
    const shown = `SELECT version, how, row_count AS "rowCount", column_count AS "columnCount",
        rows_id IS NOT NULL AS readable, report, created_at AS "createdAt"`;
    const part = 'ORDER BY version DESC LIMIT $2';
    const values = [datasetId, limit, before ?? 2_147_483_647];
    return owner === null
      ? this.db.query(`${shown} FROM shared_dataset_versions WHERE dataset_id = $1 AND version < $3 ${part}`, values)
      : this.db.query(
          `${shown} FROM dataset_versions WHERE user_id = $4 AND dataset_id = $1 AND version < $3 ${part}`,
          [...values, owner],
        );
  }

  /** null: there is none, or its rows are kept no more. */
  readable(owner: string | null, datasetId: string, version: number): Promise<ReadableVersion | null> {
    const shown = 'SELECT rows_id AS "rowsId", row_count AS "rowCount", columns';
    const which = 'dataset_id = $1 AND version = $2 AND rows_id IS NOT NULL';
    return owner === null
      ? this.db.one(`${shown} FROM shared_dataset_versions WHERE ${which}`, [datasetId, version])
      : this.db.one(`${shown} FROM dataset_versions WHERE user_id = $3 AND ${which}`, [datasetId, version, owner]);
  }

  /** In the client's transaction, after its rows were loaded. */
  async insert(client: PoolClient, owner: string | null, datasetId: string, made: NewVersion): Promise<void> {
    const { version, how, rowsId, rowCount, columns, report } = made;
    const values = [
      datasetId,
      version,
      how,
      rowsId,
      rowCount,
      storedColumns(columns).length,
      JSON.stringify(columns),
      JSON.stringify(report),
      rowTable(rowsId),
    ];
    const names = 'dataset_id, version, how, rows_id, row_count, column_count, columns, report, bytes';
    const places = '$1, $2, $3, $4, $5, $6, $7, $8, coalesce(pg_total_relation_size(to_regclass($9)), 0)';
    await (owner === null
      ? client.query(`INSERT INTO shared_dataset_versions (${names}) VALUES (${places})`, values)
      : client.query(`INSERT INTO dataset_versions (${names}, user_id) VALUES (${places}, $10)`, [...values, owner]));
  }

  /**
   * Forgets the rows of versions beyond the newest `keep` tables of rows, or beyond `maxBytes` of them; the newest always stay,
   * and so does what is known of a version besides its rows and columns. In the client's transaction.
   */
  async prune(
    client: PoolClient,
    owner: string | null,
    datasetId: string,
    keep: number,
    maxBytes: number,
  ): Promise<void> {
    const table = owner === null ? 'shared_dataset_versions' : 'dataset_versions';
    const which = owner === null ? 'dataset_id = $1' : 'dataset_id = $1 AND user_id = $2';
    const values = owner === null ? [datasetId] : [datasetId, owner];
    const { rows } = await client.query<{ rowsId: string }>(
      `WITH kept AS (
         SELECT rows_id, max(version) AS newest, max(bytes) AS bytes FROM ${table}
         WHERE ${which} AND rows_id IS NOT NULL GROUP BY rows_id
       ), placed AS (
         SELECT rows_id, row_number() OVER (ORDER BY newest DESC) AS place, sum(bytes) OVER (ORDER BY newest DESC) AS total
         FROM kept
       ), old AS (
         SELECT rows_id FROM placed WHERE place > 1 AND (place > ${Math.trunc(keep)} OR total > ${Math.trunc(maxBytes)})
       ), forgotten AS (
         UPDATE ${table} SET rows_id = NULL, columns = NULL
         WHERE ${which} AND rows_id IN (SELECT rows_id FROM old)
       )
       SELECT rows_id AS "rowsId" FROM old`,
      values,
    );
    for (const { rowsId } of rows) await client.query(`DROP TABLE IF EXISTS ${rowTable(rowsId)}`);
    // Edits share their rows, but each has columns of its own.
    await client.query(
      `UPDATE ${table} SET rows_id = NULL, columns = NULL
       WHERE ${which} AND rows_id IS NOT NULL AND how = 'edit'
         AND version <= (SELECT max(version) FROM ${table} WHERE ${which}) - ${Math.trunc(keep) * 10}`,
      values,
    );
  }
}
