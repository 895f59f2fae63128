import { analyze } from './analyze/analyze.js';
import { compose } from './compose/compose.js';
import { retrieve, type RetrievalPort } from './retrieve/retrieve.js';
import { type Layer, type Progress, stepDetail } from './step-detail.js';
import type { Asked, Composed } from './turn.js';
import { understand } from './understand/understand.js';
import { visualize } from './visualize/visualize.js';

/** Milliseconds by layer; `answer` is the wording. */
export type Timings = Readonly<Record<Layer | 'answer', number>>;

export interface Piped extends Composed {
  readonly timings: Timings;
}

/** Told as a turn goes on. `detail` of a completed layer is what that layer found out. */
export type OnStep = (name: Layer, phase: 'started' | 'completed', detail: Readonly<Record<string, unknown>>) => void;

export interface PipelineOptions {
  readonly onStep?: OnStep;
  /** Aborted: the pipeline ends before its next layer, rejecting with the signal's reason. */
  readonly signal?: AbortSignal;
}

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
  const { onStep = () => undefined, signal } = options;
  const timings: Record<Layer | 'answer', number> = {
    intent: 0,
    retrieval: 0,
    analysis: 0,
    visualization: 0,
    answer: 0,
  };
  async function step<T>(layer: Layer | 'answer', work: () => T | Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const start = performance.now();
    try {
      return await work();
    } catch (cause) {
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
    () => understand(asked),
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
  return { ...(await step('answer', () => compose(visualized))), timings };
}
