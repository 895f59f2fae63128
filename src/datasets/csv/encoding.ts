import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { Problem } from '../../common/problem.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** How a file's bytes become text: by its byte order mark, else UTF-8 when the whole file is valid UTF-8, else windows-1252. */
export interface FileEncoding {
  readonly encoding: Encoding;
  readonly byteOrderMark: boolean;
}

/**
 * Reads the file once; the answer holds for every byte of it, not for a sample.
 * @throws {422} file_empty · not_text (NUL bytes: a spreadsheet, an archive or a picture)
 */
export async function detectEncoding(path: string): Promise<FileEncoding> {
  let marked: FileEncoding | null = null;
  let first = true;
  let utf8: TextDecoder | null = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    if (first) {
      marked = byMark(chunk) ?? withoutMark(chunk);
      if (marked !== null && marked.encoding !== 'utf-8') return marked;
      first = false;
    }
    if (chunk.includes(0)) {
      throw new Problem(422, 'not_text', 'This is not a text file: it has NUL bytes. Export the table as CSV (UTF-8).');
    }
    utf8 = stillValid(utf8, chunk, true);
  }
  if (first) throw new Problem(422, 'file_empty', 'The file is empty.');
  utf8 = stillValid(utf8, Buffer.alloc(0), false);
  return { encoding: utf8 === null ? 'windows-1252' : 'utf-8', byteOrderMark: marked !== null };
}

function stillValid(decoder: TextDecoder | null, chunk: Buffer, stream: boolean): TextDecoder | null {
  if (decoder === null) return null;
  try {
    decoder.decode(chunk, { stream });
    return decoder;
  } catch {
    return null;
  }
}

function byMark(start: Buffer): FileEncoding | null {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: 'utf-8', byteOrderMark: true };
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf-16le', byteOrderMark: true };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf-16be', byteOrderMark: true };
  return null;
}

/** UTF-16 without a mark shows by every other byte of western text being zero. */
function withoutMark(start: Buffer): FileEncoding | null {
  const sample = start.subarray(0, 2_000);
  if (sample.length < 4 || sample.length % 2 === 1) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i++) {
    if (sample[i] !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  const half = sample.length / 2;
  if (odd > half * 0.6 && even < half * 0.1) return { encoding: 'utf-16le', byteOrderMark: false };
  if (even > half * 0.6 && odd < half * 0.1) return { encoding: 'utf-16be', byteOrderMark: false };
  return null;
}

/** The file as text, mark removed, in pieces of some hundred kilobytes. */
export async function* textOf(path: string, { encoding }: FileEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
