import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../../users/user.entity.js';

/** Someone signed in on one device; signing out removes the row. Its refresh tokens form one family (see `refresh-token.ts`). */
@Entity('sessions')
export class Session {
  @PrimaryColumn('uuid') userId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('bytea') familyHash: Buffer;
  /** Of the one token that is good now. */
  @Column('bytea') tokenHash: Buffer;
  /** Of the token before it, and what was mixed into it to make the present one. */
  @Column('bytea', { nullable: true }) previousHash: Buffer | null;
  @Column('bytea', { nullable: true }) rotationSalt: Buffer | null;
  @Column('timestamptz', { nullable: true }) rotatedAt: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz') expiresAt: Date;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;
}
