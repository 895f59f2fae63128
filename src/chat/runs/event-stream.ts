import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { RunEvent } from './run-event.js';

const log = new Logger('runs');

/** Proxies and browsers drop a stream that is silent for too long. */
const PING_MS = 10_000;

/** What a stream says of itself; `extra` is the protocol's own. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Aborted when the client has gone. */
export function leaving(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  return left.signal;
}

/**
 * Sends frames as they come, and a comment every 10 s. A client that reads slowly is waited for; one that left ends
 * the sending, and nothing else. What fails before the first frame is thrown; the caller answers it like any other error.
 */
export async function sendFrames(
  reply: FastifyReply,
  frames: AsyncIterator<string>,
  extra: Readonly<Record<string, string>> = {},
): Promise<void> {
  let next = await frames.next();
  const response = reply.raw;
  reply.hijack();
  response.on('error', () => undefined); // the client left; the run goes on
  response.writeHead(200, { ...headersOf(reply), ...HEADERS, ...extra });
  const ping = setInterval(() => response.write(': ping\n\n'), PING_MS);
  try {
    while (next.done !== true && !response.destroyed) {
      const room = response.write(next.value);
      if (!room && !response.destroyed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      next = await frames.next();
    }
  } catch (error) {
    log.warn(`a stream ended early: ${(error as Error).message}`); // too late for a status; readers may ask again
  } finally {
    clearInterval(ping);
    await frames.return?.();
    response.end();
  }
}

/** The native form of a run's events. */
export async function* nativeFrames(events: AsyncIterable<RunEvent>): AsyncGenerator<string> {
  for await (const { seq, event, data } of events) {
    yield `id: ${seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}

/** What hooks (CORS, security headers) have set already, which a hijacked reply would lose. */
const headersOf = (reply: FastifyReply): Record<string, string> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
