import { type LanguageModel, ModelError, type Usage } from '../../../llm/language-model.js';
import type { SeenContext } from '../../../memory/context/seen-context.js';

/** The language model of one turn, with what it is to know and how much time there is. */
export interface Speaker {
  readonly model: LanguageModel;
  /** Of the persona. */
  readonly systemPrompt: string;
  /** null: the model's own. */
  readonly temperature: number | null;
  /** What the model is given of the conversation and of memory, the question last. */
  context(): Promise<SpeakerContext>;
  /** All calls of the turn together end before this, in milliseconds of `performance.now()`. */
  readonly deadline: number;
}

/** Messages under a budget, and what an answer keeps of them. */
export interface SpeakerContext {
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly seen: SeenContext;
}

/** What a language model had to do with an answer; kept with the message. */
export interface ModelUse {
  readonly provider: string;
  readonly model: string;
  /** Who read the question: the rules, or the model because they could not. */
  readonly reading: 'rules' | 'model';
  /** Whose words the answer is in. */
  readonly wording: 'rules' | 'model';
  /** Why the words are not the model's, or the reading is not, where it was asked; null otherwise. */
  readonly note: string | null;
  /** Of all its calls; null where the server tells none. */
  readonly usage: Usage | null;
  readonly calls: number;
  /** What it was given, where it answered a question outside the data. */
  readonly context?: SeenContext;
}

/** Notes the calls of one turn. */
export class Ledger {
  private usage: Usage | null = null;
  private calls = 0;
  reading: 'rules' | 'model' = 'rules';
  wording: 'rules' | 'model' = 'rules';
  note: string | null = null;
  private seen: SeenContext | null = null;

  constructor(private readonly speaker: Speaker) {}

  called(usage: Usage | null): void {
    this.calls++;
    if (usage === null) return;
    this.usage = {
      inputTokens: (this.usage?.inputTokens ?? 0) + usage.inputTokens,
      outputTokens: (this.usage?.outputTokens ?? 0) + usage.outputTokens,
    };
  }

  saw({ seen }: SpeakerContext): void {
    this.seen = seen;
  }

  /** A call that gave nothing. What is no fault of the model's is thrown on: our own, or that the turn was stopped. */
  failed(error: unknown, signal: AbortSignal): void {
    signal.throwIfAborted();
    if (!(error instanceof ModelError)) throw error;
    this.calls++;
    this.note = error.safe;
  }

  get use(): ModelUse {
    const { reading, wording, note, usage, calls, seen } = this;
    const { provider, model } = this.speaker.model;
    return { provider, model, reading, wording, note, usage, calls, ...(seen !== null && { context: seen }) };
  }
}

/** Milliseconds that a call may take: `part` of what is left for the turn. */
export const timeFor = ({ deadline }: Speaker, part = 1): number =>
  Math.max(1, Math.floor((deadline - performance.now()) * part));

/** Too late for another call. */
export const isLate = (speaker: Speaker): boolean => speaker.deadline - performance.now() < 50;

/** As the provider's request wants it. */
export const temperatureOf = ({ temperature }: Speaker): { temperature?: number } =>
  temperature === null ? {} : { temperature };
