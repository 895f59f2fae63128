import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Persona } from '../personas/persona.entity.js';
import { User } from '../users/user.entity.js';

/** A tree of messages of one owner, one path of it active. What lists show is kept on the row. */
@Entity('conversations')
@Check('conversations_title_by_check', `title_by IN ('auto', 'user')`)
@Index('conversations_recent', { synchronize: false })
@Index('conversations_client', { synchronize: false })
@Index('conversations_bound', { synchronize: false })
export class Conversation {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('uuid') id: string;
  /** The client's own id for it; unique per owner. */
  @Column('text', { nullable: true }) clientId: string | null;

  @Column('uuid') personaId: string;
  @ManyToOne(() => Persona)
  @JoinColumn({ name: 'persona_id' })
  persona: Relation<Persona>;

  /** null until the first user message gives it one. */
  @Column('text', { nullable: true }) title: string | null;
  @Column('text', { default: 'auto' }) titleBy: 'auto' | 'user';
  /** An automatic title was made from messages up to this number; null: it is the beginning of the first one, and may get better. */
  @Column('integer', { nullable: true }) titleSeq: number | null;
  /** The title that the request to create it asked for: what a repeat of that request is compared with. */
  @Column('text', { nullable: true }) givenTitle: string | null;
  /** Whatever its client keeps with it; nothing here reads it. */
  @Column('jsonb', { default: {} }) metadata: Readonly<Record<string, string>>;

  /** Collections of documents that it is answered from, besides those of its persona; none: see there. */
  @Column('uuid', { array: true, default: () => `'{}'` }) collectionIds: string[];

  /** Messages of the active path. */
  @Column('integer', { default: 0 }) messageCount: number;
  /** Number of the newest message, on whatever path; the next one takes the number after it. */
  @Column('integer', { default: 0 }) lastSeq: number;
  /** Last message of the active path: the parent of the next one. */
  @Column('uuid', { nullable: true }) tailId: string | null;
  /** How many times messages of it were erased: what is kept at hand of it holds as long as this stays. */
  @Column('integer', { default: 0 }) erasures: number;
  /** What `tailId` was before the last append. An UPDATE returns new values only, and the append needs the old one. */
  @Column('uuid', { nullable: true }) tailBeforeId: string | null;
  @Column('text', { nullable: true }) lastMessagePreview: string | null;
  /** The conversation and the message that this one was forked from; null where that did not happen. They may be gone. */
  @Column('uuid', { nullable: true }) forkedFromId: string | null;
  @Column('uuid', { nullable: true }) forkedFromMessageId: string | null;
  /** When the last message was stored, or, without messages, the conversation was made: what lists are sorted by. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) lastActivityAt: Date;

  /** Counts the changes of what a client can edit (the title, the collections), from 1; the ETag. Messages do not count. */
  @Column('integer', { default: 1 }) version: number;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
}

/** A conversation and what lists show of its persona. */
export type ConversationRow = Omit<Conversation, 'user' | 'persona' | 'tailBeforeId'> & {
  personaName: string;
  personaDisplayName: string;
  personaColor: string;
  personaIcon: string;
};
