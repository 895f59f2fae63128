import { inflateRawSync } from 'node:zlib';
import { Unreadable } from './unreadable.js';

/*
 * What is in a ZIP archive, by its directory at the end (PKWARE, APPNOTE.TXT 4.3.12 and 4.3.16). Only read to tell what a
 * file is and how large it unpacks; the library that reads Word files does its own unpacking.
 */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored as it is, 8: deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedSize: number;
  /** Where its own header begins. */
  readonly offset: number;
}

const MOST_ENTRIES = 20_000;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/** @throws {Unreadable} damaged · too_complex */
export function zipEntries(bytes: Buffer): ZipEntry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw new Unreadable('too_complex');
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let n = 0; n < count; n++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw new Unreadable('damaged');
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      isEncrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      packedSize: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Where the directory's end is: in the last 64 KB, since only a comment may follow it. */
function endOf(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) {
    if (bytes.readUInt32LE(at) === END) return at;
  }
  throw new Unreadable('damaged');
}

/**
 * Unpacks these to see that they are within `limit` bytes together, whatever the archive says of itself, and whole.
 * @throws {Unreadable} encrypted · damaged · too_large_unpacked
 */
export function requireUnpackable(bytes: Buffer, entries: readonly ZipEntry[], limit: number): void {
  let left = limit;
  for (const { method, isEncrypted, packedSize, offset } of entries) {
    if (isEncrypted) throw new Unreadable('encrypted');
    if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL) throw new Unreadable('damaged');
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    if (start + packedSize > bytes.length || (method !== 0 && method !== 8)) throw new Unreadable('damaged');
    left -= method === 0 ? packedSize : inflatedSize(bytes.subarray(start, start + packedSize), Math.max(1, left));
    if (left < 0) throw new Unreadable('too_large_unpacked');
  }
}

function inflatedSize(packed: Buffer, limit: number): number {
  try {
    return inflateRawSync(packed, { maxOutputLength: limit }).length;
  } catch (error) {
    throw new Unreadable(
      (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large_unpacked' : 'damaged',
    );
  }
}
