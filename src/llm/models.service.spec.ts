import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../config/config.js';
import { Models } from './models.service.js';

const modelsOf = (env: Record<string, string>): Promise<Models> => Models.open(loadConfig(env).llm);
const TWO = {
  LLM_BASE_URL: 'http://127.0.0.1:1/v1',
  LLM_MODEL: 'llama3.1:8b',
  LLM_PROVIDERS: 'cloud',
  LLM_CLOUD_BASE_URL: 'http://127.0.0.1:2/v1',
  LLM_CLOUD_MODEL: 'large',
};

describe('Models', () => {
  it.each([
    [null, 'default', 'llama3.1:8b'],
    ['mistral', 'default', 'mistral'],
    ['cloud/huge', 'cloud', 'huge'],
    ['default/mistral', 'default', 'mistral'],
    ['cloud/meta/llama-3', 'cloud', 'meta/llama-3'],
  ])('finds %j', async (ref, provider, model) => {
    expect((await modelsOf(TWO)).get(ref)).toMatchObject({ provider, model });
  });

  it.each(['clod/huge', 'meta/llama-3', '/huge', 'cloud/', ''])('refuses %j and names the providers', async (ref) => {
    const models = await modelsOf(TWO);
    expect(() => models.get(ref)).toThrow(
      expect.objectContaining({
        status: 422,
        code: 'model_unknown',
        detail: expect.stringContaining('default, cloud'),
      }),
    );
  });

  it('lists the default model of each provider', async () => {
    expect((await modelsOf(TWO)).list()).toEqual([
      { ref: 'default/llama3.1:8b', provider: 'default', model: 'llama3.1:8b', isDefault: true },
      { ref: 'cloud/large', provider: 'cloud', model: 'large', isDefault: false },
    ]);
  });

  it('has no model and no embedder where none is set up', async () => {
    const models = await modelsOf({});
    expect(models.get(null)).toBeNull();
    expect(models.embedder()).toBeNull();
    expect(models.list()).toEqual([]);
    expect(() => models.get('huge')).toThrow('no language model is set up');
  });

  it('has the embedder that the settings name', async () => {
    const models = await modelsOf({ ...TWO, EMBEDDINGS_MODEL: 'nomic', EMBEDDINGS_PROVIDER: 'cloud' });
    expect(models.embedder()).toMatchObject({ provider: 'cloud', model: 'nomic' });
  });
});
