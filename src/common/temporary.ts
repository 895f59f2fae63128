import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A directory for what comes in, or is unpacked, until it is in the database; its name tells which process it is of. */
export const temporaryDirectory = (): Promise<string> =>
  mkdtemp(path.join(os.tmpdir(), `engram-upload-${process.pid}-`));
