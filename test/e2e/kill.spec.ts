import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, PASSWORD } from '../support/client.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { Instance, postmasterOf } from '../support/instance.js';

/*
 * The promise that everything else leans on: what was acknowledged is there, once, whatever is killed at whatever moment.
 * The built program runs in processes of its own, with the durability it has in earnest.
 */

const KILLS = 20;
const WRITERS = 4;
const ON_A_SERVER = Boolean(process.env['DATABASE_URL']);
const isRoot = process.getuid?.() === 0;

let directory: string;
let database: TestDatabase | null = null;
const running: Instance[] = [];

async function started(runAs?: { uid: number; gid: number }): Promise<Instance> {
  const instance = await Instance.start({
    directory,
    databaseUrl: database?.url ?? null,
    settings: { RUN_LEASE_SECONDS: '1' },
    ...(runAs && { runAs }),
  });
  running.push(instance);
  return instance;
}

beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(os.tmpdir(), 'engram-kill-')), 'data');
  chmodSync(path.dirname(directory), 0o755);
  mkdirSync(directory);
});
afterEach(async () => {
  for (const instance of running.splice(0)) await instance.killWithDatabase();
  await database?.drop();
  database = null;
  rmSync(path.dirname(directory), { recursive: true, force: true });
});

interface Stored {
  readonly id: string;
  readonly seq: number;
  readonly parentId: string | null;
  readonly role: string;
  readonly content: string;
  readonly clientId: string | null;
}

/** One send, and the ids of its messages once they were acknowledged. */
interface Sent {
  readonly conversationId: string;
  readonly kind: 'messages' | 'question';
  readonly clientId: string;
  readonly path: string;
  readonly body: unknown;
  acknowledged: readonly string[] | null;
}

let sends = 0;

function newSend(conversationId: string): Sent {
  const clientId = `send-${++sends}`;
  const question = 'Show me education sector health in 2024';
  // Every fifth goes through the whole turn.
  return sends % 5 === 0
    ? {
        conversationId,
        clientId,
        kind: 'question',
        // The run of a dead process is in the way until it has been missed for long enough.
        path: '/api/v1/chat/messages?onBusy=queue',
        body: { query: question, conversationId, clientId },
        acknowledged: null,
      }
    : {
        conversationId,
        clientId,
        kind: 'messages',
        path: `/api/v1/conversations/${conversationId}/messages`,
        body: {
          messages: [
            { role: 'user', content: `Question ${clientId}`, clientId },
            { role: 'assistant', content: `Answer to ${clientId}`, clientId: `${clientId}-answer` },
          ],
        },
        acknowledged: null,
      };
}

/** Sends and notes the acknowledgement; sending again is what a client does that got no answer. */
async function send(client: Client, sent: Sent): Promise<void> {
  if (sent.kind === 'question') {
    const { userMessage, message } = await client.ok<{ userMessage: Stored; message: Stored }>(
      'POST',
      sent.path,
      sent.body,
    );
    sent.acknowledged = [userMessage.id, message.id];
  } else {
    const { messages } = await client.ok<{ messages: Stored[] }>('POST', sent.path, sent.body);
    sent.acknowledged = messages.map(({ id }) => id);
  }
}

const isToRepeat = ({ acknowledged }: Sent): boolean => acknowledged === null;

async function messagesOf(client: Client, conversationId: string): Promise<Stored[]> {
  const all: Stored[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { data: Stored[]; nextCursor: string | null } = await client.ok(
      'GET',
      `/api/v1/conversations/${conversationId}/messages?order=asc&limit=100${from}`,
    );
    all.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

/** Everything acknowledged is there once, in order, and the conversation counts what it has. */
async function expectWhole(client: Client, conversationId: string, ledger: readonly Sent[]): Promise<void> {
  const stored = await messagesOf(client, conversationId);
  const mine = ledger.filter((sent) => sent.conversationId === conversationId);
  const ids = new Set(stored.map(({ id }) => id));
  expect(mine.flatMap(({ acknowledged }) => acknowledged ?? []).filter((id) => !ids.has(id))).toEqual([]);
  const known = new Set(mine.flatMap(({ clientId }) => [clientId, `${clientId}-answer`]));
  const clientIds = stored.flatMap(({ clientId }) => clientId ?? []);
  expect(new Set(clientIds).size).toBe(clientIds.length);
  expect(clientIds.filter((clientId) => !known.has(clientId))).toEqual([]);
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, place) => place + 1));
  expect(stored.map(({ parentId }) => parentId)).toEqual(stored.map((_, place) => stored[place - 1]?.id ?? null));
  const { messageCount } = await client.ok<{ messageCount: number }>('GET', `/api/v1/conversations/${conversationId}`);
  expect(messageCount).toBe(stored.length);
}

describe('kill -9', () => {
  it(`loses and doubles nothing over ${KILLS} kills in the middle of writing`, async () => {
    if (ON_A_SERVER) database = await testDatabase();
    let instance = await started();
    const account = { email: 'writer@example.com', password: PASSWORD };
    const { accessToken } = await new Client(instance.url).ok<{ accessToken: string }>(
      'POST',
      '/api/v1/auth/register',
      account,
    );
    const client = () => new Client(instance.url, accessToken);
    const conversations: string[] = [];
    for (let writer = 0; writer < WRITERS; writer++) {
      conversations.push((await client().ok<{ id: string }>('POST', '/api/v1/conversations', {})).id);
    }
    const ledger: Sent[] = [];
    let unanswered = 0;

    for (let round = 0; round < KILLS; round++) {
      // Killed while the writers are at work: right after an acknowledgement, never the same one.
      let left = 3 + ((round * 7) % 11);
      let alive = true;
      const kills: Promise<void>[] = [];
      const writing = conversations.map(async (conversationId) => {
        const writer = client();
        while (alive) {
          const sent = newSend(conversationId);
          ledger.push(sent);
          try {
            await send(writer, sent);
          } catch (error) {
            if (alive) throw error;
            return;
          }
          if (--left <= 0 && alive) {
            alive = false;
            // By turns our process alone, and everything; a server elsewhere is not ours to kill.
            kills.push(round % 2 === 0 || ON_A_SERVER ? instance.kill() : instance.killWithDatabase());
          }
        }
      });
      await Promise.all(writing);
      await Promise.all(kills);
      instance = await started();
      await Promise.all(conversations.map((id) => expectWhole(client(), id, ledger)));
      // At once, since each may have to wait for the run of the dead process to be missed; one a conversation.
      const open = ledger.filter(isToRepeat);
      unanswered += open.length;
      await Promise.all(open.map((sent) => send(client(), sent)));
    }

    for (const conversationId of conversations) await expectWhole(client(), conversationId, ledger);
    const stored = await Promise.all(conversations.map((conversationId) => messagesOf(client(), conversationId)));
    const sure = ledger.filter(({ acknowledged }) => acknowledged !== null);
    expect(stored.flat().length).toBeGreaterThanOrEqual(2 * sure.length);
    expect(stored.flat().length).toBeLessThanOrEqual(2 * ledger.length);
    expect(sure).toHaveLength(ledger.length);
    expect(unanswered).toBeGreaterThan(KILLS / 2); // the kills did fall into the middle of sends
    expect(await instance.stop()).toBe(0);
  }, 400_000);
});

(ON_A_SERVER ? describe.skip : describe)('a data directory', () => {
  it('is one instance’s at a time: a second start says so and ends, and the first goes on', async () => {
    const first = await started();
    await expect(started()).rejects.toThrow(/ended with 1: .*Another Engram is already running/s);
    const { status } = await new Client(first.url).call('GET', '/health/ready');
    expect(status).toBe(200);
    expect(await first.stop()).toBe(0);
    expect(postmasterOf(directory)).toBeNull();
  }, 120_000);

  // The program's own files must be readable by that user, which they are not under a closed home directory.
  (isRoot ? it : it.skip)(
    'works for an ordinary user as well, over a kill of everything',
    async () => {
      const nobody = { uid: 65_534, gid: 65_534 };
      chownSync(path.dirname(directory), nobody.uid, nobody.gid);
      chownSync(directory, nobody.uid, nobody.gid);
      const first = await started(nobody);
      const { accessToken } = await new Client(first.url).ok<{ accessToken: string }>('POST', '/api/v1/auth/register', {
        email: 'ordinary@example.com',
        password: PASSWORD,
      });
      await first.killWithDatabase();
      const second = await started(nobody);
      await new Client(second.url, accessToken).ok('GET', '/api/v1/users/me');
      expect(await second.stop()).toBe(0);
    },
    60_000,
  );
});
