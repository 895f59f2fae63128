import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { entityName } from '../../../memory/results/result-keys.js';
import type { Evidence, PastResult, Retrieved, Understanding, Understood } from '../turn.js';
import { type FoundPassages, quoted } from '../passages/quote.js';
import { fittedBins } from './fitted-bins.js';
import { contextQueries, type ContextQuery } from './context-queries.js';
import { studyQueries } from './study-queries.js';

/** All that this folder knows of storage. */
export interface RetrievalPort {
  run(query: AnalyticalQuery): Promise<ResultSet>;
  /**
   * Earlier results about the same, of all conversations, best first; `was` of the latest with the same meaning holds all of
   * its rows. null: not in time.
   */
  past?(asked: Understanding): Promise<readonly PastResult[] | null>;
  /** What documents say of a question; null: there are none. Left out: they are not asked. */
  passages?(question: string): Promise<FoundPassages | null>;
}

const MOST_PAST_RESULTS = 5;
/** Rows of an earlier result that are kept where they are others now. */
const MOST_ROWS_THEN = 50;

/** Layer 2: the only stage that reads storage. Runs the question's query, then, side by side, those that put it into context. */
export async function retrieve(turn: Understood, port: RetrievalPort): Promise<Retrieved> {
  const { query } = turn.understanding;
  const past = pastOf(turn, port);
  const documents = asksDocuments(turn) ? inDocuments(turn.question, port) : null;
  if (query === null) {
    return { ...turn, evidence: { primary: null, context: [], ...(await past), ...(await documents) } };
  }
  const fitted = await fittedBins(turn.understanding, (each) => port.run(each)).catch(() => null);
  const primary = await port.run(fitted?.query ?? query);
  const profile = turn.datasets.find(({ id }) => id === query.datasetId);
  const wanted =
    profile === undefined
      ? []
      : turn.understanding.study === undefined
        ? contextQueries(query, primary, profile)
        : studyQueries(turn.understanding, profile);
  const context = await Promise.all(wanted.map((each) => inContext(each, port)));
  const { pastResults, ...unknown } = await past;
  return {
    ...turn,
    ...(fitted !== null && { understanding: { ...turn.understanding, query: fitted.query } }),
    evidence: {
      primary,
      context: [...(fitted === null ? [] : [fitted.context]), ...context.filter((each) => each !== null)],
      pastResults: pastResults.map((each) => withChanges(each, primary)),
      ...unknown,
      ...(await documents),
    },
  };
}

/** Earlier results are welcome, never needed, too: then those of this conversation have to do. */
async function pastOf(turn: Understood, port: RetrievalPort): Promise<Pick<Evidence, 'pastResults' | 'pastUnknown'>> {
  const { understanding } = turn;
  if (port.past === undefined || understanding.query === null) return { pastResults: sharedPast(turn) };
  const found = await port.past(understanding).catch(() => null);
  return found === null ? { pastResults: sharedPast(turn), pastUnknown: true } : { pastResults: found };
}

/** Of the rows then, those that are there no more. */
function withChanges(past: PastResult, primary: ResultSet): PastResult {
  if (past.was === undefined) return past;
  const now = new Set(primary.rows.map((row) => JSON.stringify(row)));
  return { ...past, was: past.was.filter((row) => !now.has(JSON.stringify(row))).slice(0, MOST_ROWS_THEN) };
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

/** Earlier turns of this conversation about the same columns and values, the latest first. */
function sharedPast({ history, understanding }: Understood): PastResult[] {
  const now = new Set(understanding.entities.map(entityName).filter((name) => name !== null));
  return history
    .toReversed()
    .flatMap(({ messageId, answer, understanding: past }) => {
      const names = new Set((past?.entities ?? []).map(entityName));
      const shared = [...now].filter((name) => names.has(name));
      return shared.length === 0 ? [] : [{ messageId, shared, answer }];
    })
    .slice(0, MOST_PAST_RESULTS);
}
