import { Problem } from '../common/problem.js';
import type { LlmSettings } from '../config/llm-settings.js';
import type { Embedder, LanguageModel } from './language-model.js';
import type { Provider } from './openai/provider.js';

/** A provider with the model that it answers with unless another is named. */
export interface ModelView {
  /** What a persona names it by: `provider/model`. */
  readonly ref: string;
  readonly provider: string;
  readonly model: string;
  /** Whether it answers where nothing is named. */
  readonly isDefault: boolean;
}

/** The language models of this server, by reference. Provided by LlmModule. */
export class Models {
  private constructor(
    /** The default one first. */
    private readonly providers: readonly Provider[],
    private readonly make: (provider: Provider, model: string) => LanguageModel,
    private readonly configuredEmbedder: Embedder | null,
  ) {}

  /** By the settings. Nothing is asked of a provider yet; one that is down is found out by the first call. */
  static async open(settings: LlmSettings): Promise<Models> {
    if (settings.providers.length === 0) return new Models([], notOne, null);
    // Loaded only where it is used: the client takes longer to load than the rest of this folder.
    const { Provider } = await import('./openai/provider.js');
    const { OpenAiModel } = await import('./openai/openai-model.js');
    const { OpenAiEmbedder } = await import('./openai/openai-embedder.js');
    const providers = settings.providers.map((provider) => new Provider(provider, settings));
    const { embeddings } = settings;
    const embedding = providers.find(({ name }) => name === embeddings?.provider);
    return new Models(
      providers,
      (provider, model) => new OpenAiModel(provider, model),
      embedding === undefined || embeddings === null ? null : new OpenAiEmbedder(embedding, embeddings.model),
    );
  }

  /**
   * The model that `ref` names: `provider/model`, or `model` for one of the default provider; null: the default model,
   * which is null where no language model is set up. A model with a slash in its name needs its provider named. A
   * reference that was good when it was stored may have lost its provider since.
   * @throws {422} model_unknown, when there is no such provider
   */
  get(ref: string | null): LanguageModel | null {
    const [usual] = this.providers;
    if (ref === null) return usual === undefined ? null : this.make(usual, usual.defaultModel);
    const slash = ref.indexOf('/');
    const provider = slash === -1 ? usual : this.providers.find(({ name }) => name === ref.slice(0, slash));
    const model = ref.slice(slash + 1).trim();
    if (provider === undefined || model === '') throw this.unknown(ref);
    return this.make(provider, model);
  }

  /** The default model of each provider, the one that answers where nothing is named first. */
  list(): ModelView[] {
    return this.providers.map(({ name, defaultModel }, at) => ({
      ref: `${name}/${defaultModel}`,
      provider: name,
      model: defaultModel,
      isDefault: at === 0,
    }));
  }

  /** null: none is set up. */
  embedder(): Embedder | null {
    return this.configuredEmbedder;
  }

  private unknown(ref: string): Problem {
    const known = this.providers.map(({ name }) => name);
    const hint =
      known.length === 0
        ? 'no language model is set up on this server.'
        : `write provider/model with one of the providers ${known.join(', ')}.`;
    return new Problem(422, 'model_unknown', `There is no language model ${ref}: ${hint}`);
  }
}

function notOne(): never {
  throw new Error('no provider to make a model of');
}
