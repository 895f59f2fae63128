import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';

interface Message {
  id: string;
  parentId: string | null;
  seq: number;
  role: string;
  content: string;
  clientId: string | null;
  status: string;
}
interface Turn {
  conversationId: string;
  runId: string;
  userMessage: Message;
  message: Message;
}
interface Conversation {
  id: string;
  title: string;
  messageCount: number;
  lastMessagePreview: string;
  forkedFrom: { conversationId: string; messageId: string } | null;
}

let app: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp();
  user = await registered(app);
});
afterAll(() => app.close());

const ask = (query: string, more: object = {}): Promise<Turn> =>
  user.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });
const pathOf = async (id: string): Promise<Message[]> =>
  (await user.ok<{ data: Message[] }>('GET', `/api/v1/conversations/${id}/messages?order=asc&limit=100`)).data;
const idsOf = async (id: string): Promise<string[]> => (await pathOf(id)).map((message) => message.id);
const conversation = (id: string): Promise<Conversation> => user.ok<Conversation>('GET', `/api/v1/conversations/${id}`);
const of = ({ conversationId }: Turn, message: Message, what: string): string =>
  `/api/v1/conversations/${conversationId}/messages/${message.id}/${what}`;

/** Two turns: a question, and one that follows it. */
async function twoTurns(): Promise<[Turn, Turn]> {
  const first = await ask('Show me education sector health in 2024');
  return [first, await ask('Compare it with healthcare', { conversationId: first.conversationId })];
}

describe('an edited question', () => {
  it('stands beside the old one, is answered from what came before it, and the old path is kept', async () => {
    const [first, second] = await twoTurns();
    const id = first.conversationId;
    const edited = await user.ok<Turn>('POST', of(second, second.userMessage, 'edit'), { query: 'And in 2020?' });
    expect(edited.userMessage.parentId).toBe(first.message.id);
    expect(edited.message.content).toContain('2020');
    expect(edited.message.content).not.toContain('Healthcare'); // what it follows is the first turn, not the second
    expect(await idsOf(id)).toEqual([first.userMessage.id, first.message.id, edited.userMessage.id, edited.message.id]);
    expect((await conversation(id)).messageCount).toBe(4);

    const { data, activeId } = await user.ok<{ data: Message[]; activeId: string }>(
      'GET',
      of(second, second.userMessage, 'siblings'),
    );
    expect(data.map((message) => message.id)).toEqual([second.userMessage.id, edited.userMessage.id]);
    expect(activeId).toBe(edited.userMessage.id);

    const back = await user.ok<Conversation>('PUT', `/api/v1/conversations/${id}/active-path`, {
      messageId: second.userMessage.id,
    });
    expect(back.messageCount).toBe(4);
    expect(await idsOf(id)).toEqual([first.userMessage.id, first.message.id, second.userMessage.id, second.message.id]);
    const next = await ask('Which region is the lowest?', { conversationId: id });
    expect(next.userMessage.parentId).toBe(second.message.id);
    expect((await conversation(id)).messageCount).toBe(6);
  });

  it('that comes twice at the same moment is edited once', async () => {
    const [first] = await twoTurns();
    for (let i = 0; i < 5; i++) {
      const body = { query: `Show me healthcare in ${2018 + i}`, clientId: `edited-at-once-${i}` };
      const edits = await Promise.all(
        [1, 2, 3].map(() => user.ok<Turn>('POST', of(first, first.userMessage, 'edit'), body)),
      );
      expect(new Set(edits.map(({ runId, message }) => `${runId} ${message.id} ${message.status}`)).size).toBe(1);
      expect(edits[0]?.message.status).toBe('complete');
    }
  });

  it('may be the very first one', async () => {
    const [first] = await twoTurns();
    const edited = await user.ok<Turn>('POST', of(first, first.userMessage, 'edit'), { query: 'Hello' });
    expect(edited.userMessage.parentId).toBeNull();
    expect(await idsOf(first.conversationId)).toEqual([edited.userMessage.id, edited.message.id]);
    expect((await conversation(first.conversationId)).messageCount).toBe(2);
  });

  it('is a question of the user', async () => {
    const [first] = await twoTurns();
    const refused = await user.call('POST', of(first, first.message, 'edit'), { query: 'Hello' });
    expect([refused.status, refused.body['code']]).toEqual([400, 'not_a_question']);
  });
});

describe('an answer given anew', () => {
  it('stands beside the old one', async () => {
    const [first, second] = await twoTurns();
    const again = await user.ok<Turn>('POST', of(second, second.message, 'regenerate'), {});
    expect(again.userMessage.id).toBe(second.userMessage.id);
    expect(again.message.content).toBe(second.message.content);
    expect(again.message.id).not.toBe(second.message.id);
    expect(await idsOf(first.conversationId)).toEqual([
      first.userMessage.id,
      first.message.id,
      second.userMessage.id,
      again.message.id,
    ]);
    const third = await user.ok<Turn>('POST', of(second, second.userMessage, 'regenerate'), {});
    const { data } = await user.ok<{ data: Message[] }>('GET', of(second, third.message, 'siblings'));
    expect(data.map((message) => message.id)).toEqual([second.message.id, again.message.id, third.message.id]);
    expect((await conversation(first.conversationId)).messageCount).toBe(4);
  });
});

describe('a message sent after another one than the last', () => {
  it('makes a branch there; after one of another conversation it is refused', async () => {
    const [first, second] = await twoTurns();
    const id = first.conversationId;
    const branch = await ask('And in 2019?', { conversationId: id, parentId: first.message.id });
    expect(branch.userMessage.parentId).toBe(first.message.id);
    const root = await ask('Hello', { conversationId: id, parentId: null });
    expect(root.userMessage.parentId).toBeNull();
    const [other] = await twoTurns();
    for (const parentId of [other.message.id, '019a5c3e-7f00-7000-8000-000000000000']) {
      const refused = await user.call('POST', '/api/v1/chat/messages', { query: 'Hi', conversationId: id, parentId });
      expect([refused.status, refused.body['code']]).toEqual([400, 'parent_not_found']);
    }
    const foreign = await user.call('PUT', `/api/v1/conversations/${id}/active-path`, { messageId: other.message.id });
    expect([foreign.status, foreign.body['code']]).toEqual([400, 'message_not_in_conversation']);
    expect((await user.call('GET', `/api/v1/conversations/${id}/messages/${other.message.id}/siblings`)).status).toBe(
      404,
    );
    expect(await idsOf(id)).toEqual([root.userMessage.id, root.message.id]);
    await user.ok('PUT', `/api/v1/conversations/${id}/active-path`, { messageId: first.userMessage.id });
    expect((await idsOf(id)).at(-1)).toBe(branch.message.id); // the newest that follows
    expect(second.conversationId).toBe(id);
  });
});

describe('a fork', () => {
  it('begins as the other one did, and goes its own way', async () => {
    const [first, second] = await twoTurns();
    const fork = await user.ok<Conversation>('POST', `/api/v1/conversations/${first.conversationId}/fork`, {
      messageId: first.message.id,
    });
    expect(fork).toMatchObject({
      messageCount: 2,
      forkedFrom: { conversationId: first.conversationId, messageId: first.message.id },
      title: (await conversation(first.conversationId)).title,
    });
    const copied = await pathOf(fork.id);
    expect(copied.map(({ content }) => content)).toEqual([first.userMessage.content, first.message.content]);
    expect(copied.map(({ seq, parentId }) => [seq, parentId])).toEqual([
      [1, null],
      [2, copied[0]?.id],
    ]);
    expect(copied.some(({ id }) => [first.userMessage.id, first.message.id].includes(id))).toBe(false);
    const next = await ask('And in 2020?', { conversationId: fork.id });
    expect(next.message.content).toContain('2020');
    expect((await idsOf(first.conversationId)).at(-1)).toBe(second.message.id);
  });
});
