/** Another language for generated tables and the questions about them. */
export interface Wording {
  /** `order = Bestellung f | …`. */
  readonly words: string;
  /** `How many {r} are there? => Wie viele {r} gibt es? | …`: a question in English, and ways to ask the same. */
  readonly phrases: string;
  /** A name after an article, an aggregate before it, and the like: `{s:dat}` is form `dat` of what stands in the place `{s}`. */
  readonly form: (slot: string, form: string, said: Said) => string;
}

export interface Said {
  readonly text: string;
  readonly gender: string;
  /** `total`, `average`…; empty: the name alone. */
  readonly aggregate: string;
}

/** The words of a language, by the English ones. */
export function wordsOf({ words }: Wording): ReadonlyMap<string, { readonly text: string; readonly gender: string }> {
  const entries = words
    .split(/[|\n]/)
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry): [string, { text: string; gender: string }] => {
      const [, english = '', text = '', gender = ''] = /^(.+?) = (.+?)(?: (m|f|n|p|mp|fp))?$/.exec(entry) ?? [];
      return [english, { text, gender }];
    });
  return new Map(entries);
}
