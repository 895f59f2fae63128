import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Conversation } from '../../conversations/conversation.entity.js';
import { Message } from '../../conversations/message.entity.js';
import { User } from '../../users/user.entity.js';

export const FACT_KINDS = ['identity', 'work', 'place', 'preference', 'remembered', 'other'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** `learned`: from a message; `stated`: by the user over the API; `edited`: a new version of another, likewise. */
export type FactOrigin = 'learned' | 'stated' | 'edited';

const anyOf = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map((value) => `'${value}'`).join(', ')})`;

/**
 * One thing known about its user. Never overwritten: of the facts with one key the one with the latest `validFrom` holds,
 * and each held until the next one's.
 */
@Entity('memory_facts')
@Check('memory_facts_confidence_check', 'confidence BETWEEN 0 AND 1')
@Check('memory_facts_origin_check', anyOf('origin', ['learned', 'stated', 'edited']))
@Check('memory_facts_kind_check', anyOf('kind', FACT_KINDS))
@Index('memory_facts_versions', ['userId', 'key', 'validFrom', 'id'])
export class Fact {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: FactKind;
  /** What it is about, such as `place.home`: a newer fact of the same key supersedes it. */
  @Column('text') key: string;
  @Column('text') value: string;
  /** The whole of it in plain words: `Works in the education ministry`. */
  @Column('text') statement: string;
  /** It says that what its key was about is over ("I no longer live in Rome"): nothing holds from here on. */
  @Column('boolean', { default: false }) ended: boolean;
  @Column('text') origin: FactOrigin;
  /** Whether it came from messages, and goes when the last of them does. */
  @Column('boolean') sourced: boolean;
  /** What found it: a rule and its version, or a model; all null for what the user stated. */
  @Column('text', { nullable: true }) rule: string | null;
  @Column('integer', { nullable: true }) ruleVersion: number | null;
  @Column('text', { nullable: true }) model: string | null;
  /** 0 to 1; 1: the user asked for it to be remembered, or stated it. */
  @Column('real') confidence: number;
  /** false: kept, and never used. */
  @Column('boolean', { default: true }) enabled: boolean;
  /** When it was said. */
  @Column({ type: 'timestamptz', precision: 3 }) validFrom: Date;
  /** When it last went into a prompt. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) lastUsedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
}

/** A message that says a fact. */
@Entity('memory_fact_sources')
@Index('memory_fact_sources_message', ['userId', 'messageId'])
export class FactSource {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') factId: string;
  @ManyToOne(() => Fact, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'fact_id', referencedColumnName: 'id' },
  ])
  fact: Relation<Fact>;

  @PrimaryColumn('uuid') messageId: string;
  @ManyToOne(() => Message, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'message_id', referencedColumnName: 'id' },
  ])
  message: Relation<Message>;

  @Column('uuid') conversationId: string;
  /** The part of the message that says it. */
  @Column('text') quote: string;
  @Column({ type: 'timestamptz', precision: 3 }) saidAt: Date;
}

/** What a user decided about their memory, and how far learning has come. No row: nothing yet. */
@Entity('memory_settings')
export class MemorySettings {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @Column('boolean', { default: true }) learning: boolean;
  /** Messages up to here teach nothing any more: learning was off, or everything was deleted. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) learnSince: Date | null;
  /** Short-term memory begins here. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) shortTermSince: Date | null;
  /** When all that the user had said was learned from. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) lookedAt: Date | null;
  /** An instance learns for this user at the moment; one that died is waited for no longer than this. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) busyUntil: Date | null;
}

/** How far a conversation has been learned from. */
@Entity('memory_cursors')
export class MemoryCursor {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  @ManyToOne(() => Conversation, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'id' },
  ])
  conversation: Relation<Conversation>;

  /** The last message read. */
  @Column('integer') seq: number;
}
