import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Asking the system for 16 bytes at a time costs several times as much as all else about an id. */
const random = new Uint8Array(16 * 256);
let used = random.length;
/** Ids of one millisecond are numbered on, so that they sort as they were made. */
const last = { msecs: 0, seq: 0 };

/** A new id: UUID v7, so that ids made later sort later and index pages fill in order. */
export function newId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const bytes = random.subarray(used, (used += 16));
  const now = Date.now();
  if (now > last.msecs) {
    last.msecs = now;
    // Half of the numbers are left for counting on within the millisecond.
    last.seq = (((bytes[6] ?? 0) & 0x7f) << 24) | ((bytes[7] ?? 0) << 16) | ((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0);
  } else {
    last.seq = (last.seq + 1) >>> 0;
    if (last.seq === 0) last.msecs++;
  }
  return v7({ random: bytes, ...last });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);
