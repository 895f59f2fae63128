import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Who the server runs as. PostgreSQL refuses root, so root hands it to an unprivileged user; everyone else runs it as
 * themselves. An existing data directory keeps the owner it has.
 */
export function serverOwner(dataDirectory: string, preferred: string | null): Owner {
  if (process.getuid?.() !== 0) return {};
  if (existsSync(dataDirectory)) {
    const { uid, gid } = statSync(dataDirectory);
    return { uid, gid };
  }
  for (const user of preferred === null ? ['postgres', 'node', 'nobody'] : [preferred]) {
    try {
      return { uid: numericId('-u', user), gid: numericId('-g', user) };
    } catch {
      // no such user here: the next one
    }
  }
  throw new Error(
    preferred === null
      ? 'Started by root, and none of the users postgres, node and nobody exists: set EMBEDDED_PG_USER, or DATABASE_URL.'
      : `EMBEDDED_PG_USER=${preferred}: there is no such user.`,
  );
}

const numericId = (which: '-u' | '-g', user: string): number =>
  Number(execFileSync('id', [which, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
