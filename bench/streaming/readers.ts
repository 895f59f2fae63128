import { Agent, request } from 'node:http';

/* Those who ask and read, in a process of their own. Takes one order from the process that started it, and tells what was read. */

export interface Order {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly streams: number;
  /** Milliseconds over which the questions are spread. */
  readonly within: number;
}

export interface Read {
  /** Streams that came to `run.completed`. */
  readonly completed: number;
  /** Every event. */
  readonly events: number;
  /** Deltas of the model that arrived, in `pieces` events. */
  readonly deltas: number;
  readonly pieces: number;
  readonly bytes: number;
  /** Milliseconds from the question to the first words: p50, p99. */
  readonly first: readonly [number, number];
  /** Milliseconds from the model's delta to its arrival: p50, p99. */
  readonly way: readonly [number, number];
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

process.on('message', (order: Order) => {
  void readAll(order).then((read) => process.send?.(read));
});
process.on('disconnect', () => process.exit(0));

async function readAll(order: Order): Promise<Read> {
  const tally = { completed: 0, events: 0, deltas: 0, pieces: 0, bytes: 0, first: [] as number[], way: [] as number[] };
  await Promise.all(
    Array.from({ length: order.streams }, async (_, nth) => {
      await new Promise((resolve) => setTimeout(resolve, (nth * order.within) / order.streams));
      await readOne(order, nth, tally);
    }),
  );
  return { ...tally, first: middleAndEnd(tally.first), way: middleAndEnd(tally.way) };
}

type Tally = { -readonly [K in keyof Omit<Read, 'first' | 'way'>]: number } & { first: number[]; way: number[] };

function readOne({ url, tokens }: Order, nth: number, tally: Tally): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = performance.now();
    let isFirst = true;
    let rest = '';
    const frame = (text: string): void => {
      tally.events++;
      if (text.includes('event: run.completed')) tally.completed++;
      if (!text.includes('event: answer.delta')) return;
      const now = performance.timeOrigin + performance.now();
      if (isFirst) tally.first.push(performance.now() - asked);
      isFirst = false;
      tally.pieces++;
      for (const [, sent] of text.matchAll(/@(\d+\.\d)/g)) {
        tally.deltas++;
        tally.way.push(now - Number(sent));
      }
    };
    const question = request(
      `${url}/api/v1/chat/messages`,
      {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens[nth % tokens.length]}`,
          'content-type': 'application/json',
          accept: 'text/event-stream',
        },
      },
      (response) => {
        response.setEncoding('utf8').on('data', (text: string) => {
          tally.bytes += text.length;
          const frames = (rest + text).split('\n\n');
          rest = frames.pop() ?? '';
          for (const one of frames) if (one.startsWith('id: ')) frame(one);
        });
        response.on('end', resolve).on('error', reject);
      },
    );
    question.on('error', reject).end(JSON.stringify({ query: 'Who was Ada Lovelace?' }));
  });
}

function middleAndEnd(values: number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  return [sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN];
}
