import type { Role } from '../../conversations/message.entity.js';
import { bm25, type Statistics } from '../../text/bm25.js';

/*
 * How messages are ranked, as arithmetic on what the index found: nothing here reads a database. What each of these numbers
 * gives is measured in eval/README.md on two public sets at once; all were chosen for both.
 */

/** BM25 (Robertson and Zaragoza, The probabilistic relevance framework, 2009): saturation, and how far length counts. */
const K1 = 1.2;
const B = 0.9;
/** What a message gets of the scores of those one, two and three places away in the same sitting. */
const CONTEXT = [0.4, 0.2, 0.1] as const;
/** How much of the fused score is the vector's. */
const VECTOR = 0.5;
/** A message of someone whom the question names; of the user, where it names nobody. */
const NAMED_SPEAKER = 1.4;
const OWN_WORDS = 1.7;
const TELLS_WHEN = 1.25;
const IN_PERIOD = 1.5;
/** The newest of two that say the same comes first: at most this much, halved every 30 days. */
const RECENT = 0.02;
const HALF_LIFE_MS = 30 * 86_400_000;

/** A message that holds a term of the question. */
export interface Candidate {
  /** Which conversation, as a number of this search. */
  readonly conversation: number;
  readonly seq: number;
  /** Messages with no long pause between them have the same one. */
  readonly sitting: number;
  /** Its terms, with repetitions. */
  readonly length: number;
  /** How often it holds each term of the question. */
  readonly frequencies: readonly number[];
}

/** A place in a conversation that something speaks for: words of its own, or of a neighbour. */
export interface Place {
  readonly conversation: number;
  readonly seq: number;
  readonly sitting: number;
  /** Its own words, 1 for the best message. */
  readonly words: number;
}

/** What is known of a place once its message was read. */
export interface Known extends Place {
  readonly messageId: string;
  readonly role: Role;
  readonly author: string | null;
  readonly createdAt: Date;
  readonly tellsWhen: boolean;
  /** How near the vector side finds it; any scale. */
  readonly similarity: number;
}

/** What the score of a hit is made of. `(own + context) × the factors` is the score, before all are scaled to 1. */
export interface Parts {
  readonly words: number;
  readonly vector: number;
  /** What the neighbours add. */
  readonly context: number;
  readonly speaker: number;
  readonly time: number;
  readonly recency: number;
}

export interface Ranked<T> {
  readonly item: T;
  readonly score: number;
  readonly parts: Parts;
}

/** BM25 of each candidate, 1 for the best. */
export const wordScores = (candidates: readonly Candidate[], statistics: Statistics): number[] =>
  bm25(candidates, statistics, { k1: K1, b: B });

/** The candidates and the places beside them, in the order of conversations, with the word scores of those that have any. */
export function placesAround(candidates: readonly Candidate[], scores: readonly number[]): Place[] {
  const places = new Map<number, Map<number, Place>>();
  const of = (conversation: number): Map<number, Place> => {
    let known = places.get(conversation);
    if (known === undefined) places.set(conversation, (known = new Map()));
    return known;
  };
  for (const [at, { conversation, seq, sitting }] of candidates.entries()) {
    of(conversation).set(seq, { conversation, seq, sitting, words: scores[at] ?? 0 });
  }
  for (const { conversation, seq, sitting } of candidates) {
    const known = of(conversation);
    for (let away = -CONTEXT.length; away <= CONTEXT.length; away++) {
      const beside = seq + away;
      if (beside > 0 && !known.has(beside)) known.set(beside, { conversation, seq: beside, sitting, words: 0 });
    }
  }
  return [...places.values()].flatMap((known) => [...known.values()].sort((a, b) => a.seq - b.seq));
}

/** What the neighbours of each place, sorted by conversation and seq, add to its own score. */
export function contextScores(places: readonly Place[], own: ArrayLike<number>): Float64Array {
  const context = new Float64Array(places.length);
  for (const [at, place] of places.entries()) {
    for (let next = at + 1; next < places.length; next++) {
      const other = places[next];
      if (other === undefined || other.conversation !== place.conversation || other.sitting !== place.sitting) break;
      const weight = CONTEXT[other.seq - place.seq - 1];
      if (weight === undefined) break;
      context[at] = (context[at] ?? 0) + weight * (own[next] ?? 0);
      context[next] = (context[next] ?? 0) + weight * (own[at] ?? 0);
    }
  }
  return context;
}

/** The `limit` places that are worth reading, by their words and those around them. */
export function poolOf(places: readonly Place[], limit: number): Place[] {
  const own = places.map(({ words }) => words);
  const context = contextScores(places, own);
  const scores = Float64Array.from(own, (words, at) => words + (context[at] ?? 0));
  // Sorting numbers alone first spares sorting all the places.
  const least = scores.toSorted().at(-limit) ?? 0;
  return places
    .flatMap((place, at) => ((scores[at] ?? 0) >= least ? [{ place, score: scores[at] ?? 0 }] : []))
    .sort((a, b) => b.score - a.score || b.place.seq - a.place.seq || a.place.conversation - b.place.conversation)
    .slice(0, limit)
    .map(({ place }) => place);
}

export interface Wanted {
  /** Lower-case names of the authors whom the question names. */
  readonly authors: ReadonlySet<string>;
  readonly asksWhen: boolean;
  readonly period: { readonly from: Date; readonly to: Date } | null;
  readonly askedAt: Date;
}

/** Best first; of equals the newer one. `places` are all that have words of their own, `known` those that were read. */
export function ranked<T extends Known>(places: readonly Place[], known: readonly T[], wanted: Wanted): Ranked<T>[] {
  const nearest = Math.max(0, ...known.map(({ similarity }) => similarity));
  const read = new Map(known.map((item) => [placeKey(item), item]));
  const all: Place[] = [];
  const items: (T | undefined)[] = [];
  for (const place of places) {
    const item = read.get(placeKey(place));
    if (item === undefined && place.words === 0) continue; // nothing to give to anyone
    // Only what was read knows its sitting for sure.
    all.push(item === undefined ? place : { ...place, sitting: item.sitting });
    items.push(item);
  }
  const vectors = items.map((item) =>
    item === undefined || nearest === 0 ? 0 : Math.max(0, item.similarity) / nearest,
  );
  const share = nearest === 0 ? 0 : VECTOR;
  const own = all.map(({ words }, at) => (1 - share) * words + share * (vectors[at] ?? 0));
  const context = contextScores(all, own);
  const hits = all.flatMap((place, at) => {
    const item = items[at];
    if (item === undefined) return [];
    const parts = {
      words: (1 - share) * place.words,
      vector: share * (vectors[at] ?? 0),
      context: context[at] ?? 0,
      speaker: speakerFactor(item, wanted),
      time: timeFactor(item, wanted),
      recency: 1 + RECENT * 0.5 ** (Math.max(0, wanted.askedAt.getTime() - item.createdAt.getTime()) / HALF_LIFE_MS),
    };
    const sum = parts.words + parts.vector + parts.context;
    return sum > 0 ? [{ item, parts, score: sum * parts.speaker * parts.time * parts.recency }] : [];
  });
  hits.sort(
    (a, b) =>
      b.score - a.score ||
      b.item.createdAt.getTime() - a.item.createdAt.getTime() ||
      b.item.seq - a.item.seq ||
      (a.item.messageId < b.item.messageId ? -1 : 1),
  );
  const best = hits[0]?.score ?? 1;
  return hits.map((hit) => ({ ...hit, score: hit.score / best }));
}

function speakerFactor({ author, role }: Known, { authors }: Wanted): number {
  if (authors.size > 0) return author !== null && authors.has(author.toLowerCase()) ? NAMED_SPEAKER : 1;
  return role === 'user' ? OWN_WORDS : 1;
}

function timeFactor({ createdAt, tellsWhen }: Known, { asksWhen, period }: Wanted): number {
  const inPeriod = period !== null && createdAt >= period.from && createdAt < period.to;
  return (asksWhen && tellsWhen ? TELLS_WHEN : 1) * (inPeriod ? IN_PERIOD : 1);
}

const placeKey = ({ conversation, seq }: Place): number => conversation * 2 ** 32 + seq;
