import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import type { Entity, Evidence, PastResult, Retrieved, Understood } from '../turn.js';
import { contextQueries, type ContextQuery } from './context-queries.js';

/** All that this folder knows of storage. */
export interface RetrievalPort {
  run(query: AnalyticalQuery): Promise<ResultSet>;
}

const MOST_PAST_RESULTS = 5;

/** Layer 2: the only stage that reads storage. Runs the question's query, then, side by side, those that put it into context. */
export async function retrieve(turn: Understood, port: RetrievalPort): Promise<Retrieved> {
  const { query } = turn.understanding;
  const pastResults = sharedPast(turn);
  if (query === null) return { ...turn, evidence: { primary: null, context: [], pastResults } };
  const primary = await port.run(query);
  const profile = turn.datasets.find(({ id }) => id === query.datasetId);
  const wanted = profile === undefined ? [] : contextQueries(query, primary, profile);
  const context = await Promise.all(wanted.map((each) => inContext(each, port)));
  return { ...turn, evidence: { primary, context: context.filter((each) => each !== null), pastResults } };
}

/** Context is welcome, never needed: a question is answered without it when it takes too long. */
async function inContext(
  { purpose, query }: ContextQuery,
  port: RetrievalPort,
): Promise<Evidence['context'][number] | null> {
  try {
    return { purpose, result: await port.run(query) };
  } catch {
    return null;
  }
}

const keyOf = ({ kind, column, value, text }: Entity): string | null => {
  if (kind === 'value' || kind === 'time') return `${column ?? ''}=${String(value ?? text).toLowerCase()}`;
  return kind === 'column' && column !== undefined ? column : null;
};

/** Earlier turns of this conversation about the same columns and values, the latest first. */
function sharedPast({ history, understanding }: Understood): PastResult[] {
  const now = new Set(understanding.entities.map(keyOf).filter((key) => key !== null));
  return history
    .toReversed()
    .flatMap(({ messageId, question, answer, understanding: past }) => {
      const keys = new Set((past?.entities ?? []).map(keyOf));
      const shared = [...now].filter((key) => keys.has(key));
      return shared.length === 0 ? [] : [{ messageId, question, shared, answer }];
    })
    .slice(0, MOST_PAST_RESULTS);
}
