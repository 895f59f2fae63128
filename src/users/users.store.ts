import { Injectable } from '@nestjs/common';
import { Db } from '../database/db.js';
import type { Preferences, User } from './user.entity.js';

const COLUMNS = `id, email, name, role, password_hash AS "passwordHash", preferences,
  disabled_at AS "disabledAt", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** Any constant; held while the set of administrators changes. */
const ADMINS_LOCK = 7_305_413;

export type NewUser = Pick<User, 'id' | 'email' | 'name' | 'role' | 'passwordHash'>;

@Injectable()
export class UsersStore {
  constructor(private readonly db: Db) {}

  find(id: string): Promise<User | null> {
    return this.db.one<User>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
  }

  findByEmail(email: string): Promise<User | null> {
    return this.db.one<User>(`SELECT ${COLUMNS} FROM users WHERE email = $1`, [email]);
  }

  /** Newest first; ids are in the order of creation. */
  page(limit: number, before: string | null): Promise<User[]> {
    return this.db.query<User>(
      `SELECT ${COLUMNS} FROM users WHERE $2::uuid IS NULL OR id < $2 ORDER BY id DESC LIMIT $1`,
      [limit, before],
    );
  }

  /** Null when the e-mail address is taken. */
  insert({ id, email, name, role, passwordHash }: NewUser): Promise<User | null> {
    return this.db.one<User>(
      `INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (email) DO NOTHING RETURNING ${COLUMNS}`,
      [id, email, name, role, passwordHash],
    );
  }

  /** The account with this address becomes an enabled administrator with this password; made when missing. */
  async upsertAdmin({ id, email, passwordHash }: Omit<NewUser, 'role' | 'name'>): Promise<void> {
    await this.db.change(
      `INSERT INTO users (id, email, role, password_hash) VALUES ($1, $2, 'admin', $3)
       ON CONFLICT (email) DO UPDATE SET role = 'admin', password_hash = $3, disabled_at = NULL, updated_at = now()`,
      [id, email, passwordHash],
    );
  }

  /** Undefined leaves a field as it is. */
  updateProfile(
    id: string,
    { name, preferences }: { name?: string | null; preferences?: Preferences },
  ): Promise<User | null> {
    return this.db.one<User>(
      `UPDATE users SET name = CASE WHEN $2::boolean THEN $3 ELSE name END,
         preferences = coalesce($4::jsonb, preferences), updated_at = now()
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, name !== undefined, name ?? null, preferences === undefined ? null : JSON.stringify(preferences)],
    );
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.db.change('UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1', [id, passwordHash]);
  }

  setStanding(id: string, { role, disabled }: { role?: User['role']; disabled?: boolean }): Promise<User | null> {
    return this.db.one<User>(
      `UPDATE users SET role = coalesce($2, role), updated_at = now(),
         disabled_at = CASE $3::boolean WHEN true THEN coalesce(disabled_at, now()) WHEN false THEN NULL ELSE disabled_at END
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, role ?? null, disabled ?? null],
    );
  }

  /** Until the transaction ends nobody else makes, demotes or disables an administrator. */
  async lockAdmins(): Promise<void> {
    await this.db.query('SELECT pg_advisory_xact_lock($1)', [ADMINS_LOCK]);
  }

  /** Whether an administrator could sign in. */
  async hasAdmin(): Promise<boolean> {
    return (await this.db.one(`SELECT 1 FROM users WHERE role = 'admin' AND disabled_at IS NULL LIMIT 1`)) !== null;
  }
}
