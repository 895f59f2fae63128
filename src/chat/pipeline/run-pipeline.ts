import { analyze } from './analyze/analyze.js';
import { compose } from './compose/compose.js';
import { retrieve, type RetrievalPort } from './retrieve/retrieve.js';
import type { Asked, Composed } from './turn.js';
import { understand } from './understand/understand.js';
import { visualize } from './visualize/visualize.js';

export const LAYERS = ['intent', 'retrieval', 'analysis', 'visualization'] as const;
export type Layer = (typeof LAYERS)[number];

/** Milliseconds by layer; `answer` is the wording. */
export type Timings = Readonly<Record<Layer | 'answer', number>>;

export interface Piped extends Composed {
  readonly timings: Timings;
}

/** Told as a turn goes on. `detail` of a completed layer is what that layer found out. */
export type OnStep = (name: Layer, phase: 'started' | 'completed', detail: Readonly<Record<string, unknown>>) => void;

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
export async function runPipeline(asked: Asked, port: RetrievalPort, onStep: OnStep = () => undefined): Promise<Piped> {
  const timings: Record<Layer | 'answer', number> = {
    intent: 0,
    retrieval: 0,
    analysis: 0,
    visualization: 0,
    answer: 0,
  };
  async function step<T>(layer: Layer | 'answer', work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } catch (cause) {
      throw new PipelineError(layer, cause);
    } finally {
      timings[layer] = performance.now() - start;
    }
  }

  onStep('intent', 'started', {});
  const understood = await step('intent', () => understand(asked));
  const { intent, language, entities, references, query, reading, edits, refusal } = understood.understanding;
  onStep('intent', 'completed', {
    intent,
    language,
    entities,
    references,
    query,
    reading,
    edits,
    refusal,
    ms: timings.intent,
  });

  onStep('retrieval', 'started', {});
  const retrieved = await step('retrieval', () => retrieve(understood, port));
  const { primary, context, pastResults } = retrieved.evidence;
  onStep('retrieval', 'completed', {
    rows: primary?.rows.length ?? 0,
    matchedRows: primary?.matchedRows ?? null,
    sql: primary?.sql ?? null,
    context: context.map(({ purpose, result }) => ({ purpose, rows: result.rows.length })),
    pastResults: pastResults.length,
    ms: timings.retrieval,
  });

  onStep('analysis', 'started', {});
  const analyzed = await step('analysis', () => analyze(retrieved));
  onStep('analysis', 'completed', { answer: analyzed.answer, findings: analyzed.findings, ms: timings.analysis });

  onStep('visualization', 'started', {});
  const visualized = await step('visualization', () => visualize(analyzed));
  onStep('visualization', 'completed', { title: visualized.visualization?.title ?? null, ms: timings.visualization });

  return { ...(await step('answer', () => compose(visualized))), timings };
}
