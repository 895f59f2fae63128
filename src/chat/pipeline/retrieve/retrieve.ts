import type { AnalyticalQuery } from '../../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../../datasets/query/result-set.js';
import { entityName } from '../../../memory/results/result-keys.js';
import { type FoundMessage, quotedMessages } from '../passages/messages.js';
import { type FoundPassages, quoted } from '../passages/quote.js';
import type { Evidence, PastResult, Retrieved, Understanding, Understood } from '../turn.js';
import { fittedBins } from './fitted-bins.js';
import { contextQueries, type ContextQuery } from './context-queries.js';
import { FAILED, LATE, within } from './in-time.js';
import { type Outcomes, type Plan, planOf, reportOf } from './plan.js';
import { studyQueries } from './study-queries.js';

/** All that this folder knows of storage. */
export interface RetrievalPort {
  run(query: AnalyticalQuery): Promise<ResultSet>;
  /**
   * Earlier results about the same, of all conversations, best first; `was` of the latest with the same meaning holds all of
   * its rows. null: not in time.
   */
  past?(asked: Understanding): Promise<readonly PastResult[] | null>;
  /** What documents say; null: there are none. Left out: they are not asked. */
  passages?(search: string, limit: number): Promise<FoundPassages | null>;
  /** What was said in whatever conversation, best first. Left out: they are not asked. */
  messages?(search: string, limit: number): Promise<readonly FoundMessage[]>;
}

/** Rows of an earlier result that are kept where they are others now. */
const MOST_ROWS_THEN = 50;

/** What one source gives, and how it went. */
interface Fetched<K extends keyof Evidence, S extends keyof Outcomes> {
  readonly evidence: Pick<Evidence, K>;
  readonly outcome: Outcomes[S];
}

const NOT_ASKED = { found: 0, state: 'not_asked' } as const;

/**
 * Layer 2: the only stage that reads storage. Asks, side by side, the sources that the plan names; the tables' own query is
 * followed by those that put its result into context. A source that fails or is late is told, and the others answer.
 */
export async function retrieve(turn: Understood, port: RetrievalPort): Promise<Retrieved> {
  const plan = planOf(turn);
  const [tables, results, documents, conversations] = await Promise.all([
    inTables(turn, plan, port),
    inResults(turn, plan, port),
    inDocuments(turn, plan, port),
    inConversations(turn, plan, port),
  ]);
  const primary = tables.evidence.primary;
  const answers = (documents.evidence.passages ?? []).length + (conversations.evidence.messages ?? []).length;
  if (tables.cause !== null && answers === 0) throw tables.cause;
  const outcomes: Outcomes = {
    tables: tables.outcome,
    results: results.outcome,
    documents: documents.outcome,
    conversations: conversations.outcome,
  };
  const { pastResults, ...unknown } = results.evidence;
  return {
    ...turn,
    understanding: tables.understanding,
    evidence: {
      ...tables.evidence,
      pastResults: primary === null ? pastResults : pastResults.map((each) => withChanges(each, primary)),
      ...unknown,
      ...documents.evidence,
      ...conversations.evidence,
      sources: reportOf(plan, outcomes),
    },
  };
}

/** `understanding`: with the query that was run; `cause`: why they could not be read, null: they were. */
async function inTables(
  { understanding, datasets }: Understood,
  { tables }: Plan,
  port: RetrievalPort,
): Promise<
  Fetched<'primary' | 'context' | 'tablesUnknown', 'tables'> & { understanding: Understanding; cause: unknown }
> {
  const { query, study } = understanding;
  if (query === null)
    return { evidence: { primary: null, context: [] }, outcome: NOT_ASKED, understanding, cause: null };
  try {
    const fitted = await fittedBins(understanding, (each) => port.run(each)).catch(() => null);
    const primary = await port.run(fitted?.query ?? query);
    const profile = datasets.find(({ id }) => id === query.datasetId);
    const wanted =
      profile === undefined
        ? []
        : study === undefined
          ? contextQueries(query, primary, profile)
          : studyQueries(understanding, profile);
    const context = await Promise.all(wanted.map((each) => inContext(each, port, tables.withinMs)));
    return {
      evidence: { primary, context: [fitted?.context ?? null, ...context].filter((each) => each !== null) },
      outcome: { found: primary.rows.length, state: 'answered' },
      understanding: fitted === null ? understanding : { ...understanding, query: fitted.query },
      cause: null,
    };
  } catch (cause) {
    const evidence = { primary: null, context: [], tablesUnknown: true } as const;
    return { evidence, outcome: { found: 0, state: 'failed' }, understanding, cause };
  }
}

/** Earlier results are welcome, never needed, too: then those of this conversation have to do. */
async function inResults(
  turn: Understood,
  { results }: Plan,
  port: RetrievalPort,
): Promise<Fetched<'pastResults' | 'pastUnknown', 'results'>> {
  const { past } = port;
  const own = sharedPast(turn, results.limit);
  const outcome = { found: own.length, state: results.asked ? 'answered' : 'not_asked' } as const;
  if (past === undefined || !results.asked) return { evidence: { pastResults: own }, outcome };
  const found = await within(results.withinMs, () => past(turn.understanding));
  if (found === LATE || found === FAILED || found === null) {
    const state = found === FAILED ? 'failed' : 'late';
    return { evidence: { pastResults: own, pastUnknown: true }, outcome: { found: own.length, state } };
  }
  return { evidence: { pastResults: found }, outcome: { found: found.length, state: 'answered' } };
}

async function inDocuments(
  { question }: Understood,
  { documents }: Plan,
  port: RetrievalPort,
): Promise<Fetched<'passages' | 'corrected' | 'documentsUnknown', 'documents'>> {
  const { passages } = port;
  if (passages === undefined || !documents.asked) return { evidence: {}, outcome: NOT_ASKED };
  const found = await within(documents.withinMs, () => passages(documents.search, documents.limit));
  if (found === LATE || found === FAILED) {
    return {
      evidence: { documentsUnknown: true },
      outcome: { found: 0, state: found === FAILED ? 'failed' : 'late' },
    };
  }
  if (found === null) return { evidence: {}, outcome: { found: 0, state: 'none' } };
  const near = quoted(question, found, documents.topic);
  const corrected = near.length > 0 && found.corrected.length > 0 ? { corrected: found.corrected } : {};
  return { evidence: { passages: near, ...corrected }, outcome: { found: near.length, state: 'answered' } };
}

async function inConversations(
  { understanding: { said } }: Understood,
  { conversations }: Plan,
  port: RetrievalPort,
): Promise<Fetched<'messages' | 'messagesUnknown', 'conversations'>> {
  const { messages } = port;
  if (messages === undefined || said === undefined) return { evidence: {}, outcome: NOT_ASKED };
  const { search, limit, withinMs } = conversations;
  const found = await within(withinMs, () => messages(search, limit));
  if (found === LATE || found === FAILED) {
    return {
      evidence: { messages: [], messagesUnknown: true },
      outcome: { found: 0, state: found === FAILED ? 'failed' : 'late' },
    };
  }
  const near = quotedMessages(said, found);
  return { evidence: { messages: near }, outcome: { found: near.length, state: 'answered' } };
}

/** Of the rows then, those that are there no more. */
function withChanges(past: PastResult, primary: ResultSet): PastResult {
  if (past.was === undefined) return past;
  const now = new Set(primary.rows.map((row) => JSON.stringify(row)));
  return { ...past, was: past.was.filter((row) => !now.has(JSON.stringify(row))).slice(0, MOST_ROWS_THEN) };
}

/** Context is welcome, never needed: a question is answered without it when it takes too long. */
async function inContext(
  { purpose, query }: ContextQuery,
  port: RetrievalPort,
  ms: number,
): Promise<Evidence['context'][number] | null> {
  const result = await within(ms, () => port.run(query));
  return result === LATE || result === FAILED ? null : { purpose, result };
}

/** Earlier turns of this conversation about the same columns and values, the latest first. */
function sharedPast({ history, understanding }: Understood, limit: number): PastResult[] {
  const now = new Set(understanding.entities.map(entityName).filter((name) => name !== null));
  return history
    .toReversed()
    .flatMap(({ messageId, answer, understanding: past }) => {
      const names = new Set((past?.entities ?? []).map(entityName));
      const shared = [...now].filter((name) => names.has(name));
      return shared.length === 0 ? [] : [{ messageId, shared, answer }];
    })
    .slice(0, limit);
}
