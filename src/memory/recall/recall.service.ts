import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/problem.js';
import type { Role } from '../../conversations/message.entity.js';
import { Metrics } from '../../metrics/metrics.js';
import type { QuestionVector } from '../../llm/embedding-tools.js';
import { EmbeddingsService } from './embeddings.service.js';
import { excerptAround } from '../../text/excerpt-around.js';
import { frequency } from '../../text/hashes.js';
import { likeness } from '../../text/likeness.js';
import { IndexerService } from './indexer.service.js';
import { IndexStore } from './index.store.js';
import { type Lookup, lookupOf, type Question, questionOf, rarest } from './question.js';
import { type Known, type Parts, type Place, placesAround, poolOf, ranked, wordScores } from './rank.js';
import { type CandidateRow, RecallStore, type Scope, type Where } from './recall.store.js';
import type { Period } from './times.js';

/** Messages that a search indexes by itself before it looks; what is beyond is left to the rounds in the background. */
const INDEX_FIRST = 1_000;
/** In a history longer than this the terms' frequencies are estimated, and only messages with the rarer ones looked at. */
const EXACT = 2_000;
const CANDIDATES = 2_000;
/** One in this many messages is sampled. */
const SAMPLE = 16;
/** A conversation of up to this many messages is read from end to end. */
const SHORT = 2_000;
/** Messages of which the vectors are compared: those that words speak for, and those nearest by embedding. */
const POOL = 250;
const NEAREST = 100;
const EMBED_FIRST = 32;
/** A question waits this long for its embedding, and is then answered without. */
const EMBED_MS = 1_500;

export interface Asked {
  readonly query: string;
  /** Without it all of the user's conversations are searched. */
  readonly conversationId?: string | undefined;
  readonly limit: number;
  /** What "yesterday" is seen from; now when left out. */
  readonly askedAt?: Date | undefined;
  /** Only what was stored before this moment. */
  readonly before?: Date | undefined;
  /** What comes after the question: messages of this conversation after this number. */
  readonly except?: { readonly conversationId: string; readonly afterSeq: number } | undefined;
  /** Whether messages that are not on the active path are found too. */
  readonly allBranches?: boolean | undefined;
}

export interface Hit {
  readonly messageId: string;
  readonly conversationId: string;
  readonly conversationTitle: string | null;
  readonly seq: number;
  readonly role: Role;
  readonly author: string | null;
  readonly createdAt: Date;
  readonly content: string;
  readonly excerpt: string;
  readonly matches: readonly string[];
  /** 1 for the best one. */
  readonly score: number;
  readonly parts: Parts;
}

export interface Recalled {
  readonly hits: readonly Hit[];
  /** What the vector side was. */
  readonly vectors: 'ngrams' | 'embeddings';
  /** Why it was not what is set up; null: it was. */
  readonly degraded: string | null;
  /** Messages that could not be found yet. */
  readonly pending: number;
  readonly period: Period | null;
}

interface Found {
  readonly places: Place[];
  readonly stems: readonly string[];
}

/** Finds the messages that a question is about, among everything its user ever said or was told here. */
@Injectable()
export class RecallService {
  private readonly durations;

  constructor(
    private readonly store: RecallStore,
    private readonly index: IndexStore,
    private readonly indexer: IndexerService,
    private readonly embeddings: EmbeddingsService,
    metrics: Metrics,
  ) {
    this.durations = metrics.histogram('engram_memory_search_duration_seconds', 'Searches of what was said before.');
  }

  /** @throws {404} conversation_not_found */
  async search(userId: string, asked: Asked): Promise<Recalled> {
    const done = this.durations.startTimer();
    const recalled = await this.found(userId, asked);
    done();
    return recalled;
  }

  private async found(userId: string, asked: Asked): Promise<Recalled> {
    const { query, conversationId = null, limit, askedAt = new Date(), allBranches = false, before = null } = asked;
    const where: Where = { conversationId, allBranches, before };
    const scope = await this.upToDate(userId, conversationId);
    const [vector, question] = await Promise.all([
      this.vector(userId, query),
      questionOf(query, askedAt, scope.authors, (language, words) => this.index.stems(language, words)),
    ]);
    const ids = new Numbers();
    const found = await this.byWords(userId, where, question, scope, ids);
    const near = await this.byVector(userId, where, vector.question, found.places, ids);
    const excepted = (place: Place): boolean =>
      asked.except !== undefined &&
      ids.id(place.conversation) === asked.except.conversationId &&
      place.seq > asked.except.afterSeq;
    const pool = [
      ...poolOf(
        found.places.filter((place) => !excepted(place)),
        POOL,
      ),
      ...near.filter((place) => !excepted(place)),
    ];
    const known = await this.known(userId, where, pool, ids, question, vector.question);
    const best = ranked([...found.places, ...near], known, question).slice(0, limit);
    return {
      hits: await this.hits(userId, best, found.stems),
      vectors: vector.question === null ? 'ngrams' : 'embeddings',
      degraded: vector.degraded,
      pending: scope.pending,
      period: question.period,
    };
  }

  /** The stems that an excerpt of a message found by this question is chosen by. */
  async stemsOf(query: string): Promise<ReadonlySet<string>> {
    const { stems } = await questionOf(query, new Date(0), [], (language, words) => this.index.stems(language, words));
    return new Set(stems);
  }

  /** Indexes what was said since the last search, so that it is found. */
  private async upToDate(userId: string, conversationId: string | null): Promise<Scope> {
    const scope = await this.store.scope(userId, conversationId);
    if (conversationId !== null && scope.conversations === 0) throw notFound('conversation', conversationId);
    let done = 0;
    for (const id of scope.stale) {
      if (done >= INDEX_FIRST) break;
      done += await this.indexer.index(userId, id, INDEX_FIRST - done);
    }
    return done === 0 ? scope : this.store.scope(userId, conversationId);
  }

  private async vector(
    userId: string,
    query: string,
  ): Promise<{ question: QuestionVector | null; degraded: string | null }> {
    if (!this.embeddings.configured) return { question: null, degraded: null };
    const signal = AbortSignal.timeout(EMBED_MS);
    try {
      const question = await this.embeddings.question(query, signal);
      // What could not be embedded yet is found by its words.
      await this.embeddings
        .fill(userId, EMBED_FIRST, signal)
        .catch((error: unknown) => this.embeddings.explained(error));
      return { question, degraded: null };
    } catch (error) {
      return { question: null, degraded: this.embeddings.explained(error) };
    }
  }

  private async byWords(userId: string, where: Where, question: Question, scope: Scope, ids: Numbers): Promise<Found> {
    const { stems, period, onlyPeriod } = question;
    if (stems.length === 0 || onlyPeriod) {
      const rows = period === null ? [] : await this.store.inPeriod(userId, where, ended(period, where.before), POOL);
      ids.add(rows);
      return {
        places: placesAround(
          candidatesOf(rows, [], ids),
          rows.map(() => 1),
        ),
        stems,
      };
    }
    const { lookup, rows } = await this.candidates(userId, where, lookupOf(userId, stems), scope);
    ids.add(rows);
    const candidates = candidatesOf(rows, lookup.shorts, ids);
    const documents = lookup.documents.map(
      (estimate, term) =>
        estimate ?? candidates.reduce((sum, { frequencies }) => sum + ((frequencies[term] ?? 0) > 0 ? 1 : 0), 0),
    );
    const scores = wordScores(candidates, { texts: scope.messages, length: scope.length, documents });
    return { places: placesAround(candidates, scores), stems };
  }

  private async candidates(
    userId: string,
    where: Where,
    lookup: Lookup,
    scope: Scope,
  ): Promise<{ lookup: Lookup; rows: CandidateRow[] }> {
    if (where.conversationId !== null && scope.messages <= SHORT) {
      return {
        lookup,
        rows: await this.store.candidatesIn(userId, where, lookup.lookedUp),
      };
    }
    if (scope.messages <= EXACT) {
      return { lookup, rows: await this.store.candidates(userId, where, lookup.lookedUp, EXACT) };
    }
    const sample = await this.store.sampled(userId, where, lookup.keys);
    const narrow = rarest(
      lookup,
      sample.map((holders) => holders * SAMPLE),
      CANDIDATES,
    );
    return { lookup: narrow, rows: await this.store.candidates(userId, where, narrow.lookedUp, CANDIDATES) };
  }

  /** What only an embedding finds. */
  private async byVector(
    userId: string,
    where: Where,
    question: QuestionVector | null,
    places: readonly Place[],
    ids: Numbers,
  ): Promise<Place[]> {
    if (question === null) return [];
    const rows = await this.store.nearest(userId, where, question.by, question.signs, NEAREST);
    ids.add(rows);
    const have = new Set(places.map(({ conversation, seq }) => `${conversation}/${seq}`));
    return candidatesOf(rows, [], ids)
      .filter(({ conversation, seq }) => !have.has(`${conversation}/${seq}`))
      .map(({ conversation, seq, sitting }) => ({ conversation, seq, sitting, words: 0 }));
  }

  private async known(
    userId: string,
    { allBranches, before }: Where,
    pool: readonly Place[],
    ids: Numbers,
    { words }: Question,
    vector: QuestionVector | null,
  ): Promise<(Known & { conversationId: string })[]> {
    const read = await this.store.read(
      userId,
      pool.map(({ conversation, seq }) => ({ conversationId: ids.id(conversation), seq })),
      allBranches,
      vector?.by ?? null,
    );
    // What stands beside a message may have been said after it.
    const rows = before === null ? read : read.filter(({ createdAt }) => createdAt < before);
    const similarities = likeness(rows, words, vector?.vector ?? null);
    const own = new Map(pool.map((place) => [`${place.conversation}/${place.seq}`, place.words]));
    return rows.map((row, at) => {
      const conversation = ids.number(row.conversationId);
      const { conversationId, seq, sitting, messageId, role, author, createdAt, tellsWhen } = row;
      const similarity = similarities[at] ?? 0;
      const known = { conversation, conversationId, seq, sitting, messageId, role, author, createdAt, tellsWhen };
      return { ...known, words: own.get(`${conversation}/${seq}`) ?? 0, similarity };
    });
  }

  private async hits(
    userId: string,
    best: readonly { item: Known & { conversationId: string }; score: number; parts: Parts }[],
    stems: readonly string[],
  ): Promise<Hit[]> {
    const items = best.map(({ item }) => item);
    const texts = await this.store.texts(userId, items);
    const textOf = new Map(texts.map((text) => [`${text.conversationId}/${text.seq}`, text]));
    const wanted = new Set(stems);
    return best.flatMap(({ item, score, parts }) => {
      const { messageId, conversationId, seq, role, author, createdAt } = item;
      const text = textOf.get(`${conversationId}/${seq}`);
      if (text === undefined) return [];
      const { text: excerpt, words: matches } = excerptAround(text.content, wanted);
      const { content, title: conversationTitle } = text;
      const of = { messageId, conversationId, conversationTitle, seq, role, author, createdAt };
      return [{ ...of, content, excerpt, matches, score, parts }];
    });
  }
}

const ended = (period: Period, before: Date | null): Period =>
  before !== null && before < period.to ? { ...period, to: before } : period;

/** Conversations as numbers of one search, smaller ids first as far as they come together. */
class Numbers {
  private readonly ids: string[] = [];
  private readonly numbers = new Map<string, number>();

  add(rows: readonly { readonly conversationId: string }[]): void {
    for (const id of [...new Set(rows.map(({ conversationId }) => conversationId))].sort()) {
      if (!this.numbers.has(id)) this.numbers.set(id, this.ids.push(id) - 1);
    }
  }

  id(number: number): string {
    return this.ids[number] ?? '';
  }

  number(id: string): number {
    return this.numbers.get(id) ?? -1;
  }
}

const candidatesOf = (rows: readonly CandidateRow[], shorts: readonly number[], ids: Numbers) =>
  rows.map(({ conversationId, seq, sitting, length, terms }) => ({
    conversation: ids.number(conversationId),
    seq,
    sitting,
    length,
    frequencies: shorts.map((short) => frequency(terms, short)),
  }));
