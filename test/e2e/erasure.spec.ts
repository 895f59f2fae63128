import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client as Postgres } from 'pg';
import { startApp, type TestApp } from '../support/app.js';
import { Client, registered } from '../support/client.js';
import { held } from '../support/held.js';
import { learned, say } from '../support/told.js';

interface Message {
  id: string;
  parentId: string | null;
  seq: number;
  role: string;
  content: string;
  metadata: { evidence?: { pastResults: { messageId: string }[] }; references?: object[] };
}
interface Turn {
  conversationId: string;
  runId: string;
  userMessage: Message;
  message: Message;
  insights: { earlier?: string }[];
}
interface Conversation {
  id: string;
  title: string | null;
  version: number;
  messageCount: number;
  lastMessageAt: string | null;
  lastMessagePreview: string | null;
}

let app: TestApp;
let other: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp({ MEMORY_INDEX_SECONDS: '0' });
  other = await startApp({ MEMORY_INDEX_SECONDS: '0' }, app.database);
  user = await registered(app);
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const ask = (query: string, more: object = {}): Promise<Turn> =>
  user.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });
const conversation = (id: string): Promise<Conversation> => user.ok('GET', `/api/v1/conversations/${id}`);
const pathOf = async (id: string): Promise<Message[]> =>
  (await user.ok<{ data: Message[] }>('GET', `/api/v1/conversations/${id}/messages?order=asc&limit=100`)).data;
const contents = async (id: string): Promise<string[]> => (await pathOf(id)).map(({ content }) => content);
const at = (id: string, messageId: string): string => `/api/v1/conversations/${id}/messages/${messageId}`;
const erase = (id: string, messageId: string, by = user): Promise<null> => by.ok('DELETE', at(id, messageId));
const refusal = async (id: string, messageId: string, by = user): Promise<[number, unknown]> => {
  const { status, body } = await by.call('DELETE', at(id, messageId));
  return [status, body['code']];
};
const search = (q: string): Promise<{ data: { excerpt: string }[]; pending: number }> =>
  user.ok('GET', `/api/v1/memory/search?q=${encodeURIComponent(q)}`);

/** Tables and how many of their rows hold the word, in whatever column; without those of data sets, which hold no messages. */
async function rowsWith(word: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const tables = await app.database.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'dataset_rows')`,
  );
  for (const { name } of tables) {
    const [row] = await app.database.query(
      `SELECT count(*) AS n FROM ${String(name)} t WHERE t::text ILIKE '%${word}%'`,
    );
    if (Number(row?.['n']) > 0) found[String(name)] = Number(row?.['n']);
  }
  return found;
}

/** What must hold of every conversation whatever was done to it; the broken ones. */
const broken = (): Promise<Record<string, unknown>[]> =>
  app.database.query(`
    SELECT c.id, c.message_count, counted.*, k.messages, k.terms, k.sittings, k.last_at FROM conversations c
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE active) AS active, max(seq) FILTER (WHERE active) AS tail_seq,
        count(*) FILTER (WHERE active AND parent_id IS DISTINCT FROM before) AS loose,
        count(*) FILTER (WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT FROM messages p
          WHERE p.user_id = c.user_id AND p.conversation_id = c.id AND p.id = path.parent_id AND p.seq < path.seq)) AS orphans
      FROM (SELECT *, lag(id) OVER (PARTITION BY active ORDER BY seq) AS before FROM messages m
        WHERE m.user_id = c.user_id AND m.conversation_id = c.id) path
    ) counted
    LEFT JOIN memory_conversations k ON k.user_id = c.user_id AND k.conversation_id = c.id
    CROSS JOIN LATERAL (
      SELECT count(*) AS messages, coalesce(sum(length), 0) AS terms, max(created_at) AS last_at,
        coalesce(array_agg(DISTINCT author) FILTER (WHERE author IS NOT NULL), '{}') AS authors
      FROM memory_messages i WHERE i.user_id = c.user_id AND i.conversation_id = c.id
    ) indexed
    WHERE counted.active <> c.message_count OR loose > 0 OR orphans > 0
      OR c.tail_id IS DISTINCT FROM (SELECT id FROM messages m
        WHERE m.user_id = c.user_id AND m.conversation_id = c.id AND m.seq = tail_seq)
      OR k.messages <> indexed.messages OR k.terms <> indexed.terms OR k.authors <> indexed.authors
      OR k.last_at IS DISTINCT FROM indexed.last_at`);

async function waitsForLock(): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await app.database.query(waiting)).length === 0) await delay(50);
}

const pastOf = (message: Message | undefined): string[] =>
  (message?.metadata.evidence?.pastResults ?? []).map(({ messageId }) => messageId);

describe('what was erased', () => {
  it('is nowhere in the database any more', async () => {
    const secret = 'quetzalcoatl';
    const first = await ask(`Show me education sector health in 2024, ${secret}`);
    const id = first.conversationId;
    const later = await ask('Compare it with healthcare', { conversationId: id });
    expect(JSON.stringify(later.message.metadata.references)).toContain(secret);
    const last = await ask('Compare education and healthcare in 2024', { conversationId: id });
    const named = await say(user, id, `My name is Ana ${secret}. I live in ${secret}.`, 'user', {
      metadata: { author: secret },
      clientId: secret,
    });
    const answered = await say(user, id, `Hello ${secret}`, 'assistant', { metadata: { author: 'Kim' } });
    await app.database.query(
      `INSERT INTO run_events (user_id, run_id, seq, event, data)
       SELECT user_id, id, 3, 'step.completed', '{"references": [{"meaning": "${secret}"}]}' FROM runs WHERE id = '${later.runId}'
       ON CONFLICT (user_id, run_id, seq) DO UPDATE SET data = excluded.data;
       UPDATE runs SET logged = true WHERE id = '${later.runId}'`,
    );
    await learned(app, user);
    expect(JSON.stringify(await search('education live'))).toContain(secret);
    const before = await rowsWith(secret);
    expect(Object.keys(before).sort()).toEqual([
      'public.conversations',
      'public.memory_conversations',
      'public.memory_fact_sources',
      'public.memory_facts',
      'public.memory_messages',
      'public.messages',
      'public.run_events',
    ]);

    await erase(id, named.id);
    await erase(id, first.userMessage.id);
    expect(await rowsWith(secret)).toEqual({});
    expect(await rowsWith(first.runId)).toEqual({});
    expect(JSON.stringify(await search('education live'))).not.toContain(secret);
    // The answer went with the question, and what followed stays.
    const left = [later.userMessage.id, later.message.id, last.userMessage.id, last.message.id];
    expect((await pathOf(id)).map((message) => message.id)).toEqual(left);
    const past = pastOf((await pathOf(id))[3]);
    expect([past.includes(later.message.id), past.includes(first.message.id)]).toEqual([true, false]);
    expect(await broken()).toEqual([]);
    for (const gone of [first.userMessage.id, first.message.id, named.id, answered.id]) {
      expect((await user.call('GET', at(id, gone))).status).toBe(404);
    }
    expect((await user.call('GET', `/api/v1/chat/runs/${first.runId}`)).status).toBe(404);
    // A run whose events were dropped still tells how it ended.
    const told = await user.call('GET', `/api/v1/chat/runs/${later.runId}/events`);
    expect(told.text).toContain('run.completed');
    expect(told.text).not.toContain(secret);
  });

  it('is not in what forks tell of it, but a copy there is a message of its own', async () => {
    const first = await ask('Show me education sector health in 2021');
    const second = await ask('Compare education and healthcare', { conversationId: first.conversationId });
    expect(pastOf(second.message)).toContain(first.message.id);
    const fork = await user.ok<{ id: string }>('POST', `/api/v1/conversations/${first.conversationId}/fork`, {
      messageId: second.message.id,
    });
    await erase(first.conversationId, first.userMessage.id);
    const copy = await pathOf(fork.id);
    expect(copy.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(pastOf(copy[3])).not.toContain(first.message.id);
    await erase(fork.id, copy[0]?.id ?? '');
    expect(await contents(fork.id)).toEqual(await contents(first.conversationId));
  });

  it('is not in what answers of other conversations tell of it', async () => {
    const first = await ask('Show me education sector health in 2022');
    const elsewhere = await ask('Show me education sector health in 2022');
    expect(pastOf(elsewhere.message)).toContain(first.message.id);
    const compared = await ask('Show me education sector health in 2022, and what was it last time?');
    expect(compared.insights).toContainEqual(expect.objectContaining({ earlier: expect.any(String) }));
    // What a slow run tells on its way is stored, too.
    await app.database.query(
      `INSERT INTO run_events (user_id, run_id, seq, event, data)
       SELECT user_id, id, 3, 'step.completed', '{"references": [{"messageId": "${elsewhere.message.id}"}]}' FROM runs
       WHERE id = '${compared.runId}' ON CONFLICT (user_id, run_id, seq) DO UPDATE SET data = excluded.data;
       UPDATE runs SET logged = true WHERE id = '${compared.runId}'`,
    );
    await erase(elsewhere.conversationId, elsewhere.userMessage.id);
    expect(await rowsWith(elsewhere.message.id)).toEqual({});
    await erase(first.conversationId, first.userMessage.id);
    expect(await rowsWith(first.message.id)).toEqual({});
    expect((await pathOf(compared.conversationId)).map(({ id }) => id)).toContain(compared.message.id);
  });

  it('leaves the list as if it had not been said', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const [one, two, three] = [
      await say(user, id, 'The first question'),
      await say(user, id, 'Its answer', 'assistant'),
      await say(user, id, 'The second question'),
    ];
    expect(await conversation(id)).toMatchObject({ title: 'The first question', version: 2 });
    await erase(id, three.id);
    expect(await conversation(id)).toMatchObject({ messageCount: 2, lastMessagePreview: 'Its answer', version: 2 });
    await say(user, id, 'Another question');
    await erase(id, one.id);
    expect(await conversation(id)).toMatchObject({ messageCount: 1, title: 'Another question', version: 3 });
    expect((await user.call('GET', at(id, two.id))).status).toBe(404);
    await erase(id, (await pathOf(id))[0]?.id ?? '');
    expect(await conversation(id)).toMatchObject({
      messageCount: 0,
      title: null,
      lastMessagePreview: null,
      lastMessageAt: null,
      version: 4,
    });
    const again = await user.ok<Message>('POST', `/api/v1/conversations/${id}/messages`, {
      role: 'user',
      content: 'New',
    });
    expect(again).toMatchObject({ seq: 5, parentId: null });
    expect(await conversation(id)).toMatchObject({ messageCount: 1, title: 'New', lastMessagePreview: 'New' });
  });

  it('never changes a title that the user gave', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', { title: 'Mine' });
    const { id: messageId } = await say(user, id, 'Mine');
    await erase(id, messageId);
    expect(await conversation(id)).toMatchObject({ title: 'Mine', version: 1 });
  });

  it('leaves nothing to index, whatever was indexed before', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    await say(user, id, 'A wombat');
    expect((await search('wombat')).pending).toBe(0);
    const [, second, third] = [
      await say(user, id, 'A numbat'),
      await say(user, id, 'A quokka'),
      await say(user, id, 'A bilby'),
    ];
    await erase(id, third.id);
    const { pending, data } = await search('quokka');
    expect([pending, data[0]?.excerpt]).toEqual([0, 'A quokka']);
    await erase(id, second.id);
    expect(await search('wombat numbat')).toMatchObject({ pending: 0 });
    expect(JSON.stringify(await search('quokka'))).not.toContain('quokka');
    expect(await broken()).toEqual([]);
  });
});

describe('branches', () => {
  it('of an erased message go on from its parent', async () => {
    const [first, id] = await ask('Show me education sector health in 2020').then(
      (turn) => [turn, turn.conversationId] as const,
    );
    const second = await ask('Compare it with healthcare', { conversationId: id });
    const edited = await user.ok<Turn>('POST', `${at(id, second.userMessage.id)}/edit`, { query: 'And in 2019?' });
    const anew = await user.ok<Turn>('POST', `${at(id, first.message.id)}/regenerate`, {});
    // Active now: the first question and its second answer. Erasing the first answer leaves its followers on their branches.
    await erase(id, first.message.id);
    expect((await pathOf(id)).map((message) => message.id)).toEqual([first.userMessage.id, anew.message.id]);
    await user.ok('PUT', `/api/v1/conversations/${id}/active-path`, { messageId: edited.userMessage.id });
    expect((await pathOf(id)).map((message) => message.id)).toEqual([
      first.userMessage.id,
      edited.userMessage.id,
      edited.message.id,
    ]);
    // All answers to a question go with it, on whatever branch.
    await erase(id, first.userMessage.id);
    expect((await pathOf(id)).map((message) => message.id)).toEqual([edited.userMessage.id, edited.message.id]);
    expect((await user.call('GET', at(id, anew.message.id))).status).toBe(404);
    const { data, activeId } = await user.ok<{ data: Message[]; activeId: string }>(
      'GET',
      `${at(id, edited.userMessage.id)}/siblings`,
    );
    expect([data.map((message) => message.id), activeId]).toEqual([
      [second.userMessage.id, edited.userMessage.id],
      edited.userMessage.id,
    ]);
    // One that is not shown changes nothing of what is.
    const shown = await conversation(id);
    await erase(id, second.userMessage.id);
    expect(await conversation(id)).toMatchObject({
      messageCount: 2,
      lastMessagePreview: shown.lastMessagePreview,
      version: shown.version,
    });
    // The end of the path: it ends at the parent then.
    await erase(id, edited.message.id);
    expect((await pathOf(id)).map((message) => message.id)).toEqual([edited.userMessage.id]);
    expect(await broken()).toEqual([]);
    const next = await ask('Show me healthcare in 2018', { conversationId: id });
    expect(next.userMessage.parentId).toBe(edited.userMessage.id);
  });

  it('stay whole under any order of storing, switching and erasing', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    let alive: { id: string; role: string }[] = [];
    let state = 7;
    const some = <T>(items: readonly T[]): T | undefined => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return items[Math.floor((state / 2_147_483_648) * items.length)];
    };
    for (let step = 0; step < 45; step++) {
      const target = some(alive);
      const what = some(['store', 'store', 'branch', 'switch', 'erase'] as const);
      if (what === 'erase' && target !== undefined) await erase(id, target.id);
      else if (what === 'switch' && target !== undefined) {
        await user.ok('PUT', `/api/v1/conversations/${id}/active-path`, { messageId: target.id });
      } else {
        const parent = what === 'branch' && target !== undefined ? { parentId: target.id } : {};
        const role = some(['user', 'assistant', 'assistant', 'system'] as const) ?? 'user';
        await say(user, id, `Message ${step} about ${some(['trade', 'schools', 'rivers'])}`, role, parent);
      }
      if (step % 15 === 0) await search('trade');
      if (step % 9 === 0) expect(await broken()).toEqual([]);
      const rows = await app.database.query(`SELECT id, role FROM messages WHERE conversation_id = '${id}'`);
      alive = rows.map((row) => ({ id: String(row['id']), role: String(row['role']) }));
    }
    expect(await broken()).toEqual([]);
  }, 120_000);
});

describe('at the same time', () => {
  it('is done once, and the second finds nothing', async () => {
    const turn = await ask('How many sectors are there?');
    const both = await Promise.all(
      [app, other].map(({ url }) => {
        const by = new Client(url, user.token);
        return by.call('DELETE', at(turn.conversationId, turn.userMessage.id));
      }),
    );
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 404]);
    const many = await ask('How many regions are there?');
    const more = await Promise.all(
      ['One', 'Two', 'Three', 'Four'].map((content) => say(user, many.conversationId, content)),
    );
    await Promise.all([
      ...more.map((message) => erase(many.conversationId, message.id)),
      search('regions'),
      learned(app, user),
      say(user, many.conversationId, 'Five'),
    ]);
    expect((await contents(many.conversationId)).slice(2)).toEqual(['Five']);
    expect(await broken()).toEqual([]);
  });

  it('waits for an answer that is being worked out, and for one that waits', async () => {
    const { conversationId: id, userMessage } = await ask('Show me infrastructure in 2016');
    const holding = await held(app.database.url);
    const active = (): Promise<Record<string, unknown>[]> =>
      app.database.query(
        `SELECT id, message_id FROM runs WHERE conversation_id = '${id}' AND status IN ('running', 'queued')`,
      );
    const until = async (count: number): Promise<void> => {
      while ((await active()).length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const asked: Promise<unknown>[] = [];
    try {
      asked.push(ask('And in 2014?', { conversationId: id }));
      await until(1);
      const waiting = { conversationId: id, query: 'And in 2013?' };
      asked.push(user.ok('POST', '/api/v1/chat/messages?onBusy=queue', waiting));
      await until(2);
      const [run] = await active();
      for (const messageId of [userMessage.id, String(run?.['message_id'])]) {
        expect(await refusal(id, messageId)).toEqual([409, 'run_active']);
      }
      const { body } = await user.call('DELETE', at(id, userMessage.id));
      expect(body['runId']).toEqual(expect.any(String));
      expect(await contents(id)).toHaveLength(6);
    } finally {
      await holding.release();
    }
    await Promise.all(asked);
    await erase(id, userMessage.id);
    expect(await contents(id)).toHaveLength(4);
  });

  it('leaves nothing in an answer of another conversation that is being worked out', async () => {
    const first = await ask('Show me healthcare sector health in 2023');
    const holding = await held(app.database.url);
    const asked = ask('Compare healthcare and infrastructure in 2023');
    try {
      // Earlier results are read while the query waits.
      await waitsForLock();
      await delay(300);
      await erase(first.conversationId, first.userMessage.id);
    } finally {
      await holding.release();
    }
    const { message } = await asked;
    expect(pastOf(message)).not.toContain(first.message.id);
    expect(await rowsWith(first.message.id)).toEqual({});
  });

  it('and a deleted conversation do not wait for each other for ever', async () => {
    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const message = await say(user, id, 'A platypus');
    const client = new Postgres({ connectionString: app.database.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(`SELECT FROM conversations WHERE id = '${id}' FOR KEY SHARE`);
    const erasing = erase(id, message.id);
    const deleting = user.call('DELETE', `/api/v1/conversations/${id}`);
    const indexing = search('platypus');
    await client.query('COMMIT');
    await client.end();
    expect([204, 404]).toContain((await deleting).status);
    await Promise.allSettled([erasing, indexing]);
    expect((await user.call('GET', `/api/v1/conversations/${id}`)).status).toBe(404);
  });
});

describe('what is kept at hand', () => {
  it('is not served of an erased turn, on any instance', async () => {
    const first = await ask('Show me education sector health in 2017');
    const id = first.conversationId;
    const second = await ask('Show me healthcare sector health in 2017', { conversationId: id });
    const there = new Client(other.url, user.token);
    await erase(id, first.userMessage.id, there);
    const third = await ask('Compare education and healthcare in 2017', { conversationId: id });
    expect(pastOf(third.message)).toContain(second.message.id);
    expect(pastOf(third.message)).not.toContain(first.message.id);
    // The tail is the same again when an answer is given anew.
    const again = (): Promise<Turn> => user.ok('POST', `${at(id, third.userMessage.id)}/regenerate`, {});
    expect(pastOf((await again()).message)).toContain(second.message.id);
    await erase(id, second.message.id, there);
    expect(pastOf((await again()).message)).not.toContain(second.message.id);
  });
});

describe('a client’s own id', () => {
  it('is free again once its message was erased', async () => {
    const send = { query: 'How many sectors are there?', clientId: 'mine-1' };
    const first = await user.ok<Turn>('POST', '/api/v1/chat/messages', send, { 'idempotency-key': 'key-1' });
    await erase(first.conversationId, first.userMessage.id);
    const again = await user.ok<Turn>('POST', '/api/v1/chat/messages', send, { 'idempotency-key': 'key-1' });
    expect(again.conversationId).not.toBe(first.conversationId);
    expect(again.userMessage.id).not.toBe(first.userMessage.id);

    const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    const path = `/api/v1/conversations/${id}/messages`;
    const both = {
      messages: [
        { role: 'user', content: 'Q', clientId: 'mine-2' },
        { role: 'user', content: 'R' },
      ],
    };
    const stored = await user.ok<{ messages: Message[] }>('POST', path, both);
    await erase(id, stored.messages[1]?.id ?? '');
    // What is left of it is not the same append.
    const part = await user.call('POST', path, both);
    expect([part.status, part.body['code']]).toEqual([422, 'idempotency_mismatch']);
    await erase(id, stored.messages[0]?.id ?? '');
    expect((await user.call('POST', path, both)).status).toBe(201);
    expect(await contents(id)).toEqual(['Q', 'R']);
  });
});

it('refuses what is not there, and what is another user’s', async () => {
  const [mine, another] = [await ask('Hello'), await ask('Hello')];
  const stranger = await registered(app);
  const nothing = '019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60';
  expect(await refusal(mine.conversationId, nothing)).toEqual([404, 'message_not_found']);
  expect(await refusal(another.conversationId, mine.message.id)).toEqual([404, 'message_not_found']);
  expect(await refusal(nothing, mine.message.id)).toEqual([404, 'conversation_not_found']);
  expect(await refusal(mine.conversationId, mine.message.id, stranger)).toEqual([404, 'conversation_not_found']);
  expect(await refusal(mine.conversationId, 'x')).toEqual([400, 'validation_failed']);
  expect(await contents(mine.conversationId)).toHaveLength(2);
});

it('costs nothing more when a whole conversation is deleted', async () => {
  const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
  for (let n = 0; n < 5; n++) await say(user, id, `A kookaburra, ${n}`);
  await search('kookaburra');
  await app.database.query(`
    CREATE TABLE calls (n integer);
    ALTER FUNCTION memory_message_erased() RENAME TO erased_before;
    CREATE FUNCTION memory_message_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO calls VALUES (1); RETURN OLD; END $$;
    DROP TRIGGER memory_message_erased ON messages;
    CREATE TRIGGER memory_message_erased BEFORE DELETE ON messages
      FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION memory_message_erased()`);
  await user.ok('DELETE', `/api/v1/conversations/${id}`);
  expect(await app.database.query('SELECT FROM calls')).toHaveLength(0);
});
