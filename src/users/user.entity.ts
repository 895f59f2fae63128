import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Actor } from '../common/actor.js';

export type Preferences = Readonly<Record<string, unknown>>;

@Entity('users')
@Check('users_role_check', `role IN ('user', 'admin')`)
export class User {
  @PrimaryColumn('uuid') id: string;
  /** Lower case (see `normalEmail`), so that one address is one account. */
  @Column('text', { unique: true }) email: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('text', { default: 'user' }) role: Actor['role'];
  @Column('text') passwordHash: string;
  /** Whatever the frontend keeps for its user. */
  @Column('jsonb', { default: {} }) preferences: Preferences;
  @Column('timestamptz', { nullable: true }) disabledAt: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
