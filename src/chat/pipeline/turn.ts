import type { Scalar } from '../../common/scalar.js';
import type { DatasetProfile } from '../../datasets/profile.js';
import type { AnalyticalQuery } from '../../datasets/query/analytical-query.js';
import type { ResultSet } from '../../datasets/query/result-set.js';
import type { Faithfulness } from './faithfulness/check.js';
import type { Study } from './studies/study.js';
import type { Studied } from './studies/studied.js';

/*
 * One turn as data. Each layer takes what the one before returned and gives back a wider object; the types force the order.
 * Plain TypeScript: no Nest, no TypeORM, no clock, no storage in this folder (retrieve gets a port).
 */

export const INTENTS = [
  'lookup',
  'aggregate',
  'compare',
  'trend',
  'rank',
  'share',
  'distribution',
  'growth',
  'correlation',
  'outliers',
  'forecast',
  'reasons',
  'count',
  'list',
  'small_talk',
  'help',
  'unknown',
] as const;
export type IntentKind = (typeof INTENTS)[number];

/** A turn of this conversation that was answered, newest last in `Asked.history`. */
export interface PastTurn {
  readonly messageId: string;
  readonly question: string;
  readonly understanding: Understanding | null;
  /** The first rows of the primary result (bounded), for "it", "the lowest one", "the difference between them". */
  readonly result: {
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly Scalar[])[];
  } | null;
  /** The value(s) that the answer was, when it was one. */
  readonly answer: Answer | null;
  /** What its picture coloured; see `Visualization`. */
  readonly colors?: Visualization['colors'] | undefined;
}

export interface Asked {
  readonly question: string;
  /** What "this year" and "yesterday" are relative to. */
  readonly askedAt: Date;
  readonly persona: {
    readonly name: string;
    readonly displayName: string;
    readonly starterQuestions: readonly string[];
    /** `#4F46E5`: the first colour of charts. */
    readonly color?: string | undefined;
  };
  /** What may be asked about, most likely first. */
  readonly datasets: readonly DatasetProfile[];
  readonly history: readonly PastTurn[];
  /** Whether the history goes back to the conversation's first answer; left out: it does. */
  readonly historyIsWhole?: boolean | undefined;
  /** The conversation's first answered turns, where the question points at one of them that lies before the history. */
  readonly opening?: readonly PastTurn[] | undefined;
  /**
   * The earlier result that the question points at outright ("that result from yesterday"), of whatever conversation; null:
   * there is none, `unknown`: it could not be looked up. Left out where nothing was looked for.
   */
  readonly pointed?: Pointed | null | 'unknown' | undefined;
}

/** An earlier result that a question points at. `turn.question` says in the data's own words what it was about. */
export interface Pointed {
  readonly turn: PastTurn;
  readonly answeredAt: Date;
}

/** A piece of the question that was recognised. */
export interface Entity {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'column' | 'value' | 'number' | 'time' | 'aggregate' | 'order' | 'chart' | 'dataset';
  /** Name of the column meant, or that the value belongs to. */
  readonly column?: string | undefined;
  readonly value?: Scalar | undefined;
  /** 0–1; below 1 where it was matched by synonym, stem or misspelling. */
  readonly score: number;
}

/** A phrase that points back ("it", "that", "the same for…") and what it was taken to mean. */
export interface Reference {
  readonly text: string;
  readonly messageId: string;
  readonly meaning: string;
}

export type Mark = 'bar' | 'line' | 'area' | 'point' | 'arc' | 'boxplot' | 'rect' | 'tick';

/** What the question asked of the picture; visualize decides the rest. */
export interface ChartRequest {
  readonly mark?: Mark | undefined;
  readonly stacked?: boolean | undefined;
  /** Bins whose width nobody said: it is fitted to the numbers. */
  readonly fitted?: true | undefined;
  /** Names of the query's outputs, where the question fixes the axes. */
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly color?: string | undefined;
}

/** Why a question was not answered; a person reads `reason`, then may pick a suggestion. */
export interface Refusal {
  readonly code:
    | 'no_dataset'
    | 'not_in_data'
    | 'unclear'
    | 'needs_model'
    | 'no_rows'
    | 'no_earlier_result'
    | 'not_said'
    | 'relation_unconfirmed'
    | 'too_few';
  readonly reason: string;
  readonly suggestions: readonly string[];
  /** The relation that would have to be confirmed. */
  readonly relation?: { readonly datasetId: string; readonly relationId: string } | undefined;
}

export interface Understanding {
  readonly intent: { readonly kind: IntentKind; /** 0–1 */ readonly confidence: number };
  /** ISO 639-1. */
  readonly language: string;
  readonly entities: readonly Entity[];
  readonly references: readonly Reference[];
  /** null for small talk, help and refusals. */
  readonly query: AnalyticalQuery | null;
  readonly chart: ChartRequest | null;
  /** The question asks for one fact, a list of facts, or a picture/table of groups: what the answer's text leads with. */
  readonly expects: 'value' | 'values' | 'table';
  /** Set when the question could mean two things: the reading taken, in a sentence. */
  readonly reading: string | null;
  /** What a follow-up changed in the previous query, in words: `year 2024 → 2020`. */
  readonly edits: readonly string[];
  readonly refusal: Refusal | null;
  /** Set when what an earlier result was, or whether it is another one now, is asked for. */
  readonly earlier?: EarlierAsked | undefined;
  /** Set when the question asks for more than the query's own result. */
  readonly study?: Study | undefined;
  /** Set when what was said in earlier conversations is asked for. */
  readonly said?: SaidAsked | undefined;
}

export interface SaidAsked {
  /** What it was about, in the question's words; empty: only when it was. */
  readonly about: string;
  readonly by: 'user' | 'assistant' | 'anyone';
  /** When it was said, where the question says so: the first moment, and the first after it (ISO), and its words. */
  readonly period: { readonly from: string; readonly to: string; readonly words: string } | null;
  /** What was decided may be written down elsewhere, too. */
  readonly isDecision: boolean;
}

export interface EarlierAsked {
  readonly asks: 'value' | 'change';
  /** When it was asked, where the question says so: the first moment, and the first after it. ISO. */
  readonly period: { readonly from: string; readonly to: string } | null;
  /** It is about the answer before: an earlier one than those of this talk is meant. */
  readonly isOfTalk: boolean;
}

export interface Understood extends Asked {
  readonly understanding: Understanding;
}

/**
 * An earlier result about the same things: by its message, with what was worked out then. What was asked is not copied, so
 * that nothing is left here of a message that is erased.
 */
export interface PastResult {
  readonly messageId: string;
  /** Columns and values that both are about. */
  readonly shared: readonly string[];
  readonly answer: Answer | null;
  /** Where and when (ISO); left out where only the present conversation was looked at. */
  readonly conversationId?: string | undefined;
  readonly at?: string | undefined;
  /** How well it fits, 1 for the best; left out where only the present conversation was looked at. */
  readonly score?: number | undefined;
  /** Of the same question in meaning: those of its rows that the primary result does not have now. */
  readonly was?: readonly (readonly Scalar[])[] | undefined;
}

/** A passage of a document that speaks of the question. */
export interface CitedPassage {
  readonly documentId: string;
  /** The document's. */
  readonly title: string;
  /** Its number in the document, from 1. */
  readonly n: number;
  /** The headings that it stands under, the outermost first. */
  readonly heading: readonly string[];
  readonly page: number | null;
  /** The whole passage, literally: the document's text from `starts` to `ends`, in UTF-16 units. */
  readonly quote: string;
  readonly starts: number;
  readonly ends: number;
  /** By the search, 1 for its best hit. */
  readonly score?: number | undefined;
  /** Share of the question's words that it holds, each by how rare it is; 0–1. */
  readonly coverage?: number | undefined;
  /** The sentences of it that answer best, literally. */
  readonly sentences: readonly string[];
}

/** A message of whatever conversation that tells what was asked for. */
export interface QuotedMessage {
  readonly messageId: string;
  readonly conversationId: string;
  /** Whether that is the conversation of the question. */
  readonly isHere: boolean;
  readonly role: 'user' | 'assistant' | 'system';
  /** When it was said; ISO. */
  readonly at: string;
  /** Literally in it. */
  readonly quote: string;
  /** By the search, 1 for its best hit. */
  readonly score: number;
}

export const SOURCES = ['tables', 'documents', 'results', 'conversations'] as const;
export type Source = (typeof SOURCES)[number];

/** One place where an answer may come from: whether it was asked, and what came of it. */
export interface AskedSource {
  readonly source: Source;
  readonly asked: boolean;
  /** Why, or why not; in a few plain words. */
  readonly why: string;
  /** Of what: the data set's title, the words that were searched; null: nothing was asked. */
  readonly of: string | null;
  /** Rows, passages, results or messages that the answer has of it. */
  readonly found: number;
  /** none: there is nothing of the kind to ask · late: it did not answer in time. */
  readonly state: 'not_asked' | 'answered' | 'none' | 'late' | 'failed';
}

export interface Evidence {
  /** What the query gave; null when there was no query. */
  readonly primary: ResultSet | null;
  /** Results that put the primary into context (the same by region, the year before, what years exist), each with why it was fetched. */
  readonly context: readonly {
    /** breakdown: the number by one dimension · previous: the period before · sample: rows behind each group · ranking: who else is near the top · whole: over all rows, where only the first were read · spread: quartiles and bounds of all rows · distribution: how the numbers behind bins are spread · parts: what a change is made up of, by one dimension · pairs: the rows behind a coefficient · available: what there is where nothing was found · partners: how many rows have one in a related data set. */
    readonly purpose:
      | 'breakdown'
      | 'previous'
      | 'sample'
      | 'ranking'
      | 'whole'
      | 'spread'
      | 'distribution'
      | 'parts'
      | 'pairs'
      | 'available'
      | 'composition'
      | 'partners';
    readonly result: ResultSet;
  }[];
  readonly pastResults: readonly PastResult[];
  /** Earlier results could not be looked up in time; those of this conversation are there. */
  readonly pastUnknown?: true | undefined;
  /** Best first; none: the documents do not speak of it. Left out where they were not asked, or there are none. */
  readonly passages?: readonly CitedPassage[];
  /** Words of the question that no document has, with those that were looked for in their place. */
  readonly corrected?: readonly { readonly word: string; readonly as: readonly string[] }[];
  /** The documents could not be searched, or not in time. */
  readonly documentsUnknown?: true | undefined;
  /** What was said about it, best first; left out where that was not asked. */
  readonly messages?: readonly QuotedMessage[];
  /** Earlier conversations could not be searched, or not in time. */
  readonly messagesUnknown?: true | undefined;
  /** The tables could not be read; something else answers. */
  readonly tablesUnknown?: true | undefined;
  /** Where it was looked, and where not. */
  readonly sources?: readonly AskedSource[];
}

export interface Retrieved extends Understood {
  readonly evidence: Evidence;
}

/** The asked-for fact(s) themselves, before any words. */
export type Answer = Scalar | readonly Scalar[];

/** One claim, and the rows that support it. Every number in `text` is in `values`. */
export interface Finding {
  readonly kind:
    | 'value'
    | 'difference'
    | 'rank'
    | 'extreme'
    | 'change'
    | 'share'
    | 'outlier'
    | 'trend'
    | 'correlation'
    | 'forecast'
    | 'reason'
    | 'distribution'
    | 'count'
    | 'missing'
    | 'note';
  /** One plain sentence. */
  readonly text: string;
  readonly values: Readonly<Record<string, number>>;
  /** `result`: 0 = primary, 1… = evidence.context[n - 1]; `rows`: indexes into it. */
  readonly support: readonly { readonly result: number; readonly rows: readonly number[] }[];
  /** 0–1: how much a reader wants to know it; findings come sorted by it. */
  readonly interest: number;
  /** Message of the earlier result (`evidence.pastResults`) that it compares with. */
  readonly earlier?: string | undefined;
}

export interface Analyzed extends Retrieved {
  /** What a study came to; null where none was asked for, or its evidence is not there. */
  readonly studied?: Studied | null | undefined;
  readonly answer: Answer | null;
  readonly findings: readonly Finding[];
}

export interface Visualization {
  /** A self-contained Vega-Lite 6 specification: its rows are in `data.values`. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly title: string;
  /** What the picture shows, for those who cannot see it. */
  readonly altText: string;
  /** The values that the conversation has given a colour, in the order of the palette: by data set and column. */
  readonly colors: Readonly<Record<string, readonly Scalar[]>>;
}

export interface Visualized extends Analyzed {
  readonly visualization: Visualization | null;
}

export interface Composed extends Visualized {
  /** The answer as text (Markdown kept to bold and lists). */
  readonly text: string;
  /** The numbers of the text and of the picture's words against the evidence; null where a model talked and nothing was worked out. */
  readonly grounded: Faithfulness | null;
}
