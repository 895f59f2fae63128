import { expect, it } from '@jest/globals';
import { faultOf, nextTime } from './next-time.js';

it('goes by the clock of the time zone, also when that is changed', () => {
  const next = (after: string): string | undefined =>
    nextTime('30 7 * * *', 'Europe/Berlin', new Date(after))?.toISOString();
  expect(next('2026-03-28T00:00:00Z')).toBe('2026-03-28T06:30:00.000Z');
  expect(next('2026-03-28T12:00:00Z')).toBe('2026-03-29T05:30:00.000Z');
});

it('says what is wrong', () => {
  expect(faultOf('0 7 * * 1', 'UTC')).toBeNull();
  expect(faultOf('*/15 * * * *', 'UTC')).toBeNull();
  expect(faultOf('*/10 * * * *', 'UTC')?.message).toContain('15 minutes');
  expect(faultOf('0 0 0 7 * 1', 'UTC')?.path).toBe('cron');
  expect(faultOf('0 0 30 2 *', 'UTC')?.message).toContain('due some day');
  expect(faultOf('0 7 * * 1', 'Moon/Base')?.path).toBe('timeZone');
});
