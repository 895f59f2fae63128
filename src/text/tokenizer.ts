/** Counts the tokens of a text as a model does. */
export interface Tokenizer {
  /** `o200k_base`; followed by `approximate` where the model's own is not known. */
  readonly name: string;
  count(text: string): number;
}

/** OpenAI's older models; every later one of theirs, and by approximation all others, are counted with `o200k_base`. */
const CL100K = /^(?:gpt-4(?!o|\.\d)|gpt-3\.5|text-embedding-)/;
const O200K = /^(?:gpt-|o\d|chatgpt-)/;

const loaded = new Map<string, Promise<(text: string) => number>>();

/** Loaded when it is first needed: the table of one encoding takes some 60 MB. @param model null: none is set up */
export async function tokenizerOf(model: string | null): Promise<Tokenizer> {
  const name = (model ?? '').split('/').at(-1) ?? '';
  const encoding = CL100K.test(name) ? 'cl100k_base' : 'o200k_base';
  let count = loaded.get(encoding);
  if (count === undefined) loaded.set(encoding, (count = load(encoding)));
  const isExact = CL100K.test(name) || O200K.test(name);
  return { name: isExact ? encoding : `${encoding}, approximate`, count: await count };
}

async function load(encoding: 'cl100k_base' | 'o200k_base'): Promise<(text: string) => number> {
  const { countTokens } =
    encoding === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  // Text of a user that looks like a control token is text like any other.
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}
