import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { type FoundPassages, quoted } from '../passages/quote.js';
import type { Entity, Evidence, PastResult, Retrieved, Understood } from '../turn.js';
import { contextQueries, type ContextQuery } from './context-queries.js';

/** All that this folder knows of storage. */
export interface RetrievalPort {
  run(query: AnalyticalQuery): Promise<ResultSet>;
  /** What documents say of a question; null: there are none. Left out: they are not asked. */
  passages?(question: string): Promise<FoundPassages | null>;
}

const MOST_PAST_RESULTS = 5;

/** Layer 2: the only stage that reads storage. Runs the question's query, then, side by side, those that put it into context. */
export async function retrieve(turn: Understood, port: RetrievalPort): Promise<Retrieved> {
  const { query } = turn.understanding;
  const pastResults = sharedPast(turn);
  const documents = asksDocuments(turn) ? inDocuments(turn.question, port) : null;
  if (query === null) {
    return { ...turn, evidence: { primary: null, context: [], pastResults, ...(await documents) } };
  }
  const primary = await port.run(query);
  const profile = turn.datasets.find(({ id }) => id === query.datasetId);
  const wanted = profile === undefined ? [] : contextQueries(query, primary, profile);
  const context = await Promise.all(wanted.map((each) => inContext(each, port)));
  const found = context.filter((each) => each !== null);
  return { ...turn, evidence: { primary, context: found, pastResults, ...(await documents) } };
}

/** Refusals of the tables that say nothing of what else there may be. */
const ELSEWHERE: ReadonlySet<string> = new Set(['no_dataset', 'not_in_data', 'unclear', 'needs_model']);
/** Figures do not tell reasons. */
const REASONS = /\b(?:why|how come|reasons?|causes?|caused|because|explain(?:s|ed)?|explanation)\b/i;

/** What the tables cannot answer, and what asks for more than figures. */
const asksDocuments = ({ question, understanding: { query, refusal, intent } }: Understood): boolean =>
  query === null
    ? (refusal !== null && ELSEWHERE.has(refusal.code)) || (refusal === null && intent.kind === 'unknown')
    : REASONS.test(question);

/** Never in the way of an answer from the tables. */
async function inDocuments(question: string, port: RetrievalPort): Promise<Pick<Evidence, 'passages'>> {
  try {
    const found = await port.passages?.(question);
    return found === undefined || found === null ? {} : { passages: quoted(question, found) };
  } catch {
    return {};
  }
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
