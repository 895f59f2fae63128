import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Db } from '../database/db.js';
import type { FileReport } from './read/report.js';
import { storedColumns } from './measures/measures.js';
import type { ColumnProfile, ExternalTable } from './profile.js';

/** What lists show. */
export interface DatasetSummaryRow {
  readonly shared: boolean;
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly source: string | null;
  readonly licence: string | null;
  readonly version: number;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface DatasetRow extends DatasetSummaryRow {
  readonly columns: readonly ColumnProfile[];
  readonly report: FileReport;
  readonly rowsId: string;
  /** Where its rows are, when they are not here. */
  readonly external: ExternalTable | null;
}

/** What a new one is made of. */
export type NewDataset = Pick<
  DatasetRow,
  'id' | 'name' | 'title' | 'description' | 'source' | 'licence' | 'rowCount' | 'columns' | 'report'
> & { readonly external?: ExternalTable | undefined };

/** What other rows change. */
export type NewRows = Pick<DatasetRow, 'rowsId' | 'rowCount' | 'columns' | 'report'>;

/** What an owner can change. */
export type DatasetContent = Pick<DatasetRow, 'title' | 'description' | 'source' | 'licence' | 'columns'>;

const SUMMARY = `id, name, title, description, source, licence, version, row_count AS "rowCount", column_count AS "columnCount",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

const WHOLE = `${SUMMARY}, columns, report, rows_id AS "rowsId", external`;

/** `owner` null means the shared ones. */
@Injectable()
export class DatasetsStore {
  constructor(private readonly db: Db) {}

  /** One that the user may see: their own, or a shared one. */
  find(userId: string, id: string): Promise<DatasetRow | null> {
    return this.db.one<DatasetRow>(
      `SELECT false AS shared, ${WHOLE} FROM datasets WHERE user_id = $1 AND id = $2
       UNION ALL
       SELECT true AS shared, ${WHOLE} FROM shared_datasets WHERE id = $2`,
      [userId, id],
    );
  }

  /** Own ones, then shared ones, each newest first; `after` is the part (0 own, 1 shared) and id of the last one seen. */
  summaries(userId: string, limit: number, after: readonly [number, string] | null): Promise<DatasetSummaryRow[]> {
    const [part, id] = after ?? [-1, 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    return this.db.query<DatasetSummaryRow>(
      `SELECT * FROM (
         SELECT false AS shared, ${SUMMARY} FROM datasets WHERE user_id = $1
         UNION ALL
         SELECT true AS shared, ${SUMMARY} FROM shared_datasets
       ) AS d
       WHERE shared::integer > $2 OR (shared::integer = $2 AND id < $3)
       ORDER BY shared, id DESC LIMIT $4`,
      [userId, part, id, limit],
    );
  }

  /** Stores it under its name, or the first free `name_2`, `name_3`…; gives the name. In the client's transaction. */
  async insert(
    client: PoolClient,
    owner: string | null,
    createdBy: string | null,
    dataset: NewDataset,
  ): Promise<string> {
    const { id, title, description, source, licence, rowCount, columns, report, external } = dataset;
    const content = [
      id,
      title,
      description,
      source,
      licence,
      rowCount,
      columns.length,
      JSON.stringify(columns),
      JSON.stringify(report),
      external?.sourceId ?? null,
      external === undefined ? null : JSON.stringify(external),
    ];
    const names =
      'id, title, description, source, licence, row_count, column_count, columns, report, source_id, external, name';
    const into =
      owner === null ? `shared_datasets (${names}, created_by, rows_id)` : `datasets (${names}, user_id, rows_id)`;
    for (let n = 1; ; n++) {
      const name = n === 1 ? dataset.name : `${dataset.name}_${n}`;
      const { rowCount: inserted } = await client.query(
        `INSERT INTO ${into} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $1) ON CONFLICT DO NOTHING`,
        [...content, name, owner ?? createdBy],
      );
      if (inserted === 1) return name;
    }
  }

  /** Whether the version was still `version`; then it is one more, and kept as one. */
  async update(owner: string | null, id: string, version: number, content: DatasetContent): Promise<boolean> {
    const { title, description, source, licence, columns } = content;
    const set = `title = $3, description = $4, source = $5, licence = $6, columns = $7, version = version + 1, updated_at = now()`;
    const values = [id, version, title, description, source, licence, JSON.stringify(columns)];
    const kept = 'version, how, rows_id, row_count, column_count, columns';
    const made = `version, 'edit', rows_id, row_count, column_count, columns FROM changed`;
    const changed =
      owner === null
        ? await this.db.change(
            `WITH changed AS (UPDATE shared_datasets SET ${set} WHERE id = $1 AND version = $2 RETURNING *)
             INSERT INTO shared_dataset_versions (dataset_id, ${kept}) SELECT id, ${made}`,
            values,
          )
        : await this.db.change(
            `WITH changed AS (UPDATE datasets SET ${set} WHERE id = $1 AND version = $2 AND user_id = $8 RETURNING *)
             INSERT INTO dataset_versions (user_id, dataset_id, ${kept}) SELECT user_id, id, ${made}`,
            [...values, owner],
          );
    return changed === 1;
  }

  /** Whether the version was still `version`; then it is one more and has these rows. In the client's transaction. */
  async replaceRows(
    client: PoolClient,
    owner: string | null,
    id: string,
    version: number,
    { rowsId, rowCount, columns, report }: NewRows,
  ): Promise<boolean> {
    const set = `rows_id = $3, row_count = $4, column_count = $5, columns = $6, report = $7, version = version + 1, updated_at = now()`;
    const width = storedColumns(columns).length;
    const values = [id, version, rowsId, rowCount, width, JSON.stringify(columns), JSON.stringify(report)];
    const { rowCount: changed } =
      owner === null
        ? await client.query(`UPDATE shared_datasets SET ${set} WHERE id = $1 AND version = $2`, values)
        : await client.query(`UPDATE datasets SET ${set} WHERE id = $1 AND version = $2 AND user_id = $8`, [
            ...values,
            owner,
          ]);
    return changed === 1;
  }

  /** How its rows elsewhere are read, if its version is still `version`. In the client's transaction. */
  async setExternal(
    client: PoolClient,
    owner: string | null,
    id: string,
    version: number,
    external: ExternalTable,
  ): Promise<void> {
    const values = [id, version, JSON.stringify(external)];
    const which = 'SET external = $3 WHERE id = $1 AND version = $2';
    await (owner === null
      ? client.query(`UPDATE shared_datasets ${which}`, values)
      : client.query(`UPDATE datasets ${which} AND user_id = $4`, [...values, owner]));
  }

  async remove(owner: string | null, id: string): Promise<boolean> {
    const removed =
      owner === null
        ? await this.db.change('DELETE FROM shared_datasets WHERE id = $1', [id])
        : await this.db.change('DELETE FROM datasets WHERE user_id = $2 AND id = $1', [id, owner]);
    return removed === 1;
  }

  /** Whether this call is the first ever to install the sample; holds others back until the client's transaction ends. */
  async claimSample(client: PoolClient, name: string): Promise<boolean> {
    const { rowCount } = await client.query('INSERT INTO installed_samples (name) VALUES ($1) ON CONFLICT DO NOTHING', [
      name,
    ]);
    return rowCount === 1;
  }

  async hasSample(name: string): Promise<boolean> {
    return (await this.db.one('SELECT 1 FROM installed_samples WHERE name = $1', [name])) !== null;
  }
}
