import { randomBytes } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Db } from '../database/db.js';
import { hashPassword } from './password.js';
import { UsersStore } from './users.store.js';
import { normalEmail } from './users.service.js';

/** While there is no administrator, one is made at start: from the settings, else with a password shown once. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  constructor(
    private readonly store: UsersStore,
    private readonly db: Db,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.store.hasAdmin()) return;
    const email = normalEmail(this.config.admin.email);
    const password = this.config.admin.password ?? randomBytes(15).toString('base64url');
    const passwordHash = await hashPassword(password);
    const made = await this.db.tx(async () => {
      await this.store.lockAdmins(); // two instances may start on one new database
      if (await this.store.hasAdmin()) return false;
      await this.store.upsertAdmin({ id: newId(), email, passwordHash });
      return true;
    });
    if (made && this.config.admin.password === null) {
      // Not through the log: it must be seen at any level, and must not be kept where logs are kept.
      process.stdout.write(
        `\n  The first administrator (shown once; change it after signing in):\n    e-mail    ${email}\n    password  ${password}\n\n`,
      );
    }
  }
}
