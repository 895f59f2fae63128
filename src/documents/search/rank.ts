import { bm25, idf, type Statistics, type TermCounts } from '../../text/bm25.js';

/*
 * How passages are ranked, as arithmetic on what the index found. What each of these numbers gives is measured in
 * eval/README.md.
 */

/** BM25's saturation, and how far length counts. */
const BM25 = { k1: 0.9, b: 0.75 } as const;
/** What a passage gets of the scores of those one, two and three places away in its document. */
const CONTEXT = [0.4, 0.2, 0.1] as const;
/** How much of the fused score is the vector's. */
const VECTOR = 0.5;
/** A passage that tells a time or a number, where one is asked for. */
const TELLS_WHEN = 1.4;

/**
 * Texts that are added when the rareness of a word is told for `coverage`: of few passages alone, every word that one of them
 * does not hold would seem rarer than all that it does.
 */
const OTHER_TEXTS = 1_000;

/** A passage that holds a term of the question; documents as numbers of one search. */
export interface Candidate extends TermCounts {
  readonly document: number;
  readonly n: number;
}

/** A passage that something speaks for: words of its own, or of a neighbour. */
export interface Scored {
  readonly document: number;
  readonly n: number;
  /** By its own words, 1 for the best. */
  readonly words: number;
  /** Share of the question's words that it holds, each by how rare it is; 0–1. */
  readonly coverage: number;
}

/** `(words + vector + context) × time` is the score, before all are scaled to 1. */
export interface Parts {
  readonly words: number;
  readonly vector: number;
  /** What the passages beside it add. */
  readonly context: number;
  /** Above 1: it tells a time or a number that the question asks for. */
  readonly time: number;
}

export interface Ranked extends Scored {
  readonly score: number;
  readonly parts: Parts;
}

/** The candidates and the passages beside them, by their words. */
export function scored(candidates: readonly Candidate[], statistics: Statistics): Scored[] {
  const scores = bm25(candidates, statistics, BM25);
  const weights = statistics.documents.map((holders) => idf(statistics.texts + OTHER_TEXTS, holders));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const found = new Map<string, Scored>();
  for (const [at, { document, n, frequencies }] of candidates.entries()) {
    const held = weights.reduce((sum, weight, term) => sum + ((frequencies[term] ?? 0) > 0 ? weight : 0), 0);
    const coverage = all === 0 ? 0 : held / all;
    found.set(`${document}/${n}`, { document, n, words: scores[at] ?? 0, coverage });
  }
  for (const { document, n } of candidates) {
    for (let beside = n - CONTEXT.length; beside <= n + CONTEXT.length; beside++) {
      const key = `${document}/${beside}`;
      if (beside > 0 && !found.has(key)) found.set(key, { document, n: beside, words: 0, coverage: 0 });
    }
  }
  return [...found.values()];
}

/** What its neighbours add to each. */
function contexts(places: readonly { document: number; n: number }[], own: readonly number[]): number[] {
  const scoreOf = new Map(places.map(({ document, n }, at) => [`${document}/${n}`, own[at] ?? 0]));
  return places.map(({ document, n }) =>
    CONTEXT.reduce(
      (sum, weight, at) =>
        sum +
        weight * ((scoreOf.get(`${document}/${n - at - 1}`) ?? 0) + (scoreOf.get(`${document}/${n + at + 1}`) ?? 0)),
      0,
    ),
  );
}

/** The `limit` that are worth comparing by their vectors. */
export function poolOf(places: readonly Scored[], limit: number): Scored[] {
  const context = contexts(
    places,
    places.map(({ words }) => words),
  );
  return places
    .map((place, at) => ({ place, score: place.words + (context[at] ?? 0) }))
    .sort((a, b) => b.score - a.score || a.place.document - b.place.document || a.place.n - b.place.n)
    .slice(0, limit)
    .map(({ place }) => place);
}

/** What is known of a passage that was read. */
export interface Read {
  /** How near the vector side finds it; any scale. */
  readonly likeness: number;
  /** It tells a time or a number, and the question asks for one. */
  readonly tellsWhen: boolean;
}

/**
 * Best first. `places` are all that have words of their own and those beside them; only those that were read, by
 * `document/n`, are given.
 */
export function ranked(places: readonly Scored[], known: ReadonlyMap<string, Read>): Ranked[] {
  const nearest = Math.max(0, ...[...known.values()].map(({ likeness }) => likeness));
  const share = nearest === 0 ? 0 : VECTOR;
  const near = places.map(({ document, n }) =>
    nearest === 0 ? 0 : Math.max(0, known.get(`${document}/${n}`)?.likeness ?? 0) / nearest,
  );
  const own = places.map(({ words }, at) => (1 - share) * words + share * (near[at] ?? 0));
  const context = contexts(places, own);
  const hits = places.flatMap((place, at) => {
    const read = known.get(`${place.document}/${place.n}`);
    if (read === undefined) return [];
    const parts = {
      words: (1 - share) * place.words,
      vector: share * (near[at] ?? 0),
      context: context[at] ?? 0,
      time: read.tellsWhen ? TELLS_WHEN : 1,
    };
    const score = (parts.words + parts.vector + parts.context) * parts.time;
    return score > 0 ? [{ ...place, parts, score }] : [];
  });
  hits.sort((a, b) => b.score - a.score || a.document - b.document || a.n - b.n);
  const best = hits[0]?.score ?? 1;
  return hits.map((hit) => ({ ...hit, score: hit.score / best }));
}
