import { setTimeout as delay } from 'node:timers/promises';

export const LATE = Symbol('late');
export const FAILED = Symbol('failed');

/** What `work` gives, unless it fails or takes longer than `ms`; then it goes on for nobody. Never rejects. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T | typeof LATE | typeof FAILED> {
  const done = new AbortController();
  const settled = async (): Promise<T | typeof FAILED> => {
    try {
      return await work();
    } catch {
      return FAILED;
    }
  };
  const late = async (): Promise<typeof LATE> => {
    await delay(ms, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
    return LATE;
  };
  try {
    return await Promise.race([settled(), late()]);
  } finally {
    done.abort();
  }
}
