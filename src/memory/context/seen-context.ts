import type { Context, PartKind } from './build-context.js';

/** What an answer keeps of the context it saw: what it was made of, not its words, which are in their sources. */
export interface SeenContext {
  readonly tokens: number;
  readonly budget: number;
  readonly persona: { readonly id: string; readonly version: number };
  /** Titles of the data sets that it was told of. */
  readonly datasets: readonly string[];
  readonly parts: readonly { readonly kind: PartKind; readonly tokens: number; readonly sources: readonly string[] }[];
}

export const seenOf = (
  { tokens, budget, parts }: Context,
  { persona, datasets }: Pick<SeenContext, 'persona' | 'datasets'>,
): SeenContext => ({
  tokens,
  budget,
  persona: { id: persona.id, version: persona.version },
  datasets,
  parts: parts.map(({ kind, tokens: of, sources }) => ({ kind, tokens: of, sources })),
});

/** Of an answer's metadata; null where no language model was given a context for it. */
export function seenIn(metadata: Readonly<Record<string, unknown>>): SeenContext | null {
  const { context } = (metadata['model'] ?? {}) as { context?: Partial<SeenContext> };
  return context?.parts === undefined || context.persona === undefined ? null : (context as SeenContext);
}
