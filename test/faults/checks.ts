import { expect } from '@jest/globals';
import type { Client } from '../support/client.js';
import { streamedEvents, type StreamedEvent } from '../support/sse.js';
import type { Asked, Message } from './asker.js';

/* What must hold once everything that was asked is answered, whatever was killed before. */

/** Every question is in the conversation once, with its one answer after it, in the order in which they were asked. */
export async function expectWhole(client: Client, conversationId: string, asked: readonly Asked[]): Promise<void> {
  const stored = await messagesOf(client, conversationId);
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, place) => place + 1));
  expect(stored.map(({ parentId }) => parentId)).toEqual(stored.map((_, place) => stored[place - 1]?.id ?? null));
  const places = new Map(stored.map(({ id }, place) => [id, place]));
  const placed = asked
    .map((one) => ({ one, place: places.get(one.ids.userMessageId ?? '') ?? -1 }))
    .sort((left, right) => left.place - right.place);
  expect(stored.map(({ id }) => id)).toEqual(placed.flatMap(({ one: { ids } }) => [ids.userMessageId, ids.messageId]));
  expect(stored.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual(
    placed.map(({ one: { question } }) => question.text),
  );
  for (const { one, place } of placed) {
    const isDone = one.status === 'completed';
    expect([stored[place + 1]?.role, stored[place + 1]?.status]).toEqual(
      isDone ? ['assistant', 'complete'] : ['system', 'failed'],
    );
    // Whoever asked only after this was acknowledged stands after it.
    const later = asked.filter(({ begun }) => begun > (one.acknowledged ?? Infinity));
    expect(later.filter(({ ids }) => (places.get(ids.userMessageId ?? '') ?? -1) < place)).toEqual([]);
  }
  const { messageCount } = await client.ok<{ messageCount: number }>('GET', `/api/v1/conversations/${conversationId}`);
  expect(messageCount).toBe(stored.length);
}

/** What the run told can be read from every event on, to its end, and is what its client heard. */
export async function expectReadable(client: Client, one: Asked, random: () => number): Promise<void> {
  const { runId } = one.ids;
  const path = `/api/v1/chat/runs/${runId}/events`;
  const read = async (after: number): Promise<StreamedEvent[]> =>
    streamedEvents(
      await fetch(`${client.url}${path}?after=${after}`, { headers: { authorization: `Bearer ${client.token}` } }),
    );
  const all = await read(0);
  const ids = all.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right));
  expect(all.at(-1)?.event).toBe(`run.${one.status}`);
  expect(all.at(-2)?.event).toBe('message.completed');
  const after = ids[Math.floor(random() * ids.length)] ?? 0;
  expect(await read(after)).toEqual(all.filter(({ id }) => id > after));
  // A number once told is never given to another event; what was told and lost by a kill comes anew, under later numbers.
  const stored = new Map(all.map((event) => [event.id, event]));
  const again = all.findLast(({ event }) => event === 'run.started')?.id ?? 0;
  for (const heard of one.view) {
    const same = stored.get(heard.id);
    if (same !== undefined || heard.id > again) expect(same).toEqual(heard);
  }
}

/** No run is at work or waits: all that was asked is answered. */
export async function expectNothingStuck(client: Client, withinMs: number): Promise<void> {
  const active = async () =>
    (await client.ok<{ data: { id: string; status: string }[] }>('GET', '/api/v1/chat/runs?active=true')).data;
  for (const until = Date.now() + withinMs; (await active()).length > 0 && Date.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await active()).toEqual([]);
}

async function messagesOf(client: Client, conversationId: string): Promise<Message[]> {
  const all: Message[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: Message[]; nextCursor: string | null } = await client.ok(
      'GET',
      `/api/v1/conversations/${conversationId}/messages?order=asc&limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    all.push(...page.data);
    cursor = page.nextCursor;
  }
  return all;
}
