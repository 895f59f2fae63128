import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { User } from '../../users/user.entity.js';

/** suggested: found, and used for nothing yet · confirmed: questions may use it · rejected: not to be suggested again. */
export const STATUSES = ['suggested', 'confirmed', 'rejected'] as const;
export type RelationStatus = (typeof STATUSES)[number];

/** What the rows of both say of a relation, and which rows these were. */
export interface Measures {
  readonly fromRowsId: string;
  readonly toRowsId: string;
  /** Rows of the first data set, and of these: with a value that could name a partner, and with a partner. */
  readonly rows: number;
  readonly given: number;
  readonly matched: number;
  /** Different values of the first, at most 10,000 of them, and of these: those that the second has. */
  readonly values: number;
  readonly valuesFound: number;
  /** Rows of the second that have a value, and how many different ones. */
  readonly keys: number;
  readonly keysDistinct: number;
  /** How much the names of the columns and of the second data set say for it, 0–1. */
  readonly names: number;
  /** Some values with a partner, and some without. */
  readonly found: readonly string[];
  readonly missing: readonly string[];
}

const STATUS = `status IN ('suggested', 'confirmed', 'rejected')`;
const ORIGIN = `origin IN ('found', 'given')`;

/** A column of one data set whose values name rows of another, by a column that is unique there. */
abstract class Related {
  /** What the other's columns' names begin with in queries of the first: `customers` of `customers.segment`. */
  @Column('text') name: string;
  @Column('uuid') fromId: string;
  @Column('text') fromColumn: string;
  @Column('uuid') toId: string;
  @Column('text') toColumn: string;
  @Column('text') status: RelationStatus;
  /** found: by looking at names and values · given: by a person. */
  @Column('text') origin: 'found' | 'given';
  @Column('jsonb') measures: Measures;
  /** Why it is only suggested although it was confirmed once; for people. */
  @Column('text', { nullable: true }) reason: string | null;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
}

/** A user's own: at least one of the data sets is theirs, or both are shared and it is for them alone. */
@Entity('dataset_relations')
@Check('dataset_relations_status_check', STATUS)
@Check('dataset_relations_origin_check', ORIGIN)
@Unique('dataset_relations_ends', ['userId', 'fromId', 'fromColumn', 'toId', 'toColumn'])
@Unique(['userId', 'fromId', 'name'])
@Index('dataset_relations_to', ['userId', 'toId'])
export class DatasetRelation extends Related {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('uuid') id: string;
}

/** Between shared data sets, for everybody; administrators look after it. */
@Entity('shared_dataset_relations')
@Check('shared_dataset_relations_status_check', STATUS)
@Check('shared_dataset_relations_origin_check', ORIGIN)
@Unique('shared_dataset_relations_ends', ['fromId', 'fromColumn', 'toId', 'toColumn'])
@Unique(['fromId', 'name'])
export class SharedDatasetRelation extends Related {
  @PrimaryColumn('uuid') id: string;
}
