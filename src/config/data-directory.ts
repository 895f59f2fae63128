import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  renameSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Config } from './config.js';

/**
 * Where the embedded database and generated secrets live; made when missing.
 *
 * Started by root, the database server runs as another user, who must be able to walk down to the directory: a project
 * under root's closed home cannot hold it, so the default is then `/var/lib/engram`.
 */
export function dataDirectory(
  config: Pick<Config, 'dataDir'> & { readonly database: Pick<Config['database'], 'url'> },
): string {
  const isRoot = process.getuid?.() === 0 && config.database.url === null;
  const wanted = path.resolve(config.dataDir ?? 'data');
  const directory = config.dataDir === null && isRoot && !reachableByOthers(wanted) ? '/var/lib/engram' : wanted;
  if (isRoot) openToPass(directory);
  if (isRoot && !reachableByOthers(directory)) {
    throw new Error(
      `DATA_DIR ${directory} lies under a directory that only root may enter, and the embedded database cannot run as root. ` +
        'Choose a DATA_DIR outside it (such as /var/lib/engram), or set DATABASE_URL.',
    );
  }
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  return directory;
}

/** A directory made for us by root, and closed to all others (as `mktemp -d` makes them), is opened for passing through; what is in it is not. */
function openToPass(directory: string): void {
  if (!existsSync(directory)) return;
  const { uid, mode } = statSync(directory);
  if (uid === 0 && (mode & 0o001) === 0 && isOurs(directory)) chmodSync(directory, (mode & 0o777) | 0o011);
}

/** Nothing in it that someone else put there. */
const isOurs = (directory: string): boolean =>
  readdirSync(directory).every((name) => name === 'postgres' || name === 'jwt-secret' || name.startsWith('.'));

/** Whether every existing directory on the way down may be entered by any user. */
function reachableByOthers(directory: string): boolean {
  for (let at = directory; ; at = path.dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** A secret that is made once and kept in a file that only its owner may read. */
export function keptSecret(directory: string, name: string): string {
  const file = path.join(directory, name);
  if (!existsSync(file)) {
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, randomBytes(48).toString('base64url'), { mode: 0o600 });
    renameSync(fresh, file); // whole or not at all, should we die between the two
  }
  return readFileSync(file, 'utf8').trim();
}
