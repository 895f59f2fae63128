/**
 * Loaded into a server before its program: writes what its event loop and memory had to bear into PROBE_FILE, each 200 ms. A file
 * of that name with `.reset` behind it starts the count of the loop anew.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env['PROBE_FILE'];
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  setInterval(() => {
    if (existsSync(`${file}.reset`)) {
      rmSync(`${file}.reset`);
      delay.reset();
    }
    const peak = process.resourceUsage().maxRSS * 1024;
    const told = { longest: delay.max / 1e6, p99: delay.percentile(99) / 1e6, peak };
    writeFileSync(`${file}.new`, JSON.stringify(told));
    renameSync(`${file}.new`, file);
  }, 200).unref();
}
