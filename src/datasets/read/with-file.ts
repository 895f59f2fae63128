import { rm } from 'node:fs/promises';
import { readApart, type ReadTable } from './read-apart.js';
import type { ReadOptions } from './read-file.js';
import { temporaryDirectory } from '../../common/temporary.js';

/** Files of one process that are read at the same moment; each keeps a core busy for a while. */
const AT_ONCE = 2;

let reading = 0;
const waiting: (() => void)[] = [];

/**
 * Reads a file in a thread of its own and gives it to `use`; the thread and what it wrote are gone afterwards. Waits its turn.
 * @throws {422} what is wrong with the file (`readApart`)
 */
export async function withFile<T>(
  file: string,
  options: ReadOptions,
  preview: number,
  use: (table: ReadTable) => Promise<T>,
): Promise<T> {
  if (reading >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else reading++;
  try {
    const scratch = await temporaryDirectory();
    try {
      const table = await readApart(file, scratch, options, preview);
      try {
        return await use(table);
      } finally {
        await table.close();
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  } finally {
    const next = waiting.shift();
    if (next === undefined) reading--;
    else next();
  }
}
