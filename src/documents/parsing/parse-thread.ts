import { parentPort } from 'node:worker_threads';
import type { Format } from './detect.js';
import { type Parsed, type ParseLimits, parseDocument } from './parse.js';
import { Unreadable, type UnreadableCode } from './unreadable.js';

/*
 * Reads documents in a thread of its own: neither a large file nor one that was made to be slow holds up anybody's request,
 * and either is ended from outside.
 */
export interface ParseJob {
  readonly bytes: Uint8Array;
  readonly format: Format;
  readonly limits: ParseLimits;
}

export type ParseResult = { readonly parsed: Parsed } | { readonly refused: UnreadableCode };

parentPort?.on('message', ({ bytes, format, limits }: ParseJob) => {
  void parseDocument(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), format, limits)
    .then(
      (parsed): ParseResult => ({ parsed }),
      (error: unknown): ParseResult => ({ refused: error instanceof Unreadable ? error.code : 'reading_failed' }),
    )
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    .then((result) => parentPort?.postMessage(result));
});
