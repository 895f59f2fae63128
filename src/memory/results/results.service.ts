import { Injectable } from '@nestjs/common';
import type { Companion } from '../../conversations/companion.js';
import type { AnalyticalQuery } from '../../datasets/query/analytical-query.js';
import { TermKeys } from '../../text/hashes.js';
import { type Candidate, rankedResults, Rarity, recencyOf, type ResultParts } from './rank-results.js';
import { entityTerm, unpackMarks } from './result-keys.js';
import { type Answered, ResultsIndex } from './results-index.service.js';
import { resultStored, type ResultRow, ResultsStore, type StoredResult, type Where } from './results.store.js';

/** The newest results are looked at whatever they are about; how rare an entity is, is estimated from them. */
const NEWEST = 200;
/** So many of them stay out of the index of keys when the others are brought into it, which so is done for a hundred at once. */
const UNKEYED = 100;
/** Of the same question in meaning, and of results about something rare. */
const MOST_SAME = 5;
const MOST_HOLDING = 200;
/** What fewer of the newest results than this hold is looked up by the index. */
const RARE = 0.05;

export interface Sought {
  /** Words; empty: none are looked for. */
  readonly question: string;
  /** `sector=education`, `score`: see `entitiesOf`. */
  readonly entities?: readonly string[] | undefined;
  /** `signatureOf` the query; null: it has none. */
  readonly signature?: string | null | undefined;
  /** Where the question stands: of this conversation only messages with a number below `before` count. */
  readonly conversationId?: string | undefined;
  readonly before?: number | undefined;
  /** Of this conversation only what was answered before this, too. */
  readonly until?: Date | null | undefined;
  /** Only what was answered before this; now when left out. */
  readonly askedAt?: Date | undefined;
  /** Only of this conversation. */
  readonly within?: string | undefined;
  readonly period?: { readonly from: Date; readonly to: Date } | null | undefined;
  readonly datasetIds?: readonly string[] | undefined;
  readonly limit: number;
  /** Whether the rows of all are read, not only those of the same question in meaning. */
  readonly rows?: boolean | undefined;
}

export interface PastResult extends StoredResult {
  readonly query: AnalyticalQuery;
  readonly answeredAt: Date;
  readonly shared: readonly string[];
  /** 0 where nothing was looked for: then the latest come first. */
  readonly score: number;
  readonly parts: ResultParts;
}

/** Earlier analytical answers of a user, in whatever conversation: found by what they are about, told by their messages. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly store: ResultsStore,
    private readonly index: ResultsIndex,
  ) {}

  /** Goes with the settling of an answer, so that it is found by the very next turn. */
  async companionOf(userId: string, answered: Answered): Promise<Companion> {
    return resultStored(await this.index.resultOf(userId, answered));
  }

  /**
   * Ranked by the same question in meaning, shared entities (weighted by rarity among this user's results), likeness of
   * words, then recency. Reads the newest results and, by index, those that hold what few of these do, so that it costs the
   * same however many there are, and whatever others have.
   */
  async relevant(userId: string, sought: Sought): Promise<PastResult[]> {
    await this.index.readAll(userId);
    const { askedAt = new Date(), signature = null, limit } = sought;
    const where = whereOf(sought, askedAt);
    const keys = new TermKeys(userId);
    const entities = (sought.entities ?? []).map((name) => ({ name, term: entityTerm(name) }));
    const terms = await this.index.terms(sought.question, []);
    const rows = await this.store.candidates(userId, where, signature, { newest: NEWEST, same: MOST_SAME });
    const found = new Map<string, Candidate>();
    keep(
      found,
      rows.filter(({ newest }) => newest),
    );
    const isWhole = found.size < NEWEST;
    const rarity = new Rarity([...found.values()]);
    keep(found, rows);
    if (!isWhole) {
      await this.keyOld(userId, rows);
      const rare = [...entities.map(({ term }) => term), ...terms].filter(
        (name) => rarity.share(keys.short(name)) < RARE,
      );
      const held = rare.map((name) => keys.key(name));
      if (held.length > 0) keep(found, await this.store.holding(userId, where, held, MOST_HOLDING));
    }
    const ranked = rankedResults(
      [...found.values()],
      {
        signature,
        entities: entities.map(({ name, term }) => ({ name, mark: keys.short(term) })),
        terms: terms.map((term) => ({ mark: keys.short(term) })),
        askedAt,
      },
      rarity,
    );
    return this.told(userId, ranked.slice(0, limit), sought.rows === true);
  }

  /**
   * Only what is older than the newest has to be found by its keys: so no answer pays for them when it is stored, and most
   * users never do.
   */
  private async keyOld(userId: string, rows: readonly ResultRow[]): Promise<void> {
    const newest = rows.filter((row) => row.newest);
    const until = newest[UNKEYED]?.answeredAt;
    if (newest.at(-1)?.keyed === false && until !== undefined) await this.store.key(userId, until);
  }

  /** The latest first, whatever they are about. */
  async latest(userId: string, sought: Omit<Sought, 'question' | 'entities' | 'signature'>): Promise<PastResult[]> {
    await this.index.readAll(userId);
    const { askedAt = new Date(), limit } = sought;
    const rows = await this.store.candidates(userId, whereOf(sought, askedAt), null, { newest: limit, same: 0 });
    const found = new Map<string, Candidate>();
    keep(found, rows);
    const items = [...found.values()].map((item) => ({
      item,
      score: 0,
      parts: { same: 0, entities: 0, words: 0, recency: recencyOf(item.answeredAt, askedAt) },
      shared: [],
    }));
    return this.told(userId, items, sought.rows === true);
  }

  /** With what their messages hold; those that hold no result any more are left out. */
  private async told(
    userId: string,
    ranked: readonly Pick<PastResult & { item: Candidate }, 'item' | 'score' | 'parts' | 'shared'>[],
    rows: boolean,
  ): Promise<PastResult[]> {
    if (ranked.length === 0) return [];
    const stored = await this.store.read(
      userId,
      ranked.map(({ item: { conversationId, seq }, parts }) => ({
        conversationId,
        seq,
        rows: rows || parts.same === 1,
      })),
    );
    const byPlace = new Map(stored.map((one) => [placeOf(one), one]));
    return ranked.flatMap(({ item, score, parts, shared }) => {
      const message = byPlace.get(placeOf(item));
      if (message === undefined || message.query === null) return [];
      return [{ ...message, query: message.query, answeredAt: item.answeredAt, score, parts, shared }];
    });
  }
}

const whereOf = (sought: Omit<Sought, 'question'>, askedAt: Date): Where => ({
  conversationId: sought.within ?? null,
  askedAt,
  asking:
    sought.conversationId === undefined || sought.before === undefined
      ? null
      : { conversationId: sought.conversationId, before: sought.before, until: sought.until ?? null },
  period: sought.period ?? null,
  datasetIds: sought.datasetIds ?? null,
});

function keep(found: Map<string, Candidate>, rows: readonly ResultRow[]): void {
  for (const { marks, ...row } of rows) {
    const place = placeOf(row);
    if (!found.has(place)) found.set(place, { ...row, marks: unpackMarks(marks) });
  }
}

const placeOf = ({ conversationId, seq }: { conversationId: string; seq: number }): string =>
  `${conversationId}/${seq}`;
