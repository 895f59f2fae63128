import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Conversation } from './conversation.entity.js';

export const ROLES = ['user', 'assistant', 'system'] as const;
export type Role = (typeof ROLES)[number];
export type MessageStatus = 'complete' | 'streaming' | 'failed' | 'stopped' | 'interrupted';
export type Metadata = Readonly<Record<string, unknown>>;

@Entity('messages')
@Unique(['userId', 'id'])
@Check('messages_role_check', `role IN ('user', 'assistant', 'system')`)
@Check('messages_status_check', `status IN ('complete', 'streaming', 'failed', 'stopped', 'interrupted')`)
@Index('messages_client', { synchronize: false })
export class Message {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation>;

  /** Place in the conversation, from 1, over all paths; given once, so that erased messages leave gaps. */
  @PrimaryColumn('integer') seq: number;
  @Column('uuid') id: string;
  /** null for a first message. Of the same conversation: the append sees to it, and so does the erasure of the parent. */
  @Column('uuid', { nullable: true }) parentId: string | null;
  /** Whether it is on the active path. */
  @Column('boolean', { default: true }) active: boolean;
  @Column('text') role: Role;
  /** What kind of message it is for a reader: `text`, `analysis`, `error`, `report` … */
  @Column('text', { default: 'text' }) type: string;
  @Column('text', { default: 'complete' }) status: MessageStatus;
  @Column('text') content: string;
  @Column('jsonb', { default: {} }) metadata: Metadata;
  /** The client's own id for it; unique per owner. */
  @Column('text', { nullable: true }) clientId: string | null;
  @Column({ type: 'timestamptz', precision: 3 }) createdAt: Date;
}

/** A message as the store gives it. */
export type MessageRow = Omit<Message, 'conversation'>;
