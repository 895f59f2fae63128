import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Client, registered } from '../support/client.js';
import { type Held, held } from '../support/held.js';
import { eventsUntil, streamedEvents, type StreamedEvent } from '../support/sse.js';

/*
 * Turns that go on by themselves. Two instances on one database throughout: whatever one of them can do with a run, the
 * other can. A run is kept at work by holding back its analytical query.
 */

interface Message {
  id: string;
  role: string;
  status: string;
  content: string;
  parentId: string | null;
}
interface Turn {
  conversationId: string;
  runId: string;
  status: string;
  userMessage: Message;
  message: Message;
}
interface Run {
  id: string;
  status: string;
  conversationId: string;
  messageId: string;
  lastEvent: number;
}

/** Never the same one twice: results of the same query are kept at hand, and could not be held back. */
let asked = 0;
const aQuestion = (): string =>
  `Average score by ${['sector', 'region', 'income group'][asked % 3]} in ${2015 + Math.floor(asked++ / 3)}`;

let app: TestApp;
let second: TestApp;
let user: Client;
let elsewhere: Client;
let holding: Held | null = null;

beforeAll(async () => {
  app = await startApp({ RUN_LEASE_SECONDS: '2' });
  second = await startApp({ RUN_LEASE_SECONDS: '2' }, app.database);
  user = await registered(app);
  elsewhere = new Client(second.url, user.token);
});
afterEach(async () => {
  await holding?.release();
  holding = null;
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const send = (query: string, more: object = {}, by = user): Promise<Turn> =>
  by.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });

const streamed = (by: Client, method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  fetch(by.url + path, {
    method,
    headers: {
      authorization: `Bearer ${by.token}`,
      accept: 'text/event-stream',
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });

const eventsAfter = async (by: Client, runId: string, after: number): Promise<StreamedEvent[]> =>
  streamedEvents(await streamed(by, 'GET', `/api/v1/chat/runs/${runId}/events?after=${after}`));

/** A run that is at work, and held there. */
async function busy(
  conversationId?: string,
): Promise<{ events: StreamedEvent[]; runId: string; conversationId: string }> {
  holding = await held(app.database.url);
  const response = await streamed(user, 'POST', '/api/v1/chat/messages', { query: aQuestion(), conversationId });
  const events = await eventsUntil(
    response,
    ({ event, data }) => event === 'step.started' && data['name'] === 'retrieval',
  );
  const data = events[0]?.data ?? {};
  return { events, runId: String(data['runId']), conversationId: String(data['conversationId']) };
}

const statusOf = async (runId: string, by = user): Promise<string> =>
  (await by.ok<Run>('GET', `/api/v1/chat/runs/${runId}`)).status;

async function eventually<T>(look: () => Promise<T>, fits: (found: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const found = await look();
    if (fits(found) || i === 200) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('what a run told', () => {
  it('can be read again from every event on, on every instance, word for word', async () => {
    const first = await streamedEvents(await streamed(user, 'POST', '/api/v1/chat/messages', { query: aQuestion() }));
    const runId = String(first[0]?.data['runId']);
    expect(first.at(-1)?.event).toBe('run.completed');
    for (let after = 0; after < first.length; after++) {
      expect(await eventsAfter(after % 2 === 0 ? user : elsewhere, runId, after)).toEqual(first.slice(after));
    }
    const byHeader = await streamed(user, 'GET', `/api/v1/chat/runs/${runId}/events`, undefined, {
      'last-event-id': String(first.length - 2),
    });
    expect(await streamedEvents(byHeader)).toEqual(first.slice(-2));
    const nothing = await streamed(user, 'GET', `/api/v1/chat/runs/${runId}/events?after=${first.length}`);
    expect(nothing.status).toBe(204);
  });

  it('is heard on another instance while it goes on, after the client that asked has left', async () => {
    const { runId, events } = await busy();
    const there = eventsAfter(elsewhere, runId, 0);
    const here = eventsAfter(user, runId, 4);
    await new Promise((resolve) => setTimeout(resolve, 400)); // long enough to be logged
    expect(await statusOf(runId, elsewhere)).toBe('running');
    await holding?.release();
    const whole = await there;
    expect(whole.slice(0, events.length)).toEqual(events);
    expect(whole.at(-1)?.event).toBe('run.completed');
    expect(whole.map(({ id }) => id)).toEqual(whole.map((_, i) => i + 1));
    expect(await here).toEqual(whole.slice(4));
    expect(await eventsAfter(elsewhere, runId, 7)).toEqual(whole.slice(7));
  });

  it('has an answer from the start, which is written in place', async () => {
    const { runId, conversationId } = await busy();
    const path = `/api/v1/conversations/${conversationId}/messages?order=asc`;
    const before = await user.ok<{ data: Message[] }>('GET', path);
    expect(before.data.map(({ role, status }) => [role, status])).toEqual([
      ['user', 'complete'],
      ['assistant', 'streaming'],
    ]);
    await holding?.release();
    await eventsAfter(user, runId, 0);
    const after = await user.ok<{ data: Message[] }>('GET', path);
    expect(after.data.map(({ id }) => id)).toEqual(before.data.map(({ id }) => id));
    expect(after.data[1]).toMatchObject({ status: 'complete', content: expect.stringMatching(/\d/) });
  });
});

describe('stop', () => {
  it('works from another instance, and keeps what there was', async () => {
    const { runId, conversationId } = await busy();
    const reading = eventsAfter(user, runId, 0);
    const stopping = elsewhere.ok<Run>('POST', `/api/v1/chat/runs/${runId}/stop`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await holding?.release();
    expect((await stopping).status).toBe('stopped');
    expect((await reading).at(-1)?.event).toBe('run.stopped');
    const { data } = await user.ok<{ data: Message[] }>('GET', `/api/v1/conversations/${conversationId}/messages`);
    expect(data[0]).toMatchObject({ role: 'assistant', status: 'stopped' });
    expect(await user.ok<Run>('POST', `/api/v1/chat/runs/${runId}/stop`)).toMatchObject({ status: 'stopped' });
    expect((await send('And in 2023?', { conversationId })).status).toBe('completed');
  });

  it('can be taken back: the same run goes on, the same message is written', async () => {
    const { runId } = await busy();
    const stopping = user.ok<Run>('POST', `/api/v1/chat/runs/${runId}/stop`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await holding?.release();
    const stopped = await stopping;
    const again = await elsewhere.ok<Run>('POST', `/api/v1/chat/runs/${runId}/continue`);
    expect([again.id, again.messageId]).toEqual([stopped.id, stopped.messageId]);
    const events = await eventsAfter(user, runId, stopped.lastEvent);
    expect(events[0]?.event).toBe('run.started');
    expect(events[0]?.id).toBeGreaterThan(stopped.lastEvent);
    // A reader may have heard words of the first attempt that were never stored.
    expect(events.map(({ event }) => event)).toContain('answer.reset');
    expect(events.at(-1)?.event).toBe('run.completed');
    const refused = await user.call('POST', `/api/v1/chat/runs/${runId}/continue`);
    expect([refused.status, refused.body['code']]).toEqual([409, 'run_not_resumable']);
  });
});

describe('a second send while one is at work', () => {
  it('is refused with the run that is in the way', async () => {
    const { runId, conversationId } = await busy();
    const refused = await elsewhere.call('POST', '/api/v1/chat/messages', { query: 'And in 2023?', conversationId });
    expect([refused.status, refused.body['code'], refused.body['runId']]).toEqual([409, 'run_active', runId]);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    const active = await user.ok<{ data: Run[] }>(
      'GET',
      `/api/v1/chat/runs?active=true&conversationId=${conversationId}`,
    );
    expect(active.data.map(({ id }) => id)).toEqual([runId]);
  });

  it('waits its turn when it is to, on whatever instance, and is answered in order', async () => {
    const { conversationId } = await busy();
    const path = '/api/v1/chat/messages?onBusy=queue';
    const next = user.ok<Turn>('POST', path, { query: 'And in 2023?', conversationId });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const last = elsewhere.ok<Turn>('POST', path, { query: 'And in 2022?', conversationId });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await holding?.release();
    const answers = [await next, await last];
    expect(answers.map(({ status }) => status)).toEqual(['completed', 'completed']);
    const { data } = await user.ok<{ data: Message[] }>(
      'GET',
      `/api/v1/conversations/${conversationId}/messages?order=asc`,
    );
    expect(data.map(({ role, status }) => `${role} ${status}`)).toEqual(
      Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? 'user complete' : 'assistant complete')),
    );
    expect(data[3]?.content).toContain('2023');
    expect(data[5]?.content).toContain('2022');
  });

  it('of many at the same moment each gets its turn', async () => {
    const { conversationId } = await send('Hello');
    const sends = Array.from({ length: 150 }, (_, i) =>
      (i % 2 === 0 ? user : elsewhere).call<Turn>('POST', '/api/v1/chat/messages?onBusy=queue', {
        query: `Hello ${i}`,
        conversationId,
      }),
    );
    const answers = await Promise.all(sends);
    expect(answers.filter(({ status, body }) => status !== 200 || body.status !== 'completed')).toEqual([]);
    const { messageCount } = await user.ok<{ messageCount: number }>('GET', `/api/v1/conversations/${conversationId}`);
    expect(messageCount).toBe(302);
  }, 60_000);

  it('can be stopped while it waits', async () => {
    const { conversationId } = await busy();
    const waiting = user.ok<Turn>('POST', '/api/v1/chat/messages?onBusy=queue', {
      query: 'And in 2023?',
      conversationId,
    });
    const { data } = await eventually(
      () => user.ok<{ data: Run[] }>('GET', `/api/v1/chat/runs?active=true&conversationId=${conversationId}`),
      (found) => found.data.length === 2,
    );
    const queued = data.find(({ status }) => status === 'queued');
    expect(await user.ok<Run>('POST', `/api/v1/chat/runs/${queued?.id}/stop`)).toMatchObject({ status: 'stopped' });
    expect((await waiting).status).toBe('stopped');
  });
});

describe('a repeated send', () => {
  it('attaches to the first one, by key or by client id, also while that is at work, on whatever instance', async () => {
    holding = await held(app.database.url);
    const body = { query: aQuestion(), clientId: 'attached-1' };
    const question = aQuestion();
    const key = { 'idempotency-key': 'attached-key' };
    const sends = [user, elsewhere, user, elsewhere].map((by, i) =>
      by.call<Turn>('POST', '/api/v1/chat/messages', body, i === 0 ? key : {}),
    );
    const keyed = [user, elsewhere].map((by) =>
      by.call<Turn>('POST', '/api/v1/chat/messages', { query: question }, { 'idempotency-key': 'only-a-key' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await holding.release();
    for (const same of [sends, keyed]) {
      const answers = await Promise.all(same);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect(new Set(answers.map(({ body: { runId, message } }) => `${runId} ${message.id}`)).size).toBe(1);
    }
  });

  it('of another body is refused', async () => {
    const path = '/api/v1/chat/messages';
    const query = aQuestion();
    const key = { 'idempotency-key': 'used-once' };
    const first = await user.ok<Turn>('POST', path, { query }, key);
    const other = await user.call('POST', path, { query: 'Hello' }, key);
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_mismatch']);
    const elsewhereSent = await user.call('POST', path, { query, persona: 'digital_twin_designer' }, key);
    expect(elsewhereSent.status).toBe(422);
    const edit = `/api/v1/conversations/${first.conversationId}/messages/${first.userMessage.id}/edit`;
    expect((await user.call('POST', edit, { query }, key)).status).toBe(422);
    const bad = await user.call('POST', path, { query }, { 'idempotency-key': 'x'.repeat(300) });
    expect([bad.status, bad.body['code']]).toEqual([400, 'validation_failed']);
  });

  it('of many at once makes each turn once', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `many-${i}`);
    const sends = keys.flatMap((key, i) =>
      Array.from({ length: 1 + (i % 3) }, (_, n) => ({ key, by: n % 2 === 0 ? user : elsewhere })),
    );
    const answers = await Promise.all(
      sends.map(({ key, by }) =>
        by.call<Turn>('POST', '/api/v1/chat/messages', { query: 'Hello' }, { 'idempotency-key': key }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(keys.length);
    expect(new Set(answers.map(({ body }) => body.conversationId)).size).toBe(keys.length);
  });
});

describe('an instance that dies', () => {
  it('leaves its run interrupted; sending again, or going on, answers it under the same ids', async () => {
    const third = await startApp({ RUN_LEASE_SECONDS: '2' }, app.database);
    const there = new Client(third.url, user.token);
    holding = await held(app.database.url);
    const body = { query: aQuestion(), clientId: 'orphan-1' };
    const response = await streamed(there, 'POST', '/api/v1/chat/messages', body);
    const events = await eventsUntil(
      response,
      ({ event, data }) => event === 'step.started' && data['name'] === 'retrieval',
    );
    const runId = String(events[0]?.data['runId']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Its process is gone for all that the others can see: it says nothing any more.
    await app.database.query(`UPDATE runs SET instance_id = gen_random_uuid() WHERE id = '${runId}'`);
    expect(
      await eventually(
        () => statusOf(runId),
        (status) => status === 'interrupted',
      ),
    ).toBe('interrupted');
    await holding.release();
    const told = await eventsAfter(user, runId, events.length);
    expect(told.at(-1)?.event).toBe('run.interrupted');
    const [again, twice] = await Promise.all([
      user.ok<Turn>('POST', '/api/v1/chat/messages', body),
      elsewhere.ok<Turn>('POST', '/api/v1/chat/messages', body),
    ]);
    expect([again.runId, again.message.id, again.status]).toEqual([runId, twice.message.id, 'completed']);
    expect(again.message.id).toBe(events[0]?.data['messageId']);
    const after = await eventsAfter(elsewhere, runId, told.at(-1)?.id ?? 0);
    expect(after.at(-1)?.event).toBe('run.completed');
    await third.close();
  });

  it('leaves none behind while it lives, either: a run whose start it never learned of is interrupted', async () => {
    const { runId, message } = await send(aQuestion());
    // As it is stored when the connection breaks after the commit and before its acknowledgement.
    await app.database.query(
      `WITH run AS (UPDATE runs SET status = 'running', finished_at = NULL WHERE id = '${runId}')
       UPDATE messages SET status = 'streaming' WHERE id = '${message.id}'`,
    );
    expect(
      await eventually(
        () => statusOf(runId),
        (status) => status === 'interrupted',
      ),
    ).toBe('interrupted');
    await user.ok('POST', `/api/v1/chat/runs/${runId}/continue`);
    expect((await eventsAfter(elsewhere, runId, 0)).at(-1)?.event).toBe('run.completed');
  });

  it('settles its own runs when it is stopped in an orderly way', async () => {
    const third = await startApp({ RUN_LEASE_SECONDS: '60', SHUTDOWN_GRACE_MS: '100' }, app.database);
    const there = new Client(third.url, user.token);
    holding = await held(app.database.url);
    const response = await streamed(there, 'POST', '/api/v1/chat/messages', { query: aQuestion() });
    const events = await eventsUntil(
      response,
      ({ event, data }) => event === 'step.started' && data['name'] === 'retrieval',
    );
    const closing = third.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await holding.release();
    await closing;
    expect(await statusOf(String(events[0]?.data['runId']))).toBe('interrupted');
  });
});

it('tells its readers when its conversation is deleted', async () => {
  const { runId, conversationId } = await busy();
  const [here, there] = [eventsAfter(user, runId, 0), eventsAfter(elsewhere, runId, 0)];
  await new Promise((resolve) => setTimeout(resolve, 300));
  await user.call('DELETE', `/api/v1/conversations/${conversationId}`);
  await holding?.release();
  expect((await here).at(-1)).toMatchObject({ event: 'run.failed', data: { error: { code: 'conversation_deleted' } } });
  expect((await there).length).toBeGreaterThan(3); // another instance only sees that it is gone
  expect((await user.call('GET', `/api/v1/chat/runs/${runId}`)).status).toBe(404);
});

it('lists its runs page by page, newest first', async () => {
  const stranger = await registered(app);
  const sent: string[] = [];
  for (let i = 0; i < 5; i++) sent.unshift((await send('Hello', {}, stranger)).runId);
  const listed: string[] = [];
  let cursor = '';
  do {
    const page: { data: Run[]; nextCursor: string | null } = await stranger.ok(
      'GET',
      `/api/v1/chat/runs?limit=2${cursor}`,
    );
    listed.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== '');
  expect(listed).toEqual(sent);
  expect((await stranger.ok<{ data: Run[] }>('GET', '/api/v1/chat/runs?active=true')).data).toEqual([]);
  expect((await stranger.ok<{ data: Run[] }>('GET', '/api/v1/chat/runs?active=false')).data).toHaveLength(5);
});

it('keeps the log of a run for a while, and its outcome for good', async () => {
  const brief = await startApp({ RUN_EVENTS_KEEP_SECONDS: '0', RUN_LEASE_SECONDS: '2' }, app.database);
  const { runId } = await busy();
  await new Promise((resolve) => setTimeout(resolve, 400));
  await holding?.release();
  const all = await eventsAfter(user, runId, 0);
  const count = async () =>
    Number((await app.database.query(`SELECT count(*) FROM run_events WHERE run_id = '${runId}'`))[0]?.['count']);
  expect(await eventually(count, (n) => n === 0)).toBe(0);
  expect(await eventsAfter(user, runId, 0)).toEqual(all); // worked out by rules: what it told follows from the message
  await brief.close();
});
