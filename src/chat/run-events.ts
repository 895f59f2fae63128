import type { ServerResponse } from 'node:http';

/** What a client that streams is told, in this order (see the API document). */
export type RunEventName =
  | 'run.started'
  | 'message.stored'
  | 'step.started'
  | 'step.completed'
  | 'answer.delta'
  | 'visualization'
  | 'message.completed'
  | 'run.completed'
  | 'run.failed';

export type Emit = (event: RunEventName, data: object) => void;

/** Proxies and browsers drop a stream that is silent for too long. */
const PING_MS = 10_000;

/** The events of one run on one response: numbered from 1, a comment every 10 s, and never a reason for the run to stop. */
export class EventStream {
  private next = 1;
  private ping: NodeJS.Timeout | null = null;

  constructor(
    private readonly response: ServerResponse,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  get open(): boolean {
    return this.ping !== null;
  }

  readonly emit: Emit = (event, data) => {
    if (this.ping === null) this.start();
    this.write(`id: ${this.next++}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  end(): void {
    if (this.ping !== null) clearInterval(this.ping);
    this.response.end();
  }

  private start(): void {
    this.response.on('error', () => undefined); // the client left; the run goes on
    this.response.writeHead(200, {
      ...this.headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.ping = setInterval(() => this.write(': ping\n\n'), PING_MS);
    this.ping.unref();
  }

  private write(text: string): void {
    if (!this.response.writableEnded && !this.response.destroyed) this.response.write(text);
  }
}

/** Pieces of an answer as they would be typed: word by word, joined to some 40 characters. */
export function deltas(text: string): string[] {
  return text.match(/[\s\S]{1,40}(?:\s+|$)|[\s\S]{1,40}/g) ?? [];
}
