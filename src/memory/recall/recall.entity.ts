import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Conversation } from '../../conversations/conversation.entity.js';
import { Message } from '../../conversations/message.entity.js';

const OF_MESSAGE = [
  { name: 'user_id', referencedColumnName: 'userId' },
  { name: 'conversation_id', referencedColumnName: 'conversationId' },
  { name: 'seq', referencedColumnName: 'seq' },
];

/** How far a conversation is indexed, and what a ranking needs to know of it as a whole. */
@Entity('memory_conversations')
export class MemoryConversation {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation>;
  /** When the last indexed message was stored. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) lastAt: Date | null;
  /** Terms of its indexed messages, with repetitions. */
  @Column('bigint', { default: 0 }) terms: number;
  /** Every message up to this number is indexed, or never will be. */
  @Column('integer', { default: 0 }) indexedSeq: number;
  @Column('integer', { default: 0 }) messages: number;
  @Column('integer', { default: 0 }) sittings: number;
  /** Names that messages were written under. */
  @Column('text', { array: true, default: {} }) authors: string[];
}

/** What one message is found by. */
@Entity('memory_messages')
@Index('memory_messages_keys', { synchronize: false })
@Index('memory_messages_sample', { synchronize: false })
@Index('memory_messages_time', ['userId', 'createdAt'])
export class MemoryMessage {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  @PrimaryColumn('integer') seq: number;
  @ManyToOne(() => Message, { onDelete: 'CASCADE' })
  @JoinColumn(OF_MESSAGE)
  message: Relation<Message>;
  @Column({ type: 'timestamptz', precision: 3 }) createdAt: Date;
  /** Which run of messages without a long pause it belongs to, counted in the conversation. */
  @Column('integer') sitting: number;
  /** Its terms, with repetitions. */
  @Column('integer') length: number;
  @Column('boolean') active: boolean;
  @Column('boolean') tellsWhen: boolean;
  /** One message in sixteen: how frequent a term is in a long history is estimated from these. */
  @Column('boolean') sampled: boolean;
  @Column('text', { nullable: true }) author: string | null;
  /** `packTerms` */
  @Column('bytea') terms: Buffer;
  /** `TermKeys.key` of each term. */
  @Column('bigint', { array: true }) keys: string[];
}

/** The vector side of one message. */
@Entity('memory_vectors')
@Index('memory_vectors_embedded', ['userId', 'embeddedBy'])
export class MemoryVector {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  @PrimaryColumn('integer') seq: number;
  @ManyToOne(() => MemoryMessage, { onDelete: 'CASCADE' })
  @JoinColumn(OF_MESSAGE)
  message: Relation<MemoryMessage>;
  /** `packGrams` */
  @Column('bytea') grams: Buffer;
  /** Provider and model of the embedding; null: there is none. */
  @Column('text', { nullable: true }) embeddedBy: string | null;
  /** One bit a dimension, set where it is positive. */
  @Column('bit varying', { nullable: true }) signs: string | null;
  /** 32-bit floats, little endian, of length 1. */
  @Column('bytea', { nullable: true }) embedding: Buffer | null;
}
