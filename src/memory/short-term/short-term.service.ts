import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { type RecentlySaid, ShortTermStore } from './short-term.store.js';

export type ShortTermItem = Omit<RecentlySaid, 'activeAt'> & { readonly expiresAt: Date };

const HOUR_MS = 3_600_000;

/**
 * What a user said lately, in whatever conversation: for a new conversation to know. Apart from what is remembered for good:
 * nothing is copied, and it leaves by itself when its time is over.
 */
@Injectable()
export class ShortTermService {
  constructor(
    private readonly store: ShortTermStore,
    private readonly config: Config,
  ) {}

  /**
   * Newest first.
   * @param exceptConversationId the conversation that sees its own messages anyway
   * @param at as it was at that moment; now when left out
   */
  async recent(
    userId: string,
    {
      exceptConversationId = null,
      limit,
      at = new Date(),
    }: { exceptConversationId?: string | null; limit: number; at?: Date },
  ): Promise<ShortTermItem[]> {
    const { windowHours, ttlHours } = this.config.memory.shortTerm;
    if (windowHours === 0 || ttlHours === 0) return [];
    const rows = await this.store.recent(userId, { at, exceptConversationId, limit, windowHours, ttlHours });
    return rows.map(({ activeAt, ...said }) => ({
      ...said,
      expiresAt: new Date(Math.min(+said.saidAt + windowHours * HOUR_MS, +activeAt + ttlHours * HOUR_MS)),
    }));
  }

  /** When the user last had it forgotten; null: never. */
  since(userId: string): Promise<Date | null> {
    return this.store.since(userId);
  }

  /** What was said up to now leaves it; conversations and facts stay. */
  forget(userId: string): Promise<void> {
    return this.store.forget(userId);
  }
}
