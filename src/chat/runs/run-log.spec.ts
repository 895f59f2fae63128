import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { RunEvent } from './run-event.js';
import { RunLog } from './run-log.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A database that takes its time with every write. */
function slowSink() {
  const begun: RunEvent[] = [];
  let finish: () => void = () => undefined;
  const store = (events: readonly RunEvent[]): Promise<{ stop: boolean }> => {
    begun.push(...events);
    return new Promise((resolve) => (finish = () => resolve({ stop: false })));
  };
  return {
    sink: { store, materialize: async () => undefined, failed: () => undefined },
    begun,
    finish: () => finish(),
  };
}

it('is written as a whole once the writing of its beginning has begun', async () => {
  const { sink, begun, finish } = slowSink();
  const log = new RunLog(sink);
  log.emit('run.started', {});
  jest.advanceTimersByTime(1_000);
  log.emit('step.started', {});
  expect(log.keepUnwritten()).toBe(false);
  const flushed = log.flush();
  finish();
  for (let turn = 0; turn < 20 && begun.length < 2; turn++) await Promise.resolve();
  finish();
  await flushed;
  expect(begun.map(({ event }) => event)).toEqual(['run.started', 'step.started']);
  log.end();
});

it('of a short run is never written', () => {
  const { sink, begun } = slowSink();
  const log = new RunLog(sink);
  log.emit('run.started', {});
  expect(log.keepUnwritten()).toBe(true);
  jest.advanceTimersByTime(1_000);
  expect(begun).toEqual([]);
  log.end();
});
