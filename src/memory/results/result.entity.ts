import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Message } from '../../conversations/message.entity.js';
import { User } from '../../users/user.entity.js';

/** What one analytical answer is found by. The answer itself is in its message. */
@Entity('memory_results')
@Index('memory_results_keys', { synchronize: false })
@Index('memory_results_time', ['userId', 'answeredAt'])
@Index('memory_results_signature', ['userId', 'signature', 'answeredAt'])
export class MemoryResult {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') conversationId: string;
  /** Of the answer's message. */
  @PrimaryColumn('integer') seq: number;
  @ManyToOne(() => Message, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'user_id', referencedColumnName: 'userId' },
    { name: 'conversation_id', referencedColumnName: 'conversationId' },
    { name: 'seq', referencedColumnName: 'seq' },
  ])
  message: Relation<Message>;
  @Column('uuid') datasetId: string;
  /** `signatureOf` its query: the same for the same question in meaning. */
  @Column('uuid') signature: string;
  @Column({ type: 'timestamptz', precision: 3 }) answeredAt: Date;
  /** Whether its message is on the active path. */
  @Column('boolean') active: boolean;
  /** Whether the index of keys has it; the newest need not be in it. */
  @Column('boolean', { default: false }) keyed: boolean;
  /** `packMarks` */
  @Column('bytea') marks: Buffer;
  /** `TermKeys.key` of each entity and each term. */
  @Column('bigint', { array: true }) keys: string[];
}

/** A user whose answers from before there were results are still to be read. */
@Entity('memory_results_unread')
export class UnreadResults {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', referencedColumnName: 'id' })
  user: Relation<User>;
}
