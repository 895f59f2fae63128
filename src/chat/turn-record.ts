import type { Answer, Composed, Evidence, Finding, PastTurn, Understanding, Visualization } from './pipeline/turn.js';
import { type Faithfulness, groundedWords } from './pipeline/faithfulness/check.js';
import type { ResultSet } from '../datasets/query/result-set.js';
import type { ModelUse } from './pipeline/model/speaker.js';
import type { Timings } from './pipeline/run-pipeline.js';

/** Type of a message that the pipeline wrote; clients cannot store one. */
export const ANALYSIS = 'analysis';

/** Rows of a result that are kept with the message; the query beside them gives the rest again. */
const KEPT_ROWS = 200;
/** Rows of an earlier result that understanding may look at ("the lowest one", "of those"). */
const REMEMBERED_ROWS = 50;

/** Which numbers of the answer the evidence bears out, and that in words. */
export interface Grounded extends Faithfulness {
  readonly summary: string;
}

/** What an answer's message keeps of how it came about, so that it can be checked, drawn again and referred to. */
export interface TurnRecord extends Understanding {
  readonly runId: string;
  readonly answer: Answer | null;
  readonly evidence: Evidence;
  readonly findings: readonly Finding[];
  readonly visualization: Visualization | null;
  readonly grounded: Grounded | null;
  /** Milliseconds by layer. */
  readonly timings: Timings;
  /** What a language model had to do with it; left out where none is set up. */
  readonly model?: ModelUse;
}

export function recordOf(turn: Composed, runId: string, timings: Timings, model: ModelUse | null = null): TurnRecord {
  return {
    runId,
    ...turn.understanding,
    answer: turn.answer,
    evidence: {
      ...turn.evidence,
      primary: turn.evidence.primary === null ? null : bounded(turn.evidence.primary),
      context: turn.evidence.context.map((part) => ({ ...part, result: bounded(part.result) })),
    },
    findings: turn.findings,
    visualization: turn.visualization,
    grounded: turn.grounded === null ? null : { ...turn.grounded, summary: groundedWords(turn.grounded) },
    timings,
    ...(model !== null && { model }),
  };
}

const bounded = (result: ResultSet): ResultSet =>
  result.rows.length <= KEPT_ROWS ? result : { ...result, rows: result.rows.slice(0, KEPT_ROWS), truncated: true };

/** The record of an earlier answer as understanding sees it; null where the message holds none (a client's own answer). */
export function pastTurn(messageId: string, question: string, metadata: unknown): PastTurn {
  if (!isRecord(metadata)) return { messageId, question, understanding: null, result: null, answer: null };
  // Turns are kept at hand for follow-ups: only what understanding looks at, not the pictures and all the rows.
  const {
    runId: _run,
    answer,
    evidence,
    findings: _findings,
    visualization,
    grounded: _grounded,
    timings: _timings,
    model: _model,
    ...understanding
  } = metadata;
  const { primary } = evidence;
  return {
    messageId,
    question,
    understanding,
    result:
      primary === null
        ? null
        : { columns: primary.columns.map(({ name }) => ({ name })), rows: primary.rows.slice(0, REMEMBERED_ROWS) },
    answer,
    ...(visualization?.colors && { colors: visualization.colors }),
  };
}

const isRecord = (metadata: unknown): metadata is TurnRecord =>
  typeof metadata === 'object' &&
  metadata !== null &&
  'runId' in metadata &&
  'intent' in metadata &&
  'query' in metadata &&
  'evidence' in metadata;
