import { parentPort } from 'node:worker_threads';
import type { Report } from '../report.js';
import { filesOf } from './files.js';
import type { ReportFiles } from './format.js';

/* Writes reports in a thread of its own: drawing charts and setting pages would hold up everybody's requests. */

export type WriteResult = { readonly files: ReportFiles } | { readonly failed: string };

parentPort?.on('message', (report: Report) => {
  void filesOf(report)
    .then(
      (files): WriteResult => ({ files }),
      (error: unknown): WriteResult => ({
        failed: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
      }),
    )
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    .then((result) => parentPort?.postMessage(result));
});
