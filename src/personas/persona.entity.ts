import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { ReportTemplate } from './report-template.js';
import { User } from '../users/user.entity.js';

/** What an administrator defines and a conversation talks to. */
@Entity('personas')
@Check('personas_temperature_check', 'temperature BETWEEN 0 AND 2')
@Check('personas_name_check', `name ~ '^[a-z][a-z0-9_]{1,63}$'`)
export class Persona {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) name: string;
  @Column('text') displayName: string;
  @Column('text', { default: '' }) description: string;
  @Column('text') systemPrompt: string;
  /** `#RRGGBB` */
  @Column('text') color: string;
  @Column('text') icon: string;
  @Column('boolean', { default: true }) isActive: boolean;
  /** Asked first when a turn names none. Ids of data sets that are gone are passed over. */
  @Column('uuid', { array: true, default: () => `'{}'` }) defaultDatasetIds: string[];
  /** Collections of documents that it answers from; none: from all that its user may read. */
  @Column('uuid', { array: true, default: () => `'{}'` }) collectionIds: string[];
  @Column('text', { array: true, default: () => `'{}'` }) starterQuestions: string[];
  /** The language model it speaks through, as `Models.get` takes it; null: the default one. Its provider may be gone since. */
  @Column('text', { nullable: true }) model: string | null;
  /** 0 to 2; null: as the model's server sees fit. */
  @Column('real', { nullable: true }) temperature: number | null;
  /** How reports that are made for it look. */
  @Column('jsonb', { default: {} }) reportTemplate: ReportTemplate;
  /** Counts the edits, from 1. */
  @Column('integer', { default: 1 }) version: number;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
}

/** What an edit can change. */
export type PersonaContent = Pick<
  Persona,
  | 'name'
  | 'displayName'
  | 'description'
  | 'systemPrompt'
  | 'color'
  | 'icon'
  | 'isActive'
  | 'defaultDatasetIds'
  | 'collectionIds'
  | 'starterQuestions'
  | 'model'
  | 'temperature'
  | 'reportTemplate'
>;

/** A persona as it was after one edit; the newest one is as it is now. */
@Entity('persona_versions')
export class PersonaVersion {
  @PrimaryColumn('uuid') personaId: string;
  @ManyToOne(() => Persona, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'persona_id' })
  persona: Relation<Persona>;

  @PrimaryColumn('integer') version: number;
  /** Versions from before a field came to be lack it. */
  @Column('jsonb') content: Omit<PersonaContent, 'model' | 'temperature' | 'collectionIds' | 'reportTemplate'> &
    Partial<PersonaContent>;

  /** null: it came with Engram, or the account is gone. */
  @Column('uuid', { nullable: true }) changedBy: string | null;
  @ManyToOne(() => User, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'changed_by' })
  changedByUser: Relation<User> | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
}
