import type { Client } from 'pg';
import { median } from './measure.js';
import { type Operation, storeBody } from './operations.js';
import { conversationId, conversationsOfLength, LENGTHS, ownerOf, tokenOf } from './population.js';
import type { Server } from './server.js';

/** What one request costs in conversations of one length, one request after the other. */
export interface Cost {
  readonly operation: Operation;
  readonly length: number;
  /** Milliseconds, median. */
  readonly ms: number;
  /** Bytes of write-ahead log, median over rounds. */
  readonly wal: number;
  readonly statements: number;
}

const QUESTIONS = ['Show me education sector health in 2024', 'Compare it with healthcare', 'And in 2020?'];

/** Lengths take turns, so that whatever the machine does meanwhile happens to all of them. */
export async function costByLength(server: Server, client: Client, rounds: number): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const operation of ['store', 'last', 'turn'] as const) {
    const seen = new Map(
      LENGTHS.map((length) => [length, { ms: [] as number[], wal: [] as number[], statements: [] as number[] }]),
    );
    for (let round = -1; round < rounds; round++) {
      for (const [length, { ms, wal, statements }] of seen) {
        const conversations = conversationsOfLength(length);
        const before = { wal: await walPosition(client), statements: (await server.read()).statements };
        const times: number[] = [];
        for (const conversation of conversations) times.push(await timed(server, operation, conversation, round));
        if (round < 0) continue; // the first round fills caches and pages
        ms.push(...times);
        wal.push(((await walPosition(client)) - before.wal) / conversations.length);
        statements.push(((await server.read()).statements - before.statements) / conversations.length);
      }
    }
    for (const [length, { ms, wal, statements }] of seen) {
      costs.push({ operation, length, ms: median(ms), wal: median(wal), statements: median(statements) });
    }
  }
  return costs;
}

async function timed(server: Server, operation: Operation, conversation: number, round: number): Promise<number> {
  const id = conversationId(conversation);
  const messages = `/api/v1/conversations/${id}/messages`;
  const query = QUESTIONS[(round + 1) % QUESTIONS.length];
  const [path, body] =
    operation === 'turn'
      ? ['/api/v1/chat/messages', JSON.stringify({ query, conversationId: id })]
      : operation === 'store'
        ? [messages, storeBody()]
        : [`${messages}?limit=10`, undefined];
  const headers = {
    authorization: `Bearer ${tokenOf(ownerOf(conversation))}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const started = performance.now();
  const response = await fetch(server.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${text.slice(0, 300)}`);
  return performance.now() - started;
}

async function walPosition(client: Client): Promise<number> {
  const { rows } = await client.query<{ at: string }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS at`,
  );
  return Number(rows[0]?.at);
}
