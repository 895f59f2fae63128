import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Conversation } from '../../conversations/conversation.entity.js';

export type RunStatus = 'running' | 'completed' | 'failed' | 'interrupted';

/** What a person may know of why a run failed. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  /** The layer it failed in. */
  readonly layer: string | null;
}

/** The execution of one turn. */
@Entity('runs')
@Index('runs_of_conversation', ['userId', 'conversationId'])
@Index('runs_running', { synchronize: false })
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
  /** The answer, or the message that says what went wrong; null while running. */
  @Column('uuid', { nullable: true }) messageId: string | null;
  @Column('text') status: RunStatus;
  @Column('jsonb', { nullable: true }) error: RunError | null;
  @Column('timestamptz', { default: () => 'now()' }) startedAt: Date;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}
