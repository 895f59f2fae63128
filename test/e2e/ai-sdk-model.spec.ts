import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { ModelEndpoint } from '../support/model-endpoint.js';
import {
  API,
  type Chat,
  type ChatOptions,
  last,
  roles,
  textOf,
  type UiClient,
  uiClient,
  type UiMessage,
} from '../support/ui-client.js';

/* `useChat` while a language model speaks, over real HTTP on both sides. */

describe('the words of a language model', () => {
  let endpoint: ModelEndpoint;
  let spoken: TestApp;
  let someone: Client;
  beforeAll(async () => {
    endpoint = await ModelEndpoint.start();
    spoken = await startApp({ LLM_BASE_URL: endpoint.url, LLM_MODEL: 'small', LLM_RETRIES: '0' });
    someone = await registered(spoken);
  });
  afterAll(async () => {
    await spoken.close();
    await endpoint.close();
  });
  const aChat = (client: UiClient, fetched: typeof fetch = fetch, options: Partial<ChatOptions> = {}): Chat =>
    new client.Chat({
      ...options,
      transport: new client.DefaultChatTransport({
        api: spoken.url + API,
        headers: { authorization: `Bearer ${someone.token}` },
        fetch: fetched,
      }),
    });

  it('are streamed, and others begin a part of their own where they were taken back', async () => {
    const chat = aChat(await uiClient(7));
    endpoint.says({ text: ['Ada Lovelace ', 'wrote ', 'the first program.'], deltaMs: 150 });
    await chat.sendMessage({ text: 'Who was Ada Lovelace?' });
    expect(textOf(last(chat))).toBe('Ada Lovelace wrote the first program.');
    expect(last(chat)?.metadata).toMatchObject({ status: 'complete', model: 'small', usage: { inputTokens: 11 } });

    endpoint.says('Education reached 99.9 points.'); // nothing in the data says so
    await chat.sendMessage({ text: 'Show me education sector health in 2024' });
    const kept = (last(chat)?.parts ?? []).filter(({ type, providerMetadata }) => type === 'text' && !providerMetadata);
    const stored = await someone.ok<UiMessage[]>('GET', `${API}/${chat.id}/messages`);
    expect(kept.map(({ text }) => text)).toEqual([textOf(stored.at(-1))]);
    expect(textOf(stored.at(-1))).not.toContain('99.9');
  });

  it.each([5, 6, 7] as const)(
    'go on after a connection that broke in the middle of them (version %i)',
    async (major) => {
      const client = await uiClient(major);
      const words = Array.from({ length: 12 }, (_, i) => `word${i} `);
      endpoint.says({ text: words, deltaMs: 150 });
      let cuts = 1;
      const breaking: typeof fetch = async (input, init) => {
        const response = await fetch(input, init);
        if (cuts-- <= 0 || response.body === null) return response;
        let seen = '';
        const decoder = new TextDecoder();
        const body = response.body.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform(bytes, controller) {
              if (seen.includes('word2')) return;
              seen += decoder.decode(bytes, { stream: true });
              controller.enqueue(bytes);
              if (seen.includes('word2')) setTimeout(() => controller.error(new TypeError('network error')), 50);
            },
          }),
        );
        return new Response(body, response);
      };
      const chat = aChat(client, breaking);
      await chat.sendMessage({ text: 'Who was Ada Lovelace?' });
      expect([chat.status, textOf(last(chat))]).toEqual(['error', expect.stringMatching(/^word0 word1 word2/)]);
      // Version 5 keeps what it had beside what is told again; a chat made anew does not.
      const again = major === 5 ? aChat(client, fetch, { id: chat.id, messages: chat.messages }) : chat;
      await again.resumeStream();
      expect([again.status, textOf(last(again))]).toEqual(['ready', words.join('')]);
      expect(roles(again)).toEqual(['user', 'assistant']);
    },
  );
});
