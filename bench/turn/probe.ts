import { monitorEventLoopDelay } from 'node:perf_hooks';
import pg from 'pg';

/*
 * Loaded into a server under test with `node --import`. Tells the process that started it what the server costs, over
 * the channel between the two; the server itself knows nothing of it.
 */

export interface Reading {
  /** Microseconds of CPU, user and system, since the process began. */
  readonly cpu: number;
  /** Bytes. */
  readonly rss: number;
  /** Milliseconds at the 99th percentile, since the last reading. */
  readonly loopDelay: number;
  /** Statements sent to the database since the process began. */
  readonly statements: number;
  /** Texts of the statements sent since the last reading. */
  readonly texts: readonly string[];
}

const MOST_TEXTS = 100;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let statements = 0;
let texts: string[] = [];

// eslint-disable-next-line typescript/unbound-method -- called with the client below
const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
  statements++;
  const [first] = given;
  const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text;
  if (text !== undefined && texts.length < MOST_TEXTS) texts.push(text);
  return query.apply(this, given);
} as typeof pg.Client.prototype.query;

process.on('message', (message) => {
  if (message !== 'read') return;
  const { user, system } = process.cpuUsage();
  const reading: Reading = {
    cpu: user + system,
    rss: process.memoryUsage.rss(),
    loopDelay: delay.percentile(99) / 1e6,
    statements,
    texts,
  };
  process.send?.(reading);
  delay.reset();
  texts = [];
});
process.on('disconnect', () => process.exit(1));
