import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A language model that speaks at a steady pace, in a process of its own. Each delta carries the moment at which it was
 * sent, so that whoever reads it at the other end can tell how long it was on its way.
 */

const DELTAS = Number(process.env['DELTAS']);
const EVERY_MS = Number(process.env['EVERY_MS']);
/** Answers are spread over this many moments within the pace, so that they do not all speak at once. */
const SLOTS = 10;

/** What the rules cannot read a model is asked to read first; it cannot either. */
const NOT_ANSWERABLE = JSON.stringify({
  answerable: false,
  intent: 'unknown',
  datasetId: null,
  measures: [],
  groupBy: [],
  filters: [],
  orderBy: null,
  limit: null,
});

interface Answer {
  readonly response: ServerResponse;
  left: number;
}

const slots = Array.from({ length: SLOTS }, () => new Set<Answer>());
let next = 0;

const chunk = (choices: readonly object[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model: 'steady', choices, ...more })}\n\n`;
const say = (delta: object, finish: string | null = null): string =>
  chunk([{ index: 0, delta, finish_reason: finish }]);

const usage = { prompt_tokens: 20, completion_tokens: DELTAS, total_tokens: DELTAS + 20 };
const END = `${say({}, 'stop')}${chunk([], { usage })}data: [DONE]\n\n`;

function speak(slot: Set<Answer>): void {
  const now = (performance.timeOrigin + performance.now()).toFixed(1);
  const delta = say({ content: `@${now} ` });
  for (const answer of slot) {
    answer.response.write(delta);
    if (--answer.left > 0 && !answer.response.destroyed) continue;
    slot.delete(answer);
    answer.response.end(END);
  }
}

let tick = 0;
const begun = performance.now();
setInterval(() => {
  // As many as are due, since timers come late.
  const due = Math.floor((performance.now() - begun) / (EVERY_MS / SLOTS));
  for (; tick < due; tick++) speak(slots[tick % SLOTS] ?? new Set());
}, 1);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  const { response_format: format } = JSON.parse(text) as { response_format?: object };
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  if (format !== undefined) response.end(say({ role: 'assistant', content: NOT_ANSWERABLE }) + END);
  else slots[next++ % SLOTS]?.add({ response, left: DELTAS });
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
});
process.on('disconnect', () => process.exit(0));
