import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Outcome } from './load.js';
import type { Operation } from './operations.js';
import type { Server } from './server.js';

/** What one server did under one load. */
export interface Sample {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the server's CPU for one request. */
  readonly cpu: number;
  /** Bytes, at the end. */
  readonly rss: number;
  /** Milliseconds, 99th percentile. */
  readonly loopDelay: number;
}

export class Load {
  private readonly child: ChildProcess = fork(fileURLToPath(new URL('load.js', import.meta.url)));

  /** @throws when a request was not answered with 2xx: figures of errors mean nothing. */
  async run(server: Server, operation: Operation, connections: number, seconds: number): Promise<Sample> {
    const before = await server.read();
    const order: Order = { url: server.url, operation, connections, seconds };
    this.child.send(order);
    const [outcome] = (await once(this.child, 'message')) as [Outcome];
    const after = await server.read();
    if (outcome.failed > 0) {
      throw new Error(`${outcome.failed} of ${outcome.requests + outcome.failed} requests failed (${operation})`);
    }
    return {
      perSecond: outcome.requests / outcome.seconds,
      p50: outcome.p50,
      p99: outcome.p99,
      cpu: (after.cpu - before.cpu) / outcome.requests,
      rss: after.rss,
      loopDelay: after.loopDelay,
    };
  }

  stop(): void {
    this.child.kill();
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}

export function medians(samples: readonly Sample[]): Sample {
  const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    cpu: of('cpu'),
    rss: of('rss'),
    loopDelay: of('loopDelay'),
  };
}
