import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { failing, ModelEndpoint } from '../support/model-endpoint.js';

interface Part {
  kind: string;
  text: string;
  tokens: number;
  sources: string[];
}
interface Context {
  model: string | null;
  tokenizer: string;
  tokens: number;
  budget: number;
  parts: Part[];
  leftOut: { kind: string; sources: string[]; reason: string }[];
}
interface Turn {
  conversationId: string;
  userMessage: { id: string };
  message: { id: string; content: string; metadata: { model: { context: Context } } };
}

let endpoint: ModelEndpoint;
let app: TestApp;
let user: Client;
beforeAll(async () => {
  endpoint = await ModelEndpoint.start();
  endpoint.says((request) => (request.response_format === undefined ? 'A mathematician.' : failing(500)));
  app = await startApp({ LLM_BASE_URL: endpoint.url, LLM_MODEL: 'gpt-4o', LLM_RETRIES: '0', CONTEXT_TOKENS: '700' });
  user = await registered(app);
});
afterAll(async () => {
  await app.close();
  await endpoint.close();
});

const ask = (query: string, more: object = {}): Promise<Turn> =>
  user.ok<Turn>('POST', '/api/v1/chat/messages', { query, ...more });
const preview = (id: string, question: string): Promise<Context> =>
  user.ok<Context>('GET', `/api/v1/conversations/${id}/context?question=${encodeURIComponent(question)}`);

it('shows exactly what is sent: before the question, with the answer, and later', async () => {
  const first = await ask('Who was Ada Lovelace?');
  const id = first.conversationId;
  const question = 'And who was her father?';
  const before = await preview(id, question);
  const second = await ask(question, { conversationId: id });
  const sent = endpoint.chats.at(-1)?.body.messages ?? [];

  expect(before.parts.map(({ kind }) => kind)).toEqual(['rules', 'window', 'question']);
  expect(before).toMatchObject({ model: 'default/gpt-4o', tokenizer: 'o200k_base', budget: 700 });
  expect(before.parts[1]?.sources).toEqual([first.userMessage.id, first.message.id]);
  expect(sent.map(({ content }) => content)).toEqual([
    before.parts[0]?.text,
    'Who was Ada Lovelace?',
    'A mathematician.',
    question,
  ]);
  const later = await user.ok<Context>('GET', `/api/v1/conversations/${id}/messages/${second.message.id}/context`);
  expect(later).toEqual(before);
  const { context } = second.message.metadata.model;
  expect(context).toMatchObject({
    tokens: before.tokens,
    budget: 700,
    persona: { version: 1 },
    parts: before.parts.map(({ kind, tokens, sources }) => ({ kind, tokens, sources })),
  });
});

it('stays within its budget in a long conversation, and says what was left out', async () => {
  const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
  for (let n = 0; n < 12; n++) {
    await user.ok('POST', `/api/v1/conversations/${id}/messages`, {
      messages: [
        { role: 'user', content: `Note number ${n}` },
        { role: 'assistant', content: `Kept number ${n}. ${'Nothing else of note. '.repeat(12)}` },
      ],
    });
  }
  const context = await preview(id, 'What was the last number?');
  expect(context.tokens).toBeLessThanOrEqual(700);
  expect(context.parts.find(({ kind }) => kind === 'window')?.text).toContain('Kept number 11.');
  const window = context.parts.find(({ kind }) => kind === 'window')?.sources ?? [];
  expect(
    context.leftOut
      .filter(({ kind, reason }) => kind === 'window' && reason === 'no room')
      .flatMap(({ sources }) => sources),
  ).toHaveLength(24 - window.length);
});

it('is one’s own, and of an answer', async () => {
  const turn = await ask('Who was Ada Lovelace?');
  const stranger = await registered(app);
  const path = `/api/v1/conversations/${turn.conversationId}`;
  expect((await stranger.call('GET', `${path}/context?question=Hi`)).status).toBe(404);
  expect((await stranger.call('GET', `${path}/messages/${turn.message.id}/context`)).status).toBe(404);
  expect((await user.call('GET', `${path}/context`)).status).toBe(200);
  expect((await stranger.call('GET', `${path}/context`)).status).toBe(404);
  const long = await user.call('GET', `${path}/context?question=${'why%20'.repeat(1500)}`);
  expect([long.status, long.body['code']]).toEqual([422, 'question_too_long']);
  const ofQuestion = await user.ok<Context>('GET', `${path}/messages/${turn.userMessage.id}/context`);
  expect(ofQuestion).toEqual(await user.ok<Context>('GET', `${path}/messages/${turn.message.id}/context`));
  const own = { messages: [{ role: 'assistant', content: 'Nobody asked.' }] };
  const { id } = await user.ok<{ id: string }>('POST', '/api/v1/conversations', {});
  const { messages } = await user.ok<{ messages: { id: string }[] }>(
    'POST',
    `/api/v1/conversations/${id}/messages`,
    own,
  );
  const unasked = await user.call('GET', `/api/v1/conversations/${id}/messages/${messages[0]?.id}/context`);
  expect([unasked.status, unasked.body['code']]).toEqual([400, 'not_an_answer']);
});
