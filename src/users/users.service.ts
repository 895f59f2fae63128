import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { decodeCursor, type Page, toPage } from '../common/page.js';
import { notFound, Problem } from '../common/problem.js';
import { Db } from '../database/db.js';
import { hashPassword, passwordFits } from './password.js';
import type { Preferences, User } from './user.entity.js';
import { UsersStore } from './users.store.js';

/** One address, one account, however it is typed. */
export const normalEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

@Injectable()
export class UsersService {
  private readonly listeners: ((userId: string) => void)[] = [];

  constructor(
    private readonly store: UsersStore,
    private readonly db: Db,
  ) {}

  /** `listener` is called after a user's role or standing has changed. */
  onChange(listener: (userId: string) => void): void {
    this.listeners.push(listener);
  }

  /** @throws {404} user_not_found */
  async get(id: string): Promise<User> {
    const user = await this.store.find(id);
    if (user === null) throw notFound('user', id);
    return user;
  }

  /** The account that this address and password open, or null; takes as long either way. It may be disabled. */
  async opened(email: string, password: string): Promise<User | null> {
    const user = await this.store.findByEmail(normalEmail(email));
    return (await passwordFits(password, user?.passwordHash ?? null)) ? user : null;
  }

  /** @throws {409} email_taken */
  async create(
    { email, password, name }: { email: string; password: string; name?: string | null },
    role: User['role'] = 'user',
  ): Promise<User> {
    const user = await this.store.insert({
      id: newId(),
      email: normalEmail(email),
      name: name ?? null,
      role,
      passwordHash: await hashPassword(password),
    });
    if (user === null) {
      throw new Problem(409, 'email_taken', 'There is already an account with this e-mail address; sign in instead.');
    }
    return user;
  }

  /** @throws {403} wrong_password */
  async changePassword(id: string, current: string, next: string): Promise<void> {
    const user = await this.get(id);
    if (!(await passwordFits(current, user.passwordHash))) {
      throw new Problem(403, 'wrong_password', 'The current password is not right.');
    }
    await this.store.setPassword(id, await hashPassword(next));
  }

  /** Undefined leaves a field as it is; preferences are replaced as a whole. */
  async updateProfile(actor: Actor, change: { name?: string | null; preferences?: Preferences }): Promise<User> {
    const user = await this.store.updateProfile(actor.id, change);
    if (user === null) throw notFound('user', actor.id);
    return user;
  }

  async page<View>(
    { limit = 20, cursor }: { limit?: number; cursor?: string },
    viewOf: (user: User) => View,
  ): Promise<Page<View>> {
    const before = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    return toPage(await this.store.page(limit + 1, before), limit, (user) => [user.id], viewOf);
  }

  /**
   * Changes another user's role or standing.
   * @throws {404} user_not_found
   * @throws {409} own_account, last_admin
   */
  async setStanding(actor: Actor, id: string, change: { role?: User['role']; disabled?: boolean }): Promise<User> {
    if (id === actor.id) {
      throw new Problem(409, 'own_account', 'Another administrator must change your own role or disable you.');
    }
    const user = await this.db.tx(async () => {
      await this.store.lockAdmins();
      const changed = await this.store.setStanding(id, change);
      if (changed === null) throw notFound('user', id);
      // Two administrators demoting each other at once: the second finds that it is no longer one.
      if (!(await this.store.hasAdmin())) {
        throw new Problem(409, 'last_admin', 'This is the last administrator; make another one first.');
      }
      return changed;
    });
    for (const listener of this.listeners) listener(id);
    return user;
  }
}
