import { IsString, MaxLength } from 'class-validator';
import { Optional } from '../../common/optional.js';
import type { Context, PartKind } from './build-context.js';

/** For which question. */
export class ShowContext {
  /** What would be asked; when left out, the context that any question would get.
   * @example "Which region is the lowest?" */
  @Optional()
  @IsString()
  @MaxLength(10_000)
  question?: string;
}

/** One part of what a model is given. */
export class ContextPartView {
  /** `rules`, `facts`, `summary`, `results`, `recalled`, `window` or `question`.
   * @example "window" */
  kind: PartKind;
  /** As it is sent.
   * @example "user: Show me education sector health in 2024" */
  text: string;
  /** @example 118 */
  tokens: number;
  /** The messages or facts that it was taken from. */
  sources: string[];
}

/** Something that there was, and that is not sent. */
export class LeftOutView {
  /** @example "window" */
  kind: PartKind;
  sources: string[];
  /** @example 412 */
  tokens: number;
  /** `no room`, `in the window already` or `shortened`.
   * @example "no room" */
  reason: string;
}

/** Everything that a model is given for one question, and what was left out. */
export class ContextView {
  /** The language model it is for; null where none is set up.
   * @example "default/llama3.1:8b" */
  model: string | null;
  /** How tokens are counted.
   * @example "o200k_base, approximate" */
  tokenizer: string;
  /** Of everything that is sent.
   * @example 640 */
  tokens: number;
  /** @example 6000 */
  budget: number;
  parts: ContextPartView[];
  leftOut: LeftOutView[];

  static of(this: void, context: Context, tokenizer: string, model: string | null): ContextView {
    const { tokens, budget, parts, left } = context;
    return {
      model,
      tokenizer,
      tokens,
      budget,
      parts: parts.map((part) => ({ ...part, sources: [...part.sources] })),
      leftOut: left.map((part) => ({ ...part, sources: [...part.sources] })),
    };
  }
}
