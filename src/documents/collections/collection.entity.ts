import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { User } from '../../users/user.entity.js';

/** Documents that are searched together. A shared one is read by everybody and looked after by administrators. */
@Entity('collections')
@Unique(['userId', 'name'])
@Index('collections_shared', { synchronize: false })
export class Collection {
  @PrimaryColumn('uuid') userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;

  @PrimaryColumn('uuid') id: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
  /** Counts the changes of its name and description, from 1; the ETag. */
  @Column('integer', { default: 1 }) version: number;
  @Column('boolean') shared: boolean;
  @Column('text') name: string;
  @Column('text', { nullable: true }) description: string | null;
}
