import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import { gramsOf, packGrams } from '../../text/grams.js';
import { hash32, packTerms, TermKeys } from '../../text/hashes.js';
import { type Cursor, type Indexed, IndexStore, type Unindexed } from './index.store.js';
import { tellsWhen } from '../../text/when.js';
import { type Read, read, stemsOf } from '../../text/words.js';

/** Messages that are indexed in one transaction. */
const BATCH = 100;
/** A pause between two messages after which another sitting begins. */
const PAUSE_MS = 3 * 3_600_000;
const SETTLED = new Set(['complete', 'stopped', 'interrupted']);
const ROLE_NAMES = new Set(['user', 'assistant', 'system']);
/** PostgreSQL: the conversation was deleted while it was being indexed. */
const FOREIGN_KEY_VIOLATION = '23503';

/**
 * Makes messages findable, after they are stored: a turn never pays for it. Works along each conversation up to the first
 * answer that is still being written; what is changed later is taken back by the database itself, and comes again.
 */
@Injectable()
export class IndexerService {
  constructor(
    private readonly db: Db,
    private readonly store: IndexStore,
  ) {}

  /** Indexes up to `limit` messages of a conversation, in several transactions; gives how many it was. */
  async index(userId: string, conversationId: string, limit: number, { wait = true } = {}): Promise<number> {
    let done = 0;
    while (done < limit) {
      const asked = Math.min(BATCH, limit - done);
      const seen = await this.batch(userId, conversationId, asked, wait);
      done += seen;
      if (seen < asked) break;
      await turnOfTheLoop();
    }
    return done;
  }

  private async batch(userId: string, conversationId: string, limit: number, wait: boolean): Promise<number> {
    try {
      return await this.db.tx(async () => {
        const cursor = await this.store.lock(userId, conversationId, wait);
        if (cursor === null) return 0;
        const next = await this.store.unindexed(userId, conversationId, cursor.indexedSeq, limit);
        const writing = next.findIndex(({ status }) => status === 'streaming');
        const whole = writing === -1 ? next : next.slice(0, writing);
        const last = whole.at(-1);
        // At the end: the numbers up to the conversation's last one may be those of erased messages.
        const isEnd = writing === -1 && next.length < limit;
        const indexedSeq = Math.max(last?.seq ?? 0, isEnd ? cursor.lastSeq : 0);
        if (indexedSeq <= cursor.indexedSeq) return 0;
        const said = whole.filter(({ status }) => SETTLED.has(status));
        const rows = await this.rows(userId, conversationId, cursor, said);
        await this.store.add(
          userId,
          conversationId,
          {
            indexedSeq,
            lastAt: rows.at(-1)?.createdAt ?? cursor.lastAt,
            sittings: rows.at(-1)?.sitting ?? cursor.sittings,
          },
          rows,
        );
        return whole.length;
      });
    } catch (error) {
      if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION) return 0;
      throw error;
    }
  }

  private async rows(
    userId: string,
    conversationId: string,
    cursor: Cursor,
    messages: readonly Unindexed[],
  ): Promise<Indexed[]> {
    const keys = new TermKeys(userId);
    const texts = messages.map(({ content }) => read(content));
    const stems = await stemsOf(texts, (language, words) => this.store.stems(language, words));
    let { sittings, lastAt } = cursor;
    return messages.map((message, at) => {
      const { createdAt, author } = message;
      if (lastAt === null || createdAt.getTime() - lastAt.getTime() > PAUSE_MS) sittings++;
      lastAt = createdAt;
      return {
        ...foundBy(keys, texts[at], stems[at] ?? []),
        seq: message.seq,
        sitting: sittings,
        active: message.active,
        tellsWhen: tellsWhen(message.content),
        sampled: hash32(`${conversationId}/${message.seq}`, 0) % 16 === 0,
        author: author === null || author === '' || ROLE_NAMES.has(author.toLowerCase()) ? null : author.slice(0, 100),
        createdAt,
      };
    });
  }
}

function foundBy(
  keys: TermKeys,
  text: Read | undefined,
  stems: readonly string[],
): Pick<Indexed, 'length' | 'terms' | 'keys' | 'grams'> {
  const counts = new Map<number, number>();
  const found = new Set<string>();
  for (const stem of stems) {
    const short = keys.short(stem);
    counts.set(short, (counts.get(short) ?? 0) + 1);
    found.add(stem);
  }
  return {
    length: stems.length,
    terms: packTerms(counts),
    keys: [...found].map((stem) => keys.key(stem)),
    grams: packGrams(gramsOf(text?.words ?? [])),
  };
}
