import { integer, list, text, type Variable } from './variables.js';

/** The provider that LLM_BASE_URL describes. */
const DEFAULT = 'default';

const address = {
  test(value: string): boolean {
    if (!URL.canParse(value)) return false;
    const { protocol, username, password, search, hash } = new URL(value);
    // A key belongs into the variable for it, which is never logged.
    return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '');
  },
  hint: 'an address such as http://localhost:11434/v1',
};

/** What tells Engram of language models; the variables of further providers are read by their names. */
export const LLM_VARIABLES = {
  LLM_BASE_URL: text(
    'An OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, a cloud): the provider called default. Empty: no language model; Engram answers without one.',
    'http://localhost:11434/v1',
    address,
  ),
  LLM_API_KEY: text('Its key, where it wants one.'),
  LLM_MODEL: text('The model to use there unless a persona names another; needed with LLM_BASE_URL.', 'llama3.1:8b'),
  LLM_PROVIDERS: list(
    'Names of further providers, with commas between. Each is described by LLM_<NAME>_BASE_URL, LLM_<NAME>_API_KEY and LLM_<NAME>_MODEL (LLM_CLOUD_BASE_URL for cloud). Without LLM_BASE_URL the first one is the default.',
    'local,cloud',
  ),
  LLM_TIMEOUT_MS: integer('A call to a model is given up after this long, retries included.', 60_000, 100, 3_600_000),
  LLM_FIRST_TOKEN_TIMEOUT_MS: integer(
    'A model that says nothing for this long is given up, before its first token as between two.',
    20_000,
    50,
    // What the HTTP client itself waits for the head of an answer.
    300_000,
  ),
  LLM_RETRIES: integer('How often a call that failed before its first token is made again.', 2, 0, 10),
  EMBEDDINGS_MODEL: text('The model that turns text into vectors. Empty: none.', 'nomic-embed-text'),
  EMBEDDINGS_PROVIDER: text('Which provider serves it. Empty: the default one.', 'default'),
} as const satisfies Record<string, Variable<unknown>>;

/** One OpenAI-compatible endpoint. */
export interface ProviderSettings {
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string | null;
  /** Used where none is named. */
  readonly model: string;
}

export interface LlmSettings {
  /** The default one first; empty: no language model. */
  readonly providers: readonly ProviderSettings[];
  readonly timeoutMs: number;
  readonly silenceTimeoutMs: number;
  readonly retries: number;
  readonly embeddings: { readonly provider: string; readonly model: string } | null;
}

type LlmValues = { readonly [K in keyof typeof LLM_VARIABLES]: (typeof LLM_VARIABLES)[K]['fallback'] };

/** The settings of language models; what is wrong with them goes to `bad`, a line each. */
export function llmSettings(
  values: LlmValues,
  env: Readonly<Record<string, string | undefined>>,
  bad: string[],
): LlmSettings {
  const complain = (name: string, hint: string): null => {
    bad.push(`  ${name}: must be ${hint}`);
    return null;
  };
  const read = (name: string): string | null => env[name]?.trim() || null;
  const provider = (name: string, prefix: string): ProviderSettings | null => {
    const baseUrl = read(`${prefix}_BASE_URL`);
    const model = read(`${prefix}_MODEL`);
    if (baseUrl === null || !address.test(baseUrl)) return complain(`${prefix}_BASE_URL`, address.hint);
    if (model === null) return complain(`${prefix}_MODEL`, `the name of a model, since ${prefix}_BASE_URL is set`);
    return { name, baseUrl, apiKey: read(`${prefix}_API_KEY`), model };
  };

  const names = values.LLM_PROVIDERS.filter((name, at, all) => {
    if (/^[a-z][a-z0-9_]{0,30}$/.test(name) && name !== DEFAULT && all.indexOf(name) === at) return true;
    complain('LLM_PROVIDERS', `names of lower case letters, digits and _, each once and none of them ${DEFAULT}`);
    return false;
  });
  const providers = [
    values.LLM_BASE_URL === null ? null : provider(DEFAULT, 'LLM'),
    ...names.map((name) => provider(name, `LLM_${name.toUpperCase()}`)),
  ].filter((found) => found !== null);

  const embeddingsProvider = values.EMBEDDINGS_PROVIDER ?? providers[0]?.name;
  const embeddings =
    values.EMBEDDINGS_MODEL === null || embeddingsProvider === undefined
      ? null
      : { provider: embeddingsProvider, model: values.EMBEDDINGS_MODEL };
  if (
    values.EMBEDDINGS_MODEL !== null &&
    !providers.some(({ name }) => name === embeddingsProvider) &&
    bad.length === 0
  ) {
    const known = providers.map(({ name }) => name);
    complain(
      'EMBEDDINGS_PROVIDER',
      known.length === 0 ? 'a provider, and none is set up: set LLM_BASE_URL' : `one of ${known.join(', ')}`,
    );
  }
  return {
    providers,
    timeoutMs: values.LLM_TIMEOUT_MS,
    silenceTimeoutMs: values.LLM_FIRST_TOKEN_TIMEOUT_MS,
    retries: values.LLM_RETRIES,
    embeddings,
  };
}
