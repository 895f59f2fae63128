/** FNV-1a over UTF-16 units with MurmurHash3's finish. */
export function hash32(text: string, seed: number): number {
  let x = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) x = Math.imul(x ^ text.charCodeAt(at), 0x01000193);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * The keys of one owner's terms. The owner is in each of them, so that an index over all owners' messages is read only
 * where this one's are: what a search costs does not depend on how much others said.
 */
export class TermKeys {
  private readonly high: number;
  private readonly low: number;

  constructor(userId: string) {
    this.high = hash32(userId, 0x9e3779b9);
    this.low = hash32(userId, 0x51ed270b);
  }

  /** What the index finds a term by: a signed 64-bit number as text. */
  key(term: string): string {
    const bits = (BigInt(hash32(term, this.high)) << 32n) | BigInt(this.short(term));
    return BigInt.asIntN(64, bits).toString();
  }

  /** What the term is told by within one message. */
  short(term: string): number {
    return hash32(term, this.low);
  }
}

/** Bytes of one term in a message's postings: its short key and how often it occurs (255 and more are 255). */
const ENTRY = 5;

/** How often each term occurs, sorted by its short key. */
export function packTerms(terms: ReadonlyMap<number, number>): Buffer {
  const sorted = [...terms].sort(([a], [b]) => a - b);
  const bytes = Buffer.alloc(sorted.length * ENTRY);
  for (const [at, [key, count]] of sorted.entries()) {
    bytes.writeUInt32LE(key, at * ENTRY);
    bytes[at * ENTRY + 4] = Math.min(count, 255);
  }
  return bytes;
}

/** How often a term occurs in packed terms. */
export function frequency(packed: Buffer, key: number): number {
  let low = 0;
  let high = packed.length / ENTRY;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (packed.readUInt32LE(middle * ENTRY) < key) low = middle + 1;
    else high = middle;
  }
  const at = low * ENTRY;
  return at < packed.length && packed.readUInt32LE(at) === key ? (packed[at + 4] ?? 0) : 0;
}
