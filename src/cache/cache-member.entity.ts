import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An instance on this database, and what it does when it writes (see `members.store.ts`). */
@Entity('cache_members')
export class CacheMember {
  @PrimaryColumn('uuid') id: string;
  /** `alone`, `none`, or `redis:` and which one. */
  @Column('text') declares: string;
  @Column({ type: 'timestamptz', precision: 3 }) seenAt: Date;
}
