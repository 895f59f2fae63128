import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Dataset, SharedDataset } from '../dataset.entity.js';
import type { ColumnProfile } from '../profile.js';
import type { FileReport } from '../read/report.js';

/** How a version came about: a file that made the data set or changed its rows, an edit of what it means, or a look at an external source. */
export type HowMade = 'upload' | 'replace' | 'append' | 'upsert' | 'edit' | 'source';

const HOW = `how IN ('upload', 'replace', 'append', 'upsert', 'edit', 'source')`;

abstract class Version {
  @Column('text') how: HowMade;
  /** Names the table of its rows; null: they are kept no more. */
  @Column('uuid', { nullable: true }) rowsId: string | null;
  @Column('integer') rowCount: number;
  @Column('integer') columnCount: number;
  /** null with `rowsId`. */
  @Column('jsonb', { nullable: true }) columns: readonly ColumnProfile[] | null;
  /** null: an edit, no file. */
  @Column('jsonb', { nullable: true }) report: FileReport | null;
  /** Of the rows that came with it. */
  @Column('bigint', { default: 0 }) bytes: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
}

@Entity('dataset_versions')
@Check('dataset_versions_how_check', HOW)
export class DatasetVersion extends Version {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') datasetId: string;
  @PrimaryColumn('integer') version: number;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'dataset_id', referencedColumnName: 'id' },
  ])
  dataset: Relation<Dataset>;
}

@Entity('shared_dataset_versions')
@Check('shared_dataset_versions_how_check', HOW)
export class SharedDatasetVersion extends Version {
  @PrimaryColumn('uuid') datasetId: string;
  @PrimaryColumn('integer') version: number;

  @ManyToOne(() => SharedDataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_id' })
  dataset: Relation<SharedDataset>;
}
