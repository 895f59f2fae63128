import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../../users/user.entity.js';

/** The `Idempotency-Key` of an upload, and what became of it. */
@Entity('upload_keys')
export class UploadKey {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('text') key: string;
  /** Of the form, its file included. */
  @Column('text') digest: string;
  /** What was made of it; null: it is under way. */
  @Column('uuid', { nullable: true }) targetId: string | null;
  /** Until then whoever is at it is not disturbed; an instance that died is silent afterwards. */
  @Column({ type: 'timestamptz', precision: 3 }) busyUntil: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
}
