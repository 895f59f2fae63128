import autocannon from 'autocannon';
import { caller, type Operation } from './operations.js';
import { tokenOf, USERS } from './population.js';

/*
 * The load, in a process of its own: it must not wait for the servers it measures. Takes orders from and answers to the
 * process that started it.
 */

export interface Order {
  readonly url: string;
  readonly operation: Operation;
  readonly connections: number;
  readonly seconds: number;
}

export interface Outcome {
  readonly requests: number;
  readonly seconds: number;
  /** Not 2xx, or no answer at all. */
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const tokens = Array.from({ length: USERS }, (_, index) => tokenOf(index + 1));

process.on('message', (order: Order) => {
  void run(order).then((outcome) => process.send?.(outcome));
});
process.on('disconnect', () => process.exit(0));

async function run({ url, operation, connections, seconds }: Order): Promise<Outcome> {
  const times: number[] = [];
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 30,
    setupClient: (client) => {
      const next = caller(operation, tokens, Math.random);
      let call = next();
      const prepare = (): void => {
        const { method, path, token, body } = call;
        client.setRequests([
          {
            method,
            path,
            headers: {
              authorization: `Bearer ${token}`,
              ...(body !== undefined && { 'content-type': 'application/json' }),
            },
            ...(body !== undefined && { body }),
            onResponse: (_, answer) => {
              call.answered?.(answer);
              call = next();
              prepare();
            },
          },
        ]);
      };
      prepare();
      client.on('response', (_status, _bytes, ms) => times.push(ms));
    },
  });
  times.sort((left, right) => left - right);
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0;
  return {
    requests: result['2xx'],
    seconds: result.duration,
    failed: result.non2xx + result.errors + result.timeouts,
    p50: at(0.5),
    p99: at(0.99),
  };
}
