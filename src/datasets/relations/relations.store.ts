import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { Measures, RelationStatus } from './relation.entity.js';

export interface RelationRow {
  readonly shared: boolean;
  readonly id: string;
  readonly name: string;
  readonly fromId: string;
  readonly fromColumn: string;
  readonly toId: string;
  readonly toColumn: string;
  readonly status: RelationStatus;
  readonly origin: 'found' | 'given';
  readonly measures: Measures;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewRelation = Omit<RelationRow, 'shared' | 'reason' | 'createdAt' | 'updatedAt'>;
/** What a person or a new look at the rows changes. */
export type RelationState = Pick<RelationRow, 'name' | 'status' | 'measures' | 'reason'>;

const COLUMNS = `id, name, from_id AS "fromId", from_column AS "fromColumn", to_id AS "toId", to_column AS "toColumn",
  status, origin, measures, reason, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** `owner` null means those between shared data sets, which are for everybody. */
@Injectable()
export class RelationsStore {
  constructor(private readonly db: Db) {}

  /** All that the user may see, oldest first. */
  all(userId: string): Promise<RelationRow[]> {
    return this.db.query<RelationRow>(
      `SELECT * FROM (
         SELECT false AS shared, ${COLUMNS} FROM dataset_relations WHERE user_id = $1
         UNION ALL
         SELECT true AS shared, ${COLUMNS} FROM shared_dataset_relations
       ) AS r ORDER BY shared, id`,
      [userId],
    );
  }

  /** Whether it was added: false when there is one between these columns, or one of that name. */
  async insert(owner: string | null, relation: NewRelation): Promise<boolean> {
    const { id, name, fromId, fromColumn, toId, toColumn, status, origin, measures } = relation;
    const names = 'id, name, from_id, from_column, to_id, to_column, status, origin, measures';
    const values = [id, name, fromId, fromColumn, toId, toColumn, status, origin, JSON.stringify(measures)];
    const added =
      owner === null
        ? await this.db.change(
            `INSERT INTO shared_dataset_relations (${names}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
            values,
          )
        : await this.db.change(
            `INSERT INTO dataset_relations (${names}, user_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
            [...values, owner],
          );
    return added === 1;
  }

  /** Whether it is still as `before` said; then it is as `state` says. */
  async update(
    owner: string | null,
    { id, status: before }: Pick<RelationRow, 'id' | 'status'>,
    { name, status, measures, reason }: RelationState,
  ): Promise<boolean> {
    const set = 'name = $3, status = $4, measures = $5, reason = $6, updated_at = now()';
    const values = [id, before, name, status, JSON.stringify(measures), reason];
    const changed =
      owner === null
        ? await this.db.change(`UPDATE shared_dataset_relations SET ${set} WHERE id = $1 AND status = $2`, values)
        : await this.db.change(`UPDATE dataset_relations SET ${set} WHERE id = $1 AND status = $2 AND user_id = $7`, [
            ...values,
            owner,
          ]);
    return changed === 1;
  }

  async remove(owner: string | null, id: string): Promise<boolean> {
    const removed =
      owner === null
        ? await this.db.change('DELETE FROM shared_dataset_relations WHERE id = $1', [id])
        : await this.db.change('DELETE FROM dataset_relations WHERE user_id = $2 AND id = $1', [id, owner]);
    return removed === 1;
  }
}
