import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { User } from '../users/user.entity.js';
import type { FileReport } from './read/report.js';
import type { ColumnProfile, ExternalTable } from './profile.js';
import { ExternalSource } from './sources/source.entity.js';

/** What is known of a table, whoever it belongs to. Its rows are a table of their own (`row-table.ts`). */
abstract class Described {
  /** Short machine name made from the title; unique per owner, and among the shared ones. */
  @Column('text') name: string;
  @Column('text') title: string;
  @Column('text', { nullable: true }) description: string | null;
  @Column('text', { nullable: true }) source: string | null;
  @Column('text', { nullable: true }) licence: string | null;
  /** Counts the changes, from 1, of what it means and of its rows. */
  @Column('integer', { default: 1 }) version: number;
  /** Names the table of its rows. A table never changes: other rows are another table. */
  @Column('uuid') rowsId: string;
  @Column('integer') rowCount: number;
  @Column('integer') columnCount: number;
  @Column('jsonb') columns: readonly ColumnProfile[];
  /** The source that has its rows; null: they are here. */
  @Column('uuid', { nullable: true }) sourceId: string | null;
  @ManyToOne(() => ExternalSource, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'source_id' })
  externalSource: Relation<ExternalSource> | null;
  /** Which table of the source it is; null with `sourceId`. */
  @Column('jsonb', { nullable: true }) external: ExternalTable | null;
  /** How the file was understood when it was uploaded. */
  @Column('jsonb') report: FileReport;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
}

/** A user's own. */
@Entity('datasets')
@Unique(['userId', 'name'])
@Index('datasets_source_id', ['sourceId'])
export class Dataset extends Described {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('uuid') id: string;
}

/** Everybody may ask about it, administrators look after it; it outlives the account that brought it. */
@Entity('shared_datasets')
@Unique(['name'])
@Index('shared_datasets_source_id', ['sourceId'])
export class SharedDataset extends Described {
  @PrimaryColumn('uuid') id: string;

  /** null: it came with Engram, or the account is gone. */
  @Column('uuid', { nullable: true }) createdBy: string | null;
  @ManyToOne(() => User, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'created_by' })
  createdByUser: Relation<User> | null;
}

/** A sample that was loaded once; one that was deleted since is not loaded again. */
@Entity('installed_samples')
export class InstalledSample {
  @PrimaryColumn('text') name: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) installedAt: Date;
}
