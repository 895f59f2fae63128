import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Conversation } from '../conversations/conversation.entity.js';
import { Message } from '../conversations/message.entity.js';
import { Persona } from '../personas/persona.entity.js';
import { User } from '../users/user.entity.js';
import type { Report, ReportOptions, SourceKind } from './report.js';
import { ReportSchedule } from './schedules/schedule.entity.js';
import type { ReportFormat } from './writing/format.js';

export const REPORT_STATUSES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** A report that is made, or is being made. */
@Entity('reports')
@Check('reports_progress_check', `progress BETWEEN 0 AND 1`)
@Check('reports_source_kind_check', `source_kind IN ('conversation', 'dataset', 'collection')`)
@Check('reports_status_check', `status IN ('queued', 'running', 'done', 'failed', 'cancelled')`)
@Index('reports_queue', { synchronize: false })
@Index('reports_key', { synchronize: false })
@Index('reports_message', { synchronize: false })
@Index('reports_conversation', { synchronize: false })
@Index('reports_schedule', { synchronize: false })
export class ReportRecord {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('uuid') id: string;
  @Column('uuid') sourceId: string;
  /** Where its message goes; null: nowhere. That of a conversation goes into that conversation. */
  @Column('uuid', { nullable: true }) conversationId: string | null;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation> | null;

  /** The message that tells of it: the report goes with it. */
  @Column('uuid', { nullable: true }) messageId: string | null;
  @ManyToOne(() => Message, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'message_id', referencedColumnName: 'id' },
  ])
  message: Relation<Message> | null;

  /** null: it was asked for by hand, or the schedule is gone. */
  @Column('uuid', { nullable: true }) scheduleId: string | null;
  @ManyToOne(() => ReportSchedule, { onDelete: 'SET NULL' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'schedule_id', referencedColumnName: 'id' },
  ])
  schedule: Relation<ReportSchedule> | null;

  /** null: gone since. */
  @Column('uuid', { nullable: true }) personaId: string | null;
  @ManyToOne(() => Persona, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'persona_id' })
  persona: Relation<Persona> | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' }) queuedAt: Date;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) startedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) finishedAt: Date | null;
  /** Until then whoever makes it is taken to be alive. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) busyUntil: Date | null;
  /** How often it was begun: tells whose work a write belongs to. */
  @Column('integer', { default: 0 }) attempts: number;
  /** Of these, how many since it was asked for: a report that ends processes is not tried for ever. */
  @Column('integer', { default: 0 }) tries: number;
  /** 0–1 */
  @Column('real', { default: 0 }) progress: number;
  @Column('text') sourceKind: SourceKind;
  @Column('text') status: ReportStatus;
  /** What is being done, in words. */
  @Column('text', { nullable: true }) step: string | null;
  /** As it was asked for, then as it is. */
  @Column('text', { nullable: true }) title: string | null;
  @Column('text', { nullable: true }) errorCode: string | null;
  @Column('text', { nullable: true }) errorMessage: string | null;
  @Column('text', { nullable: true }) idempotencyKey: string | null;
  @Column('text', { nullable: true }) digest: string | null;
  @Column('jsonb') options: ReportOptions;
  @Column('jsonb', { nullable: true }) content: Report | null;
}

/** A report in one of its formats. */
@Entity('report_files')
@Check('report_files_format_check', `format IN ('html', 'md', 'pdf')`)
export class ReportFile {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') reportId: string;
  @ManyToOne(() => ReportRecord, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'report_id', referencedColumnName: 'id' },
  ])
  report: Relation<ReportRecord>;

  @PrimaryColumn('text') format: ReportFormat;
  /** Of the content: its ETag. */
  @Column('text') digest: string;
  @Column('bytea') content: Buffer;
}
