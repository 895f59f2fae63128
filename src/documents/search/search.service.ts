import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import type { QuestionVector } from '../../llm/embedding-tools.js';
import { excerptAround } from '../../text/excerpt-around.js';
import { TermKeys } from '../../text/hashes.js';
import { likeness } from '../../text/likeness.js';
import { asksWhen, tellsWhen } from '../../text/when.js';
import type { Dictionary } from '../../text/words.js';
import { CollectionsService } from '../collections/collections.service.js';
import { IngestionStore } from '../ingestion/ingestion.store.js';
import { PassageEmbeddings } from './passage-embeddings.js';
import { type Candidate, type Parts, poolOf, type Ranked, type Read, ranked, scored, type Scored } from './rank.js';
import { type CandidateRow, type HitRow, type Place, type Scope, SearchStore, type Where } from './search.store.js';
import { frequencyOf, type Lookup, lookupOf, rarest, spellings, type Term, termsOf } from './terms.js';

/** Up to this many passages with a word of the question are all looked at; beyond, those with the rarer words. */
const CANDIDATES = 4_000;
/** One in this many passages is sampled. */
const SAMPLE = 16;
/** Passages of which the vectors are compared: those that words speak for, and those nearest by embedding. */
const POOL = 200;
const NEAREST = 100;
/** Words that may be misspelled, as they are indexed. */
const SPELLED = /^\p{L}{4,40}$/u;
/** Words that a misspelled one is compared with. */
const VOCABULARY = 20_000;

export interface Asked {
  readonly query: string;
  /** Without it all that the actor may read is searched. */
  readonly collectionIds?: readonly string[] | undefined;
  readonly limit: number;
}

export interface Hit extends HitRow {
  /** Part of it with most of the question's words, on one line. */
  readonly excerpt: string;
  readonly matches: readonly string[];
  /** 1 for the best one. */
  readonly score: number;
  /** Share of the question's words that it holds, each by how rare it is among the passages; 0–1. */
  readonly coverage: number;
  readonly parts: Parts;
}

export interface Found {
  readonly hits: readonly Hit[];
  readonly vectors: 'ngrams' | 'embeddings';
  /** Why the embeddings that are set up were not used; null: they were, or none are. */
  readonly degraded: string | null;
  /** Documents that are not (or not anew) found yet. */
  readonly pending: number;
  /** Passages that were searched. */
  readonly passages: number;
  /** What the question is about. */
  readonly terms: readonly Term[];
  /** Words of the question that occur nowhere, and nothing that they may be a misspelling of. */
  readonly absent: readonly string[];
  /** Words of the question that do not occur, with those that were looked for in their place. */
  readonly corrected: readonly { readonly word: string; readonly as: readonly string[] }[];
}

/** One owner's part of a search. */
interface Part {
  readonly where: Where;
  readonly scope: Scope;
  readonly rows: readonly CandidateRow[];
  readonly lookups: readonly Lookup[];
  /** Of each term, in how many of the passages it occurs. */
  readonly holders: readonly number[];
}

/** Finds the passages that a question is about, in the collections that its asker may read. */
@Injectable()
export class SearchService {
  constructor(
    private readonly collections: CollectionsService,
    private readonly store: SearchStore,
    private readonly ingestion: IngestionStore,
    private readonly embeddings: PassageEmbeddings,
  ) {}

  /** @throws {404} collection_not_found */
  async search(actor: Actor, { query, collectionIds, limit }: Asked): Promise<Found> {
    const wheres = ownersOf(await this.collections.visible(actor, collectionIds));
    const scopes = await Promise.all(wheres.map((where) => this.store.scope(where)));
    const filled = wheres.flatMap((where, at) => {
      const scope = scopes[at];
      return scope === undefined || scope.passages === 0 ? [] : [{ where, scope }];
    });
    const pending = scopes.reduce((sum, scope) => sum + scope.pending, 0);
    const languages = [...new Set(scopes.flatMap((scope) => scope.languages))];
    const dictionary: Dictionary = (language, words) => this.ingestion.stems(language, words);
    const [{ vector, degraded }, terms] = await Promise.all([
      filled.length === 0 ? { vector: null, degraded: null } : this.embeddings.question(query),
      termsOf(query, languages, dictionary),
    ]);
    const { parts, corrected, meant } = await this.found(filled, terms, languages);
    const numbers = new Numbers();
    const candidates = parts.flatMap((part) => candidatesOf(part, numbers));
    const places = scored(candidates, {
      texts: parts.reduce((sum, { scope }) => sum + scope.passages, 0),
      length: parts.reduce((sum, { scope }) => sum + scope.length, 0),
      documents: terms.map((_, term) => parts.reduce((sum, { holders }) => sum + (holders[term] ?? 0), 0)),
    });
    const near = vector === null ? [] : await this.nearest(filled, vector, places, numbers);
    const pool = [...poolOf(places, POOL), ...near];
    const known = await this.known(pool, numbers, meant, vector, asksWhen(query));
    const best = ranked([...places, ...near], known).slice(0, limit);
    return {
      hits: await this.hits(best, numbers, meant),
      vectors: vector === null ? 'ngrams' : 'embeddings',
      degraded,
      pending,
      passages: scopes.reduce((sum, scope) => sum + scope.passages, 0),
      terms: meant,
      absent: meant.flatMap(({ word }, term) =>
        parts.every(({ holders }) => (holders[term] ?? 0) === 0) ? [word] : [],
      ),
      corrected,
    };
  }

  /** By words; a word that occurs nowhere is looked for as what it may be a misspelling of. */
  private async found(
    filled: readonly { where: Where; scope: Scope }[],
    terms: readonly Term[],
    languages: readonly string[],
  ): Promise<{ parts: Part[]; corrected: Found['corrected']; meant: readonly Term[] }> {
    const parts = await Promise.all(filled.map(({ where, scope }) => this.byWords(where, scope, terms)));
    const unknown = terms.filter((_, term) => parts.every(({ holders }) => holders[term] === 0));
    const corrections = await Promise.all(
      unknown.map(async ({ word }) => {
        if (!SPELLED.test(word)) return { word, as: [], term: null };
        const occurring = await Promise.all(filled.map(({ where }) => this.store.words(where, word, VOCABULARY)));
        const as = spellings(word, [...new Set(occurring.flat())]);
        const meantBy = await termsOf(as.join(' '), languages, (language, words) =>
          this.ingestion.stems(language, words),
        );
        return { word, as, term: { word: as[0] ?? word, stems: meantBy.flatMap(({ stems }) => stems) } };
      }),
    );
    const corrected = corrections.filter(({ as }) => as.length > 0);
    const termOf = new Map(corrected.map(({ word, term }) => [word, term]));
    const meant = terms.map((term) => termOf.get(term.word) ?? term);
    if (corrected.length === 0) return { parts, corrected, meant };
    return {
      parts: await Promise.all(filled.map(({ where, scope }) => this.byWords(where, scope, meant))),
      corrected,
      meant,
    };
  }

  private async byWords(where: Where, scope: Scope, terms: readonly Term[]): Promise<Part> {
    const keys = new TermKeys(where.userId);
    const lookups = terms.map((term) => lookupOf(term, keys));
    if (terms.length === 0) return { where, scope, rows: [], lookups, holders: [] };
    const isSmall = scope.passages <= CANDIDATES;
    const estimates = isSmall ? null : await this.store.sampled(where, groupsOf(lookups));
    const holders = lookups.map((_, at) => (estimates?.get(at + 1) ?? 0) * SAMPLE);
    const taken = isSmall ? null : rarest(holders, CANDIDATES);
    const asked = lookups.flatMap((lookup, at) => (taken === null || taken.has(at) ? lookup.keys : []));
    const rows = await this.store.candidates(where, asked, CANDIDATES);
    const counted = lookups.map((lookup, at) => {
      const seen = rows.filter(({ terms: packed }) => frequencyOf(lookup, packed) > 0).length;
      return taken === null || taken.has(at) ? seen : Math.max(seen, holders[at] ?? 0);
    });
    return { where, scope, rows, lookups, holders: counted };
  }

  /** What only an embedding finds. */
  private async nearest(
    filled: readonly { where: Where }[],
    { by, signs }: QuestionVector,
    places: readonly Scored[],
    numbers: Numbers,
  ): Promise<Scored[]> {
    const have = new Set(places.map(({ document, n }) => `${document}/${n}`));
    const found = await Promise.all(
      filled.map(async ({ where }) => ({ where, rows: await this.store.nearest(where, by, signs, NEAREST) })),
    );
    return found.flatMap(({ where, rows }) =>
      rows
        .map(({ documentId, n }) => ({ document: numbers.of(where, documentId), n, words: 0, coverage: 0 }))
        .filter(({ document, n }) => !have.has(`${document}/${n}`)),
    );
  }

  private async known(
    pool: readonly Scored[],
    numbers: Numbers,
    terms: readonly Term[],
    vector: QuestionVector | null,
    whenIsAsked: boolean,
  ): Promise<Map<string, Read>> {
    const rows = await Promise.all(
      numbers
        .places(pool)
        .map(async ({ where, places }) =>
          (await this.store.vectors(where, places, vector?.by ?? null, whenIsAsked)).map((row) => ({ ...row, where })),
        ),
    );
    const all = rows.flat();
    const words = terms.map(({ word }) => word);
    const near = likeness(all, words, vector?.vector ?? null);
    return new Map(
      all.map(({ where, documentId, n, content }, at) => [
        `${numbers.of(where, documentId)}/${n}`,
        { likeness: near[at] ?? 0, tellsWhen: content !== null && tellsWhen(content) },
      ]),
    );
  }

  private async hits(best: readonly Ranked[], numbers: Numbers, terms: readonly Term[]): Promise<Hit[]> {
    const wanted = new Set(terms.flatMap(({ stems }) => stems));
    const rows = await Promise.all(
      numbers
        .places(best)
        .map(async ({ where, places }) => (await this.store.hits(where, places)).map((row) => ({ ...row, where }))),
    );
    const rowOf = new Map(
      rows.flat().map(({ where, ...row }) => [`${numbers.of(where, row.documentId)}/${row.n}`, row]),
    );
    return best.flatMap(({ document, n, score, coverage, parts }) => {
      const row = rowOf.get(`${document}/${n}`);
      if (row === undefined) return [];
      const { text: excerpt, words: matches } = excerptAround(row.content, wanted);
      return [{ ...row, excerpt, matches, score, coverage, parts }];
    });
  }
}

/** Documents as numbers of one search, with whose they are. */
class Numbers {
  private readonly documents: { where: Where; documentId: string }[] = [];
  private readonly numbers = new Map<string, number>();

  of(where: Where, documentId: string): number {
    let number = this.numbers.get(documentId);
    if (number === undefined) {
      number = this.documents.push({ where, documentId }) - 1;
      this.numbers.set(documentId, number);
    }
    return number;
  }

  /** By owner, as the store wants them. */
  places(places: readonly { document: number; n: number }[]): { where: Where; places: Place[] }[] {
    const byOwner = new Map<Where, Place[]>();
    for (const { document, n } of places) {
      const known = this.documents[document];
      if (known === undefined) continue;
      const of = byOwner.get(known.where) ?? [];
      byOwner.set(known.where, of);
      of.push({ documentId: known.documentId, n });
    }
    return [...byOwner].map(([where, of]) => ({ where, places: of }));
  }
}

const candidatesOf = ({ where, rows, lookups }: Part, numbers: Numbers): Candidate[] =>
  rows.map(({ documentId, n, length, terms }) => ({
    document: numbers.of(where, documentId),
    n,
    length,
    frequencies: lookups.map((lookup) => frequencyOf(lookup, terms)),
  }));

const groupsOf = (lookups: readonly Lookup[]): { group: number; key: string }[] =>
  lookups.flatMap(({ keys }, at) => keys.map((key) => ({ group: at + 1, key })));

function ownersOf(visible: readonly { readonly userId: string; readonly id: string }[]): Where[] {
  const byOwner = new Map<string, string[]>();
  for (const { userId, id } of visible) byOwner.set(userId, [...(byOwner.get(userId) ?? []), id]);
  return [...byOwner].map(([userId, collectionIds]) => ({ userId, collectionIds }));
}
