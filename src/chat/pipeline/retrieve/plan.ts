import type { AskedSource, PastTurn, Source, Understood } from '../turn.js';
import { type Topic, topicOf } from './topic.js';

/** One source in a plan. */
interface Planned {
  readonly asked: boolean;
  readonly why: string;
  /** It is given up after this long. */
  readonly withinMs: number;
}

/** Where an answer is looked for: decided before anything is fetched, from the question and what was understood of it. */
export interface Plan {
  readonly tables: Planned & { readonly of: string | null };
  readonly documents: Planned & {
    /** What is searched: the question, with what it is about where its own words do not say that. */
    readonly search: string;
    /** What the tables know it to be about: a passage that speaks of another thing or time is none. */
    readonly topic: Topic | null;
    readonly limit: number;
  };
  readonly results: Planned & { readonly limit: number };
  readonly conversations: Planned & { readonly search: string; readonly limit: number };
}

/** The tables have their own time limit, by statement; earlier results, too, which are only welcome. */
const TABLES_MS = 60_000;
const RESULTS_MS = 5_000;
const DOCUMENTS_MS = 4_000;
const CONVERSATIONS_MS = 4_000;
const PASSAGES = 10;
const MESSAGES = 30;
const RESULTS = 5;
const LONGEST_SEARCH = 2_000;

/** Refusals of the tables that say nothing of what else there may be. */
const ELSEWHERE: ReadonlySet<string> = new Set(['no_dataset', 'not_in_data', 'unclear', 'needs_model']);
/** Why documents are asked for reasons; that they tell none is said. */
export const FOR_REASONS = 'figures do not tell reasons';
const REASONS =
  /\b(?:why|how come|reasons?|causes?|caused|because|explain(?:s|ed)?|explanation|what (?:happened|led to|is behind|was behind))\b/i;
/** Texts are asked for by name. */
const TEXTS =
  /\b(?:according to|(?:in|from) the (?:documents?|reports?|papers?|files?|manuals?|contracts?|minutes|notes)|(?:documents?|reports?|papers?|manuals?|contracts?|minutes|notes) (?:say|says|said|state|states|mention|mentions|tell|tells|write|writes))\b/i;
/** Words that ask, and say nothing of what about. */
const ASKING =
  /\b(?:why|how come|what|which|is|are|was|were|did|do|does|the|a|an|of|for|to|and|so|then|behind|happened|led|that|this|it|its|they|them|those|these|there|reasons?|causes?|caused|because|explain(?:s|ed)?|explanation|me|please|can|could|you|tell|know|more|about|details?)\b/giu;
/** Below this a table may have been taken for what a text was meant. */
const UNSURE = 0.6;

/** Pure: the same question, understood in the same way, has the same plan. */
export function planOf(turn: Understood): Plan {
  const { query, refusal, intent, said, earlier } = turn.understanding;
  const profile = query === null ? undefined : turn.datasets.find(({ id }) => id === query.datasetId);
  const asksReasons = REASONS.test(turn.question);
  return {
    tables: {
      asked: query !== null,
      why:
        query !== null
          ? 'the question can be answered from it'
          : said !== undefined
            ? 'what was said is asked for'
            : refusal === null
              ? 'nothing of data is asked for'
              : 'no table holds what is asked for',
      of: query === null ? null : (profile?.title ?? null),
      withinMs: TABLES_MS,
    },
    documents: { ...documents(turn, asksReasons), limit: PASSAGES, withinMs: DOCUMENTS_MS },
    results: {
      asked: query !== null,
      why:
        query === null
          ? 'nothing is worked out that could be compared'
          : earlier === undefined
            ? 'the same may have been worked out before'
            : 'an earlier result is asked for',
      limit: RESULTS,
      withinMs: RESULTS_MS,
    },
    conversations: {
      asked: said !== undefined,
      why: said === undefined ? 'nobody asks what was said' : 'what was said is asked for',
      search: said === undefined ? '' : bounded([said.about, said.period?.words ?? ''].join(' ').trim()),
      limit: MESSAGES,
      withinMs: CONVERSATIONS_MS,
    },
  };

  function documents(
    { question, history, datasets }: Understood,
    isReason: boolean,
  ): Pick<Plan['documents'], 'asked' | 'why' | 'search' | 'topic'> {
    const none = { search: '', topic: null };
    if (said !== undefined) {
      if (!said.isDecision) return { asked: false, why: 'what was said is asked for', ...none };
      return { asked: true, why: 'what was decided may be written down', search: bounded(said.about), topic: null };
    }
    if (query !== null) {
      const topic = topicOf(query, profile);
      const why = isReason
        ? FOR_REASONS
        : TEXTS.test(question)
          ? 'texts are asked for'
          : intent.confidence < UNSURE
            ? 'the table may not be what is meant'
            : null;
      if (why === null) return { asked: false, why: 'the table answers it', ...none };
      return { asked: true, why, search: searchOf(question, topic), topic: isReason ? topic : null };
    }
    const isElsewhere = refusal !== null ? ELSEWHERE.has(refusal.code) : intent.kind === 'unknown';
    if (!isElsewhere) return { asked: false, why: 'nothing is asked that a text could tell', ...none };
    // "Why?" is about what was asked before.
    const own = question.replaceAll(ASKING, ' ');
    const before = isReason && !/[\p{L}\p{N}]{2}/u.test(own) ? lastTopic(history, datasets) : null;
    if (before !== null) return { asked: true, why: FOR_REASONS, search: searchOf(own, before), topic: before };
    return { asked: true, why: 'the tables do not answer it', search: bounded(question), topic: null };
  }
}

/** What was asked of the tables last. */
function lastTopic(history: readonly PastTurn[], datasets: Understood['datasets']): Topic | null {
  const last = history.findLast(({ understanding }) => understanding?.query)?.understanding?.query;
  return last === undefined || last === null
    ? null
    : topicOf(
        last,
        datasets.find(({ id }) => id === last.datasetId),
      );
}

/** A question's words, and of what it is about those that it does not say itself. */
function searchOf(question: string, { values, years, measures }: Topic): string {
  const said = question.toLowerCase();
  const hasWords = /[\p{L}\p{N}]{2}/u.test(question.replaceAll(ASKING, ' '));
  const [latest] = years;
  const missing = [
    ...values.filter((value) => !said.includes(value.toLowerCase())),
    ...(latest === undefined || years.some((year) => said.includes(String(year))) ? [] : [String(latest)]),
    ...(hasWords ? [] : measures),
  ];
  return bounded([question, ...missing].join(' ').replaceAll(/\s+/g, ' ').trim());
}

const bounded = (text: string): string => text.slice(0, LONGEST_SEARCH).toWellFormed();

/** What was found, and how it went, of those that were asked. */
export type Outcomes = Readonly<Record<Source, Pick<AskedSource, 'found' | 'state'>>>;

/** The plan and what came of it, for whoever wants to know where an answer is from. */
export function reportOf(plan: Plan, outcomes: Outcomes): AskedSource[] {
  const of: Record<Source, string | null> = {
    tables: plan.tables.of,
    documents: plan.documents.search,
    results: null,
    conversations: plan.conversations.search,
  };
  return (['tables', 'documents', 'results', 'conversations'] as const).map((source) => {
    const { asked, why } = plan[source];
    return asked
      ? { source, asked, why, of: of[source], ...outcomes[source] }
      : { source, asked, why, of: null, found: 0, state: 'not_asked' };
  });
}
