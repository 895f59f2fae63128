import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Conversation } from '../../conversations/conversation.entity.js';
import { Persona } from '../../personas/persona.entity.js';
import { User } from '../../users/user.entity.js';
import type { ReportOptions, SourceKind } from '../report.js';

/** A report that is made again and again, by itself. */
@Entity('report_schedules')
@Check('report_schedules_source_kind_check', `source_kind IN ('conversation', 'dataset', 'collection')`)
@Index('report_schedules_due', { synchronize: false })
@Index('report_schedules_conversation', { synchronize: false })
export class ReportSchedule {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('uuid') id: string;
  @Column('uuid') sourceId: string;
  @Column('uuid', { nullable: true }) conversationId: string | null;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation> | null;

  /** null: gone since. */
  @Column('uuid', { nullable: true }) personaId: string | null;
  @ManyToOne(() => Persona, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'persona_id' })
  persona: Relation<Persona> | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
  /** null: never again. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) nextAt: Date | null;
  /** When a report was last begun for it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) lastAt: Date | null;
  @Column('integer', { default: 1 }) version: number;
  /** Of its reports, the newest ones. */
  @Column('integer') keep: number;
  @Column('boolean', { default: true }) enabled: boolean;
  @Column('text') sourceKind: SourceKind;
  @Column('text', { nullable: true }) title: string | null;
  /** Five fields, or six with seconds first. */
  @Column('text') cron: string;
  /** IANA */
  @Column('text') timeZone: string;
  @Column('jsonb') options: ReportOptions;
}

/** A schedule as the store gives it. */
export type ScheduleRow = Omit<ReportSchedule, 'user' | 'conversation' | 'persona'>;
