import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const OURS = /^engram-upload-(\d+)-/;
/** What nothing was written to for this long, by a process that is gone, is nobody's any more. */
const QUIET_MS = 10 * 60_000;

/** A directory for what comes in, or is unpacked, until it is in the database; its name tells which process it is of. */
export const temporaryDirectory = (): Promise<string> =>
  mkdtemp(path.join(os.tmpdir(), `engram-upload-${process.pid}-`));

/**
 * Removes what killed processes left; gives how much that was. In a container every process has the same number, and other
 * containers may share the directory: so that what is still being written to stays, whoever's it seems to be.
 */
export async function sweepTemporary(within = os.tmpdir(), now = Date.now()): Promise<number> {
  let removed = 0;
  for (const name of await readdir(within)) {
    const pid = OURS.exec(name)?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    const directory = path.join(within, name);
    try {
      if (now - (await lastWritten(directory)) < QUIET_MS) continue;
      await rm(directory, { recursive: true });
      removed++;
    } catch {
      // Another instance was first, or it is another user's.
    }
  }
  return removed;
}

async function lastWritten(directory: string): Promise<number> {
  const paths = [directory, ...(await readdir(directory)).map((name) => path.join(directory, name))];
  return Math.max(...(await Promise.all(paths.map(async (each) => (await stat(each)).mtimeMs))));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}
