import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { failing, HANGS_UP, ModelEndpoint, page, type Raw, SILENT } from '../../../test/support/model-endpoint.js';
import { ModelError } from '../language-model.js';
import { OpenAiEmbedder } from './openai-embedder.js';
import { Provider } from './provider.js';

let endpoint: ModelEndpoint;
beforeAll(async () => {
  endpoint = await ModelEndpoint.start();
});
beforeEach(() => {
  endpoint.forget();
  endpoint.embeddingsReply = null;
});
afterAll(() => endpoint.close());

const embed = (texts: string[], signal = new AbortController().signal): ReturnType<OpenAiEmbedder['embed']> =>
  new OpenAiEmbedder(
    new Provider(
      { name: 'default', baseUrl: endpoint.url, apiKey: null, model: 'tiny' },
      { timeoutMs: 10_000, silenceTimeoutMs: 300, retries: 1 },
    ),
    'vectors',
  ).embed(texts, signal);

const vectors = (...data: unknown[]): Raw => ({ status: 200, body: { data } });

describe('vectors', () => {
  it('come in the order of their texts, in requests of a size that every server takes', async () => {
    endpoint.embed = (text) => [Number(text), 0.5];
    const texts = Array.from({ length: 70 }, (_, at) => String(at));
    const { vectors: found, usage } = await embed(texts);
    expect(found.map(([first]) => first)).toEqual(texts.map(Number));
    expect(found[0]).toEqual(new Float32Array([0, 0.5]));
    expect(usage).toEqual({ inputTokens: 70, outputTokens: 0 });
    expect(endpoint.requests.map(({ body }) => (body as unknown as { input: string[] }).input.length)).toEqual([
      32, 32, 6,
    ]);
    expect(endpoint.requests[0]?.body).toMatchObject({ model: 'vectors', encoding_format: 'float' });
  });

  it('may come in another order, and without usage', async () => {
    endpoint.embeddingsReply = vectors({ index: 1, embedding: [2] }, { index: 0, embedding: [1] });
    expect(await embed(['a', 'b'])).toEqual({ vectors: [new Float32Array([1]), new Float32Array([2])], usage: null });
  });

  it('of nothing are asked of nobody', async () => {
    expect(await embed([])).toEqual({ vectors: [], usage: { inputTokens: 0, outputTokens: 0 } });
    expect(endpoint.requests).toHaveLength(0);
  });

  it.each<[string, typeof endpoint.embeddingsReply, ModelError['kind']]>([
    ['too few of them', vectors({ index: 0, embedding: [1] }), 'malformed'],
    ['one twice', vectors({ index: 0, embedding: [1] }, { index: 0, embedding: [1] }), 'malformed'],
    ['two lengths', vectors({ index: 0, embedding: [1] }, { index: 1, embedding: [1, 2] }), 'malformed'],
    ['none', vectors({ index: 0, embedding: [] }, { index: 1, embedding: [] }), 'malformed'],
    ['words', vectors({ index: 0, embedding: 'AAAA' }, { index: 1, embedding: 'AAAA' }), 'malformed'],
    ['a page', page(200), 'malformed'],
    ['an error', failing(500), 'server'],
    ['a closed connection', HANGS_UP, 'unreachable'],
    ['silence', SILENT, 'timeout'],
  ])('that are %s are a failure', async (_, reply, kind) => {
    endpoint.embeddingsReply = reply;
    await expect(embed(['a', 'b'])).rejects.toMatchObject({ name: 'ModelError', kind });
  });

  it('are no longer waited for when the caller stops', async () => {
    endpoint.embeddingsReply = SILENT;
    await expect(embed(['a'], AbortSignal.timeout(50))).rejects.toMatchObject({ kind: 'aborted' });
  });
});
