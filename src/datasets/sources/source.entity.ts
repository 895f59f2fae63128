import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { User } from '../../users/user.entity.js';

export type SourceSsl = 'disable' | 'require' | 'verify';

/** A PostgreSQL database of others, which is read and never written. */
@Entity('external_sources')
@Unique(['name'])
@Index('external_sources_created_by', ['createdBy'])
@Check('external_sources_ssl_check', `ssl IN ('disable', 'require', 'verify')`)
export class ExternalSource {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') host: string;
  @Column('integer') port: number;
  @Column('text') database: string;
  @Column('text') username: string;
  /** The password, encrypted (`SecretBox`). */
  @Column('text') secret: string;
  @Column('text') ssl: SourceSsl;
  /** Only tables of these can be asked about. */
  @Column('jsonb') schemas: readonly string[];
  @Column('integer') statementTimeoutMs: number;
  @Column('integer') rowLimit: number;
  /** Of each instance. */
  @Column('integer') maxConnections: number;
  @Column('text') serverVersion: string;
  /** What its role could do beside reading, for the administrator. */
  @Column('jsonb') warnings: readonly string[];

  /** null: the account is gone. */
  @Column('uuid', { nullable: true }) createdBy: string | null;
  @ManyToOne(() => User, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'created_by' })
  createdByUser: Relation<User> | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
}
