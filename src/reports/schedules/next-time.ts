import { Cron } from 'croner';

/** Made more often, reports would only be in each other's way. */
const SHORTEST_MS = 15 * 60_000;
/** Fire times that are looked at for how close they come. */
const LOOKED_AT = 50;

/** What is wrong with a cron expression or a time zone, in a sentence; null: nothing. */
export function faultOf(
  cron: string,
  timeZone: string,
): { readonly path: 'cron' | 'timeZone'; readonly message: string } | null {
  if (!isTimeZone(timeZone)) {
    return { path: 'timeZone', message: 'timeZone must be an IANA time zone, such as Europe/Berlin' };
  }
  let times: Date[];
  try {
    times = new Cron(cron, { timezone: timeZone, mode: '5-part' }).nextRuns(LOOKED_AT);
  } catch {
    return { path: 'cron', message: 'cron must be five fields: minute, hour, day of month, month, day of week' };
  }
  if (times.length === 0) return { path: 'cron', message: 'cron must be due some day' };
  const isOften = times.some((time, at) => at > 0 && time.getTime() - (times[at - 1]?.getTime() ?? 0) < SHORTEST_MS);
  return isOften ? { path: 'cron', message: 'cron must leave 15 minutes between two reports' } : null;
}

/** The first time after `after` that is due; null: none ever is. */
export const nextTime = (cron: string, timeZone: string, after: Date): Date | null =>
  new Cron(cron, { timezone: timeZone, mode: '5-part' }).nextRun(after);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
