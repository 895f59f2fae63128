import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Conversation } from '../../conversations/conversation.entity.js';

/** `queued`: waits for the run before it in its conversation. `interrupted`: its process died or was shut down; it can be continued. */
export const RUN_STATUSES = ['queued', 'running', 'completed', 'failed', 'stopped', 'interrupted'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What a person may know of why a run failed. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  /** The layer it failed in. */
  readonly layer: string | null;
}

/** What was asked beside the message itself: enough to answer it later, on another instance. */
export interface RunRequest {
  readonly datasetIds?: readonly string[] | undefined;
  /** What the client's protocol wants to see again with the run. */
  readonly echo?: Readonly<Record<string, unknown>> | undefined;
}

/** The execution of one turn. */
@Entity('runs')
@Index('runs_of_conversation', ['userId', 'conversationId'])
@Index('runs_active', { synchronize: false })
@Index('runs_queued', { synchronize: false })
@Index('runs_logged', { synchronize: false })
@Index('runs_idempotency', { synchronize: false })
export class Run {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') conversationId: string;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation>;
  @Column('uuid') userMessageId: string;
  /** The answer; there from the start, with the status `streaming`. */
  @Column('uuid') messageId: string;
  @Column('text') status: RunStatus;
  @Column('jsonb', { nullable: true }) error: RunError | null;
  /** The instance that works on it, or did last. */
  @Column('uuid', { nullable: true }) instanceId: string | null;
  /** Set from anywhere; the instance that works on it looks. */
  @Column('boolean', { default: false }) stopRequested: boolean;
  /** Whether it has rows in `run_events`. Short runs have none: what they told follows from their message. */
  @Column('boolean', { default: false }) logged: boolean;
  /** Number of its last event; 0 while running. */
  @Column('integer', { default: 0 }) lastSeq: number;
  @Column('jsonb', { default: {} }) request: RunRequest;
  /** Of the request's body: a repeat has the same one. */
  @Column('text', { nullable: true }) digest: string | null;
  @Column('text', { nullable: true }) idempotencyKey: string | null;
  @Column('timestamptz', { default: () => 'now()' }) startedAt: Date;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}

export type RunRow = Omit<Run, 'conversation'>;

/** One thing that a run told. */
@Entity('run_events')
export class RunEventRecord {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') runId: string;
  @ManyToOne(() => Run, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'run_id', referencedColumnName: 'id' },
  ])
  run: Relation<Run>;
  /** From 1, rising; a gap where a run was taken up again. */
  @PrimaryColumn('integer') seq: number;
  @Column('text') event: string;
  @Column('json') data: object;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
}

/** A process that works on runs. One that was not seen for a while is dead, and its runs are settled by another. */
@Entity('instances')
export class InstanceRecord {
  @PrimaryColumn('uuid') id: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) startedAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) seenAt: Date;
}
