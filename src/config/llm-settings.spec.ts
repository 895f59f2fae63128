import { describe, expect, it } from '@jest/globals';
import { type Environment, loadConfig } from './config.js';

const llm = (env: Environment): ReturnType<typeof loadConfig>['llm'] => loadConfig(env).llm;
const LOCAL = { LLM_BASE_URL: 'http://localhost:11434/v1', LLM_MODEL: 'llama3.1:8b' };
const CLOUD = {
  LLM_PROVIDERS: 'cloud',
  LLM_CLOUD_BASE_URL: 'https://api.example.com/v1',
  LLM_CLOUD_API_KEY: ' sk-1 ',
  LLM_CLOUD_MODEL: 'large',
};
const cloud = { name: 'cloud', baseUrl: 'https://api.example.com/v1', apiKey: 'sk-1', model: 'large' };

describe('settings of language models', () => {
  it('are none by default', () => {
    expect(llm({})).toEqual({
      providers: [],
      timeoutMs: 60_000,
      silenceTimeoutMs: 20_000,
      retries: 2,
      embeddings: null,
    });
  });

  it('make LLM_BASE_URL the default provider, before the named ones', () => {
    expect(llm({ ...CLOUD, ...LOCAL }).providers).toEqual([
      { name: 'default', baseUrl: LOCAL.LLM_BASE_URL, apiKey: null, model: 'llama3.1:8b' },
      cloud,
    ]);
  });

  it('make the first named provider the default one where there is no other', () => {
    expect(llm(CLOUD).providers).toEqual([cloud]);
  });

  it('serve embeddings from the default provider, or from the one named', () => {
    const both = { ...LOCAL, ...CLOUD, EMBEDDINGS_MODEL: 'nomic' };
    expect(llm(both).embeddings).toEqual({ provider: 'default', model: 'nomic' });
    expect(llm({ ...both, EMBEDDINGS_PROVIDER: 'cloud' }).embeddings).toEqual({ provider: 'cloud', model: 'nomic' });
  });

  it.each<[string, Environment, string]>([
    ['an address that is none', { ...LOCAL, LLM_BASE_URL: 'localhost:11434' }, 'LLM_BASE_URL'],
    ['a key in the address', { ...LOCAL, LLM_BASE_URL: 'https://me:secret@example.com' }, 'LLM_BASE_URL'],
    ['a key behind the address', { ...LOCAL, LLM_BASE_URL: 'https://example.com/v1?key=secret' }, 'LLM_BASE_URL'],
    ['no model', { LLM_BASE_URL: LOCAL.LLM_BASE_URL }, 'LLM_MODEL'],
    ['a named provider without address', { ...CLOUD, LLM_CLOUD_BASE_URL: '' }, 'LLM_CLOUD_BASE_URL'],
    ['a named provider without model', { ...CLOUD, LLM_CLOUD_MODEL: undefined }, 'LLM_CLOUD_MODEL'],
    ['a name that is none', { LLM_PROVIDERS: 'My Cloud' }, 'LLM_PROVIDERS'],
    ['the name of the default provider', { LLM_PROVIDERS: 'default' }, 'LLM_PROVIDERS'],
    ['a name twice', { ...CLOUD, LLM_PROVIDERS: 'cloud,cloud' }, 'LLM_PROVIDERS'],
    ['embeddings of nobody', { EMBEDDINGS_MODEL: 'nomic' }, 'EMBEDDINGS_PROVIDER'],
    ['embeddings of a stranger', { ...LOCAL, EMBEDDINGS_MODEL: 'x', EMBEDDINGS_PROVIDER: 'y' }, 'EMBEDDINGS_PROVIDER'],
    ['a time that is none', { LLM_TIMEOUT_MS: 'soon' }, 'LLM_TIMEOUT_MS'],
  ])('with %s are refused by their name, without what they hold', (_, env, name) => {
    const load = (): unknown => loadConfig(env);
    expect(load).toThrow(`  ${name}: must be `);
    expect(load).not.toThrow(/secret/);
  });

  it('name everything that is wrong at once', () => {
    expect(() => loadConfig({ LLM_BASE_URL: 'x', LLM_PROVIDERS: 'a,b', LLM_A_BASE_URL: 'http://a' })).toThrow(
      /LLM_BASE_URL.*\n.*LLM_A_MODEL.*\n.*LLM_B_BASE_URL/,
    );
  });
});
