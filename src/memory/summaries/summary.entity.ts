import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Conversation } from '../../conversations/conversation.entity.js';
import type { Role } from '../../conversations/message.entity.js';

/** `extractive`: sentences of the messages as they are; `model`: in a language model's words. */
export type SummaryMethod = 'extractive' | 'model';

/** A sentence of a message, letter by letter. */
export interface Kept {
  readonly seq: number;
  readonly messageId: string;
  readonly role: Exclude<Role, 'system'>;
  /** When it was said, ISO 8601. */
  readonly at: string;
  readonly text: string;
}

/** How often words were said in all that is covered, by stem; of the rare ones no account is kept. */
export interface WordCounts {
  /** Of all words, those without an account included. */
  readonly all: number;
  readonly of: Readonly<Record<string, number>>;
}

/**
 * One version of a conversation's summary. It covers the path from its beginning to one message; it holds for the active path
 * while that goes through that message.
 */
@Entity('memory_summaries')
@Check('memory_summaries_method_check', `method IN ('extractive', 'model')`)
export class Summary {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  /** Number of the last covered message. */
  @PrimaryColumn('integer') uptoSeq: number;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation>;
  /** How many messages that is. */
  @Column('integer') covered: number;
  @Column('text') method: SummaryMethod;
  /** `provider/model`, where the text is a model's. */
  @Column('text', { nullable: true }) model: string | null;
  @Column('text') text: string;
  /** Those that weigh most, in the order they were said: an extractive text is made of them, and the next version goes on from them. */
  @Column('jsonb') sentences: readonly Kept[];
  @Column('jsonb') words: WordCounts;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' }) createdAt: Date;
}

export type SummaryRow = Omit<Summary, 'conversation' | 'userId' | 'conversationId'>;

/** That an instance is at work on a conversation; one that died is waited for no longer than this. */
@Entity('memory_claims')
export class Claim {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  @PrimaryColumn('text') work: string;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation>;
  @Column({ type: 'timestamptz', precision: 3 }) until: Date;
}
