import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import type { MessageRow } from '../../src/conversations/message.entity.js';
import type { MessageDraft } from '../../src/conversations/messages.service.js';
import { type Bench, conversationsBench } from '../support/conversations.js';

let bench: Bench;
let owner: Actor;
let conversation: string;
beforeAll(async () => {
  bench = await conversationsBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  owner = await bench.owner();
  conversation = (await bench.conversations.create(owner, {})).conversation.id;
});

const user = (content: string, more: Partial<MessageDraft> = {}): MessageDraft => ({ role: 'user', content, ...more });
const assistant = (content: string, more: Partial<MessageDraft> = {}): MessageDraft => ({
  role: 'assistant',
  content,
  ...more,
});
const append = (...drafts: MessageDraft[]): ReturnType<Bench['messages']['append']> =>
  bench.messages.append(owner.id, conversation, drafts);
const all = (): Promise<MessageRow[]> => bench.messages.recent(owner.id, conversation, 100_000);
const refusal = (code: string, status: number): unknown => expect.objectContaining({ code, status });

async function refused(work: Promise<unknown>, status: number, code: string): Promise<void> {
  await expect(work).rejects.toEqual(refusal(code, status));
}

describe('appending', () => {
  it('gives what is stored, without reading it back', async () => {
    const turn = await append(user('How many?', { metadata: { a: [1, null, { b: 'ü' }] } }), assistant('Three.'));
    expect(await all()).toEqual(turn.messages);
    expect(turn.messages.map(({ seq, parentId }) => [seq, parentId])).toEqual([
      [1, null],
      [2, turn.messages[0]?.id],
    ]);
    const next = await append(user('And now?'));
    expect(next.messages[0]).toMatchObject({ seq: 3, parentId: turn.messages[1]?.id });
    expect(next.conversation).toMatchObject({ messageCount: 3, lastSeq: 3 });
  });

  it('keeps the counters and the order under 50 writers at once', async () => {
    const sizes = Array.from({ length: 50 }, (_, i) => 1 + (i % 3));
    const answers = await Promise.all(
      sizes.map((size, i) => append(...Array.from({ length: size }, (_, j) => user(`${i}.${j}`)))),
    );
    const rows = await all();
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
    // one line of parents, although each writer saw only an older end of the conversation
    expect(rows.map(({ parentId }) => parentId)).toEqual([null, ...rows.slice(0, -1).map(({ id }) => id)]);
    expect(rows.every(({ createdAt }, i) => createdAt >= (rows[i - 1]?.createdAt ?? createdAt))).toBe(true);
    for (const { messages } of answers) {
      expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, i) => (messages[0]?.seq ?? 0) + i));
    }
    const row = await bench.conversations.owned(owner, conversation);
    expect(row).toMatchObject({ messageCount: total, lastSeq: total, tailId: rows.at(-1)?.id });
    expect(row.lastActivityAt).toEqual(rows.at(-1)?.createdAt);
    expect(row.lastMessagePreview).toBe(rows.at(-1)?.content);
  });

  it('stores nothing of a turn when a part of it fails', async () => {
    await append(user('one', { clientId: 'a' }));
    await refused(
      append(user('two', { clientId: 'b' }), assistant('three', { clientId: 'a' })),
      422,
      'idempotency_mismatch',
    );
    await expect(
      append(user('two'), { role: 'user', content: 'x', status: 'nothing' as 'complete' }),
    ).rejects.toThrow();
    expect((await all()).map(({ content }) => content)).toEqual(['one']);
    expect(await bench.conversations.owned(owner, conversation)).toMatchObject({ messageCount: 1, lastSeq: 1 });
  });

  it('joins the transaction it is in', async () => {
    await expect(
      bench.db.tx(async () => {
        await append(user('never'));
        expect(await all()).toHaveLength(1);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await all()).toEqual([]);
  });

  it('does not reach the conversation of another owner', async () => {
    const { messages } = await append(user('mine'));
    const other = await bench.owner();
    await refused(bench.messages.append(other.id, conversation, [user('yours')]), 404, 'conversation_not_found');
    await refused(bench.messages.get(other.id, conversation, messages[0]?.id ?? ''), 404, 'message_not_found');
    await refused(bench.messages.page(other, conversation, { order: 'asc', limit: 5 }), 404, 'conversation_not_found');
    expect(await bench.messages.recent(other.id, conversation, 5)).toEqual([]);
    const twin = (await bench.conversations.create(owner, {})).conversation.id;
    await refused(bench.messages.get(owner.id, twin, messages[0]?.id ?? ''), 404, 'message_not_found');
  });
});

describe('title and first words', () => {
  it('takes the title from the first user message, once', async () => {
    await append({ role: 'system', content: 'Be kind.' });
    expect((await bench.conversations.owned(owner, conversation)).title).toBeNull();
    const named = await append(
      user('  Which region has the lowest\ninfrastructure score in 2023, and why? '),
      assistant('A'),
    );
    expect(named.conversation).toMatchObject({
      title: 'Which region has the lowest infrastructure score',
      titleBy: 'auto',
      version: 2,
    });
    expect((await append(user('Something else'))).conversation).toMatchObject({
      title: named.conversation.title,
      version: 2,
    });
  });

  it('leaves a title of the user alone', async () => {
    await bench.conversations.rename(owner, conversation, 'Mine');
    expect((await append(user('Hello'))).conversation.title).toBe('Mine');
  });
});

describe('sending again with the same client id', () => {
  it('answers with the first result', async () => {
    const first = await append(user('one', { clientId: 'u1', metadata: { b: 1, a: 2 } }), assistant('two'));
    await append(user('later'));
    const again = await append(user('one', { clientId: 'u1', metadata: { a: 2, b: 1 } }), assistant('two'));
    expect(again.repeated).toBe(true);
    expect(again.messages).toEqual(first.messages);
    expect(again.conversation).toMatchObject({ messageCount: 3 });
    expect(await all()).toHaveLength(3);
  });

  it.each<[string, MessageDraft[]]>([
    ['other content', [user('ONE', { clientId: 'u1' }), assistant('two')]],
    ['another answer', [user('one', { clientId: 'u1' }), assistant('TWO')]],
    ['another role', [assistant('one', { clientId: 'u1' }), assistant('two')]],
    ['other metadata', [user('one', { clientId: 'u1', metadata: { a: 1 } }), assistant('two')]],
    ['more messages', [user('one', { clientId: 'u1' }), assistant('two'), user('three')]],
    ['it in another place', [assistant('two'), user('one', { clientId: 'u1' })]],
  ])('refuses %s', async (_, drafts) => {
    await append(user('one', { clientId: 'u1' }), assistant('two'));
    await refused(append(...drafts), 422, 'idempotency_mismatch');
    expect(await all()).toHaveLength(2);
  });

  it('refuses it in another conversation, but not of another owner', async () => {
    await append(user('one', { clientId: 'u1' }));
    const other = (await bench.conversations.create(owner, {})).conversation.id;
    await refused(
      bench.messages.append(owner.id, other, [user('one', { clientId: 'u1' })]),
      422,
      'idempotency_mismatch',
    );
    const stranger = await bench.owner();
    const theirs = (await bench.conversations.create(stranger, {})).conversation.id;
    const stored = await bench.messages.append(stranger.id, theirs, [user('one', { clientId: 'u1' })]);
    expect(stored.repeated).toBe(false);
  });

  it('stores one of many at the very same moment', async () => {
    const [first] = (await append(user('before'))).messages;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        bench.messages.add(owner, conversation, [user('x', { clientId: 'u1' })], i % 2 === 0 ? undefined : first?.id),
      ),
    );
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(answers.map(({ messages }) => messages[0]?.id)).size).toBe(1);
    expect(await bench.conversations.owned(owner, conversation)).toMatchObject({ messageCount: 2, lastSeq: 2 });
  });
});

describe('appending after an earlier message', () => {
  const after = (parent: string | undefined, ...drafts: MessageDraft[]): ReturnType<Bench['messages']['append']> =>
    bench.messages.appendAfter(parent ?? '', owner.id, conversation, drafts);

  it('goes on from there, and keeps what it leaves', async () => {
    const { messages } = await append(user('1'), assistant('2'), user('3'), assistant('4'));
    const branch = await after(messages[1]?.id, user('3b'), assistant('4b'));
    expect((await all()).map(({ content }) => content)).toEqual(['1', '2', '3b', '4b']);
    expect(branch.conversation).toMatchObject({ messageCount: 4, lastSeq: 6 });
    const back = await after(messages[3]?.id, user('5'));
    expect((await all()).map(({ content }) => content)).toEqual(['1', '2', '3', '4', '5']);
    expect(back.messages[0]).toMatchObject({ seq: 7, parentId: messages[3]?.id });
    expect(back.conversation.messageCount).toBe(5);
    expect(await bench.messages.get(owner.id, conversation, branch.messages[0]?.id ?? '')).toMatchObject({
      active: false,
    });
  });

  it('is the ordinary append when that is the last message', async () => {
    const { messages } = await append(user('1'));
    expect((await after(messages[0]?.id, assistant('2'))).messages[0]).toMatchObject({
      seq: 2,
      parentId: messages[0]?.id,
    });
    expect((await all()).map(({ content }) => content)).toEqual(['1', '2']);
  });

  it('changes nothing when it was done before', async () => {
    const { messages } = await append(user('1'), assistant('2'));
    const first = await after(messages[0]?.id, assistant('2b', { clientId: 'b' }));
    await append(user('3b'));
    const again = await after(messages[0]?.id, assistant('2b', { clientId: 'b' }));
    expect([again.repeated, again.messages]).toEqual([true, first.messages]);
    expect((await all()).map(({ content }) => content)).toEqual(['1', '2b', '3b']);
  });

  it('refuses a parent that is not of this conversation', async () => {
    await append(user('1'));
    const other = (await bench.conversations.create(owner, {})).conversation.id;
    const { messages } = await bench.messages.append(owner.id, other, [user('elsewhere')]);
    for (const parent of [messages[0]?.id, newId()]) await refused(after(parent, user('2')), 400, 'parent_not_found');
    await refused(bench.messages.appendAfter(newId(), owner.id, newId(), [user('2')]), 404, 'conversation_not_found');
    expect(await bench.conversations.owned(owner, conversation)).toMatchObject({ messageCount: 1, lastSeq: 1 });
  });
});

describe('pages', () => {
  it('lose and repeat nothing, in both directions, whatever the sizes', async () => {
    const { messages } = await append(user('0'));
    for (let i = 0; i < 5; i++) await append(...Array.from({ length: 7 }, (_, j) => assistant(`${i}.${j}`)));
    await bench.messages.appendAfter(messages[0]?.id ?? '', owner.id, conversation, [user('b')]);
    await append(...Array.from({ length: 20 }, (_, j) => assistant(`b${j}`)));
    const path = (await all()).map(({ seq }) => seq);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 25 }),
        fc.constantFrom('asc' as const, 'desc' as const),
        async (limit, order) => {
          const seen: number[] = [];
          let cursor: string | undefined;
          for (;;) {
            const page = await bench.messages.page(owner, conversation, { order, limit, cursor });
            expect(page.data.length).toBeLessThanOrEqual(limit);
            seen.push(...page.data.map(({ seq }) => seq));
            expect(page.hasMore).toBe(page.nextCursor !== null);
            if (page.nextCursor === null) break;
            cursor = page.nextCursor;
          }
          expect(seen).toEqual(order === 'asc' ? path : [...path].reverse());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('turn round at a cursor', async () => {
    await append(...Array.from({ length: 9 }, (_, i) => user(String(i + 1))));
    const first = await bench.messages.page(owner, conversation, { order: 'asc', limit: 4 });
    const back = await bench.messages.page(owner, conversation, {
      order: 'desc',
      limit: 9,
      cursor: first.nextCursor ?? '',
    });
    expect(back.data.map(({ seq }) => seq)).toEqual([3, 2, 1]);
  });

  it('are empty for a new conversation', async () => {
    expect(await bench.messages.page(owner, conversation, { order: 'desc', limit: 5 })).toEqual({
      data: [],
      hasMore: false,
      nextCursor: null,
    });
  });
});

describe('recent messages', () => {
  it('are the last ones, oldest first, with the metadata asked for', async () => {
    for (let i = 1; i <= 6; i++) await append(user(String(i), { metadata: { i, rows: [1, 2], no: null } }));
    const [five, six] = await bench.messages.recent(owner.id, conversation, 2, { members: ['i', 'no', 'nothing'] });
    expect([five, six].map((row) => [row?.content, row?.metadata])).toEqual([
      ['5', { i: 5, no: null }],
      ['6', { i: 6, no: null }],
    ]);
    const before = await bench.messages.recent(owner.id, conversation, 2, { before: 5, members: [] });
    expect(before.map(({ content, metadata }) => [content, metadata])).toEqual([
      ['3', {}],
      ['4', {}],
    ]);
  });
});

describe('the list of conversations', () => {
  it('loses and repeats nothing, ties included', async () => {
    const person = await bench.owner();
    const ids: string[] = [];
    for (let i = 0; i < 23; i++) ids.push((await bench.conversations.create(person, {})).conversation.id);
    await bench.db.change(
      `UPDATE conversations SET last_activity_at = '2026-11-21T07:00:00.123Z'::timestamptz + (mod(('x' || right(id::text, 2))::bit(8)::int, 3)) * interval '1 ms'
       WHERE user_id = $1`,
      [person.id],
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), async (limit) => {
        const seen: { id: string; at: string }[] = [];
        let cursor: string | undefined;
        for (;;) {
          const page = await bench.conversations.list(person, limit, cursor);
          seen.push(...page.data.map((row) => ({ id: row.id, at: row.lastActivityAt.toISOString() })));
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
        }
        expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
        const keys = seen.map(({ id, at }) => `${at} ${id}`);
        expect(keys).toEqual(keys.toSorted().reverse());
      }),
      { numRuns: 10 },
    );
  });
});

describe('an answer that is settled', () => {
  const QUOTE = 'The crane was repaired in May.';
  const passage = (documentId: string, title: string): object => ({
    documentId,
    title,
    sentences: [QUOTE],
    quote: QUOTE,
  });
  /** A document of a collection of this user, as far as answers need to know of it. */
  async function documentOf(userId: string, shared: boolean): Promise<string> {
    const [collectionId, id] = [newId(), newId()];
    await bench.db.query(`INSERT INTO collections (user_id, id, shared, name) VALUES ($1, $2, $3, $4)`, [
      userId,
      collectionId,
      shared,
      id,
    ]);
    await bench.db.query(
      `INSERT INTO documents (user_id, id, collection_id, upload_id, name, status) VALUES ($1, $2, $3, $2, 'a', 'ready')`,
      [userId, id, collectionId],
    );
    return id;
  }

  it('quotes no document that was removed while it was worked out', async () => {
    const other = await bench.owner();
    const own = await documentOf(owner.id, false);
    const shared = await documentOf(other.id, true);
    const gone = newId();
    const [answer] = (await append(user('When?'), assistant('', { status: 'streaming' }))).messages.slice(1);
    const line = (title: string): string => `**${title}**: “${QUOTE}”`;
    const settled = await bench.messages.settle(
      owner.id,
      conversation,
      {
        seq: answer?.seq ?? 0,
        role: 'assistant',
        type: 'analysis',
        status: 'complete',
        content: ['The documents say:', line('Own'), line('Shared')].join('\n\n'),
        metadata: { evidence: { primary: null, passages: [passage(own, 'Own'), passage(shared, 'Shared')] } },
      },
      { text: () => 'SELECT true AS free', values: [] },
    );
    expect(settled?.message.content).toContain(line('Shared'));
    const again = await bench.messages.settle(
      owner.id,
      conversation,
      {
        seq: answer?.seq ?? 0,
        role: 'assistant',
        type: 'analysis',
        status: 'complete',
        content: [
          'The documents say:',
          `**Gone**, Repairs: “It fell. Twice.” “${QUOTE}”`,
          line('Gone'),
          'I looked for “crane”.',
        ].join('\n\n'),
        metadata: {
          evidence: { primary: null, passages: [passage(gone, 'Gone')], corrected: [{ word: 'crene', as: ['crane'] }] },
        },
      },
      { text: () => 'SELECT true AS free', values: [] },
    );
    const [, stored] = await all();
    expect([again?.message.content, stored?.content]).toEqual(
      Array.from({ length: 2 }, () => 'The documents say:\n\nA document that was quoted here was removed.'),
    );
    expect(stored?.metadata).toEqual({ evidence: { primary: null, passages: [] } });
    expect(again?.message.metadata).toEqual(stored?.metadata);
    const shown = await bench.conversations.owned(owner, conversation);
    expect(shown.lastMessagePreview).not.toContain('May');
  });

  it('in a model\u2019s own words is none where one of the documents is gone', async () => {
    const [answer] = (await append(user('When?'), assistant('', { status: 'streaming' }))).messages.slice(1);
    const settled = await bench.messages.settle(
      owner.id,
      conversation,
      {
        seq: answer?.seq ?? 0,
        role: 'assistant',
        type: 'analysis',
        status: 'complete',
        content: 'It was mended in spring.\n\nSource: Gone.',
        metadata: { evidence: { primary: null, passages: [passage(newId(), 'Gone')] }, model: { wording: 'model' } },
      },
      { text: () => 'SELECT true AS free', values: [] },
    );
    expect(settled?.message.content).toBe('A document that was quoted here was removed.');
  });
});
