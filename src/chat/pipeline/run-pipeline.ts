import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { analyze } from './analyze/analyze.js';
import { compose } from './compose/compose.js';
import { inTheirLanguage } from './compose/languages/in-language.js';
import { phrase } from './model/phrase.js';
import { readByModel } from './model/read-question.js';
import { Ledger, type ModelUse, type Speaker } from './model/speaker.js';
import { isTalk, talk, type Voice } from './model/talk.js';
import { quotation } from './passages/quote.js';
import { wordPassages } from './passages/word-passages.js';
import { saidText } from './compose/said.js';
import { FOR_REASONS } from './retrieve/plan.js';
import { retrieve, type RetrievalPort } from './retrieve/retrieve.js';
import { type Layer, type Progress, stepDetail } from './step-detail.js';
import type { Asked, Composed } from './turn.js';
import { listed } from './words/language.js';
import { understand } from './understand/understand.js';
import { visualize } from './visualize/visualize.js';

/** Milliseconds by layer; `answer` is the wording. */
export type Timings = Readonly<Record<Layer | 'answer', number>>;

export interface Piped extends Composed {
  readonly timings: Timings;
  /** null: no language model had to do with it. */
  readonly model: ModelUse | null;
  /** The text was said while it came. */
  readonly isSaid: boolean;
}

/** Told as a turn goes on. `detail` of a completed layer is what that layer found out. */
export type OnStep = (name: Layer, phase: 'started' | 'completed', detail: Readonly<Record<string, unknown>>) => void;

export interface PipelineOptions {
  readonly onStep?: OnStep;
  /** Aborted: the pipeline ends before its next layer, rejecting with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The language model that may help; without it, rules alone. */
  readonly speaker?: Speaker | null;
  /** Hears an answer that is spoken rather than worked out. */
  readonly voice?: Voice;
}

const SILENT: Voice = { say: () => undefined, unsay: () => undefined };

/** Which layer failed, and on what. The cause is for the log, never for the user. */
export class PipelineError extends Error {
  constructor(
    readonly layer: Layer | 'answer',
    override readonly cause: unknown,
  ) {
    super(`The ${layer} layer failed.`, { cause });
  }
}

/** One turn, from question to answer. Reads storage through the port only; rejects with a `PipelineError`, or with what `onStep` threw. */
export async function runPipeline(asked: Asked, port: RetrievalPort, options: PipelineOptions = {}): Promise<Piped> {
  const { onStep = () => undefined, signal = new AbortController().signal, speaker = null } = options;
  const ledger = speaker === null ? null : new Ledger(speaker);
  const timings: Record<Layer | 'answer', number> = {
    intent: 0,
    retrieval: 0,
    analysis: 0,
    visualization: 0,
    answer: 0,
  };
  async function step<T>(layer: Layer | 'answer', work: () => T | Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const start = performance.now();
    try {
      return await work();
    } catch (cause) {
      signal.throwIfAborted();
      throw new PipelineError(layer, cause);
    } finally {
      timings[layer] = performance.now() - start;
    }
  }
  async function told<T>(
    layer: Layer,
    work: () => T | Promise<T>,
    found: (result: T) => Partial<Progress>,
  ): Promise<T> {
    onStep(layer, 'started', {});
    const result = await step(layer, work);
    onStep(layer, 'completed', stepDetail(layer, found(result), timings[layer]));
    return result;
  }

  const understood = await told(
    'intent',
    () => {
      const byRules = understand(asked);
      return speaker === null || ledger === null ? byRules : readByModel(byRules, speaker, ledger, signal);
    },
    ({ understanding }) => understanding,
  );
  const retrieved = await told(
    'retrieval',
    () => retrieve(understood, port),
    (result) => result,
  );
  const analyzed = await told(
    'analysis',
    () => analyze(retrieved),
    (result) => result,
  );
  const visualized = await told(
    'visualization',
    () => visualize(analyzed),
    (result) => result,
  );
  // Composing works a study out again, to check it: others have their turn in between.
  if (visualized.understanding.study !== undefined) await turnOfTheLoop();
  const composed = await step('answer', () => compose(visualized));
  if (speaker === null || ledger === null)
    return { ...withTheRest(inTheirLanguage(composed)), timings, model: null, isSaid: false };
  const spoken = await step('answer', () => inWords(composed, speaker, ledger, options.voice ?? SILENT, signal));
  const isSaid = ledger.wording === 'model' && isTalk(composed);
  const answered = spoken.text === composed.text ? inTheirLanguage(spoken) : spoken;
  return { ...withTheRest(answered), timings, model: ledger.use, isSaid };
}

/** Below an answer, literally, what was said and what documents say of the same; and what could not be looked at. */
function withTheRest<T extends Composed>(turn: T): T {
  const { primary, passages, corrected = [], messages = [], sources } = turn.evidence;
  const { documentsUnknown, messagesUnknown, tablesUnknown } = turn.evidence;
  const isAnswered = primary !== null || messages.length > 0;
  const forReasons = sources?.some(({ source, why }) => source === 'documents' && why === FOR_REASONS) ?? false;
  const parts = [
    primary !== null && messages.length > 0 ? saidText(messages) : '',
    isAnswered && passages !== undefined && passages.length > 0 ? `The documents say:\n\n${quotation(passages)}` : '',
    primary !== null && passages?.length === 0 && forReasons ? 'The documents do not say why.' : '',
    ...corrected.map(readAs),
    tablesUnknown === true ? 'The tables could not be read just now.' : '',
    documentsUnknown === true ? 'The documents could not be searched just now.' : '',
    primary !== null && messagesUnknown === true ? 'Earlier conversations could not be searched just now.' : '',
  ].filter(Boolean);
  return parts.length === 0 ? turn : { ...turn, text: [turn.text, ...parts].join('\n\n') };
}

/** A misspelling, or another name: whoever asked can tell. */
const readAs = ({ word, as }: { readonly word: string; readonly as: readonly string[] }): string => {
  const meant = as.map((each) => `“${each}”`);
  return `No document has the word “${word}”; I looked for ${listed(meant, 'or')}.`;
};

/** What was worked out is put into words and checked; what was not is answered as talk. */
async function inWords(
  composed: Composed,
  speaker: Speaker,
  ledger: Ledger,
  voice: Voice,
  signal: AbortSignal,
): Promise<Composed> {
  if (isTalk(composed)) return talk(composed, speaker, ledger, voice, signal);
  const { primary, passages = [] } = composed.evidence;
  // What was said stands as it was said.
  if (primary === null && composed.understanding.said !== undefined) return composed;
  if (primary === null && passages.length > 0) return wordPassages(composed, passages, speaker, ledger, signal);
  if (composed.understanding.refusal !== null || composed.evidence.primary === null) return composed;
  return phrase(composed, speaker, ledger, signal);
}
