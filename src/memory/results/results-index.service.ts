import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AnalyticalQuery } from '../../datasets/query/analytical-query.js';
import { TermKeys } from '../../text/hashes.js';
import { IndexStore } from '../recall/index.store.js';
import { entitiesOf, entityTerm, type NamedEntity, packMarks, signatureOf, termsOf } from './result-keys.js';
import { type NewResult, ResultsStore } from './results.store.js';

/** Answers that are read in one statement. */
const BATCH = 100;
const FIRST = { conversationId: '00000000-0000-0000-0000-000000000000', seq: 0 };
/** Users of whom it is known that nothing is left to read. */
const KNOWN = 50_000;
/** PostgreSQL: the message was deleted while it was being read. */
const FOREIGN_KEY_VIOLATION = '23503';

/** An answer that counts as a result. */
export interface Answered {
  readonly question: string;
  readonly query: AnalyticalQuery;
  readonly entities: readonly NamedEntity[];
}

/**
 * What results are found by. New ones are stored with their answers; those from before the table was made are read when
 * their user first looks for any.
 */
@Injectable()
export class ResultsIndex {
  private readonly known = new LRUCache<string, true>({ max: KNOWN });
  private readonly reading = new Map<string, Promise<void>>();

  constructor(
    private readonly store: ResultsStore,
    private readonly index: IndexStore,
  ) {}

  /** The stems of what was asked, and of what it is about. */
  terms(question: string, entities: readonly string[]): Promise<string[]> {
    return termsOf(question, entities, (language, words) => this.index.stems(language, words));
  }

  async resultOf(userId: string, { question, query, entities }: Answered): Promise<NewResult> {
    const keys = new TermKeys(userId);
    const about = entitiesOf(query, entities);
    const names = [...about.map(entityTerm), ...(await this.terms(question, about))];
    return {
      datasetId: query.datasetId,
      signature: signatureOf(query),
      marks: packMarks(keys, names),
      keys: names.map((name) => keys.key(name)),
    };
  }

  /** Reads what is still to be read of the user's earlier answers. */
  async readAll(userId: string): Promise<void> {
    if (this.known.has(userId)) return;
    const reading = this.reading.get(userId) ?? this.readNow(userId).finally(() => this.reading.delete(userId));
    this.reading.set(userId, reading);
    await reading;
    this.known.set(userId, true);
  }

  private async readNow(userId: string): Promise<void> {
    if (!(await this.store.isUnread(userId))) return;
    for (let after = FIRST; ;) {
      const answers = await this.store.unread(userId, after, BATCH);
      const rows: (NewResult & { conversationId: string; seq: number })[] = [];
      for (const { conversationId, seq, question, query, entities, rowCount } of answers) {
        if (query === null || rowCount === 0) continue;
        const result = await this.resultOf(userId, { question: question ?? '', query, entities: entities ?? [] });
        rows.push({ conversationId, seq, ...result });
      }
      if (rows.length > 0) await this.store.add(userId, rows).catch(ignoreDeleted);
      const last = answers.at(-1);
      if (last === undefined || answers.length < BATCH) break;
      after = last;
    }
    await this.store.allRead(userId);
  }
}

function ignoreDeleted(error: unknown): void {
  if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error;
}
