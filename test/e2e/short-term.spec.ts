import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ShortTermService } from '../../src/memory/short-term/short-term.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { factsOf, learned, say, told } from '../support/told.js';

interface ShortTerm {
  data: { conversationId: string; messageId: string; content: string; saidAt: string; expiresAt: string }[];
  windowHours: number;
  ttlHours: number;
  forgottenBefore: string | null;
}

let app: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp({ MEMORY_SHORT_TERM_WINDOW_HOURS: '48', MEMORY_SHORT_TERM_TTL_HOURS: '12' });
});
beforeEach(async () => {
  user = await registered(app);
});
afterAll(() => app.close());

const path = '/api/v1/memory/short-term';
const shortTerm = (query = ''): Promise<ShortTerm> => user.ok('GET', path + query);
const contents = async (query = ''): Promise<string[]> => (await shortTerm(query)).data.map(({ content }) => content);
/** Makes the conversation and its messages that much older. */
const aged = (id: string, hours: number, only = ''): Promise<unknown> =>
  app.database.query(`
    UPDATE messages SET created_at = created_at - interval '${hours} hours' WHERE conversation_id = '${id}' ${only};
    UPDATE conversations SET last_activity_at = (SELECT max(created_at) FROM messages WHERE conversation_id = '${id}') WHERE id = '${id}'`);

it('is what the user said in any conversation, newest first, and for another one to see', async () => {
  const first = await told(user, 'How are the schools?', 'And in 2020?');
  await say(user, first, 'Fine.', 'assistant');
  const second = await told(user, 'What of hospitals?');
  expect(await contents()).toEqual(['What of hospitals?', 'And in 2020?', 'How are the schools?']);
  expect(await contents(`?exceptConversationId=${second}`)).toEqual(['And in 2020?', 'How are the schools?']);
  expect(await contents('?limit=1')).toEqual(['What of hospitals?']);
  const seen = await app.app.get(ShortTermService).recent(user.user.id, { exceptConversationId: first, limit: 5 });
  expect(seen.map(({ content }) => content)).toEqual(['What of hospitals?']);
});

it('is in the context of a new conversation, quoted, and not in that of its own', async () => {
  const first = await told(user, 'I want to compare "schools" with hospitals');
  const second = await told(user);
  const recalled = async (id: string): Promise<{ text: string; sources: string[] } | undefined> => {
    const { parts } = await user.ok<{ parts: { kind: string; text: string; sources: string[] }[] }>(
      'GET',
      `/api/v1/conversations/${id}/context?question=Hello`,
    );
    return parts.find(({ kind }) => kind === 'recalled');
  };
  const { data } = await shortTerm();
  expect(await recalled(second)).toMatchObject({
    text: expect.stringContaining('the user said: "I want to compare \\"schools\\" with hospitals"'),
    sources: [data[0]?.messageId],
  });
  expect(await recalled(first)).toBeUndefined();
  await user.ok('DELETE', path);
  expect(await recalled(second)).toBeUndefined();
});

it('is nobody else’s', async () => {
  await told(await registered(app), 'Mine alone');
  expect(await contents()).toEqual([]);
});

it('leaves by itself: what is older than the window, and conversations quiet for the time to live', async () => {
  const quiet = await told(user, 'Said in a quiet one');
  await aged(quiet, 13);
  const lively = await told(user, 'Too long ago', 'Yesterday', 'Now');
  await aged(lively, 49, 'AND seq = 1');
  await aged(lively, 30, 'AND seq = 2');
  const { data, ...settings } = await shortTerm();
  expect(data.map(({ content }) => content)).toEqual(['Now', 'Yesterday']);
  expect(settings).toEqual({ windowHours: 48, ttlHours: 12, forgottenBefore: null });
  const lives = data.map(({ saidAt, expiresAt }) => (Date.parse(expiresAt) - Date.parse(saidAt)) / 3_600_000);
  expect(lives[0]).toBe(12);
  expect(lives[1]).toBeGreaterThan(41);
});

it('forgets on request what was said up to then, and nothing else', async () => {
  const id = await told(user, 'I live in Rome');
  await learned(app, user);
  await user.ok('DELETE', path);
  expect(await shortTerm()).toMatchObject({ data: [], forgottenBefore: expect.any(String) });
  expect(await factsOf(user)).toHaveLength(1);
  await say(user, id, 'And now?');
  expect(await contents()).toEqual(['And now?']);
});

it('loses what is deleted with its conversation', async () => {
  const id = await told(user, 'Soon gone');
  await user.ok('DELETE', `/api/v1/conversations/${id}`);
  expect(await contents()).toEqual([]);
});

it('is empty where it is switched off', async () => {
  const off = await startApp({ MEMORY_SHORT_TERM_WINDOW_HOURS: '0' }, app.database);
  try {
    await told(user, 'Hello');
    const seen = await off.app.get(ShortTermService).recent(user.user.id, { limit: 5 });
    expect(seen).toEqual([]);
  } finally {
    await off.close();
  }
});
