import { IsUUID } from 'class-validator';
import { Limit } from '../../common/limit.js';
import { Optional } from '../../common/optional.js';
import type { ShortTermItem } from './short-term.service.js';

export class ListShortTerm {
  /** How many to give at most. */
  @Limit()
  limit?: number = 20;

  /** Without what was said in this conversation: what it would see of the others. */
  @Optional()
  @IsUUID()
  exceptConversationId?: string;
}

export class ShortTermItemView {
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  conversationId: string;
  /** @example "Education in 2024" */
  conversationTitle: string | null;
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  messageId: string;
  /** The message, up to 2,000 characters of it.
   * @example "Show me education sector health in 2024" */
  content: string;
  /** @example "2026-11-21T09:30:00.000Z" */
  saidAt: Date;
  /** When it leaves short-term memory, unless its conversation goes on.
   * @example "2026-11-22T09:30:00.000Z" */
  expiresAt: Date;

  static of(this: void, item: ShortTermItem): ShortTermItemView {
    const { conversationId, conversationTitle, messageId, content, saidAt, expiresAt } = item;
    return { conversationId, conversationTitle, messageId, content, saidAt, expiresAt };
  }
}

export class ShortTermView {
  /** Newest first. */
  data: ShortTermItemView[];
  /** What was said in this many hours is in it; 0: nothing is.
   * @example 24 */
  windowHours: number;
  /** A conversation leaves it this many hours after its last message.
   * @example 24 */
  ttlHours: number;
  /** What was said before this was forgotten on request; null: nothing was.
   * @example null */
  forgottenBefore: Date | null;
}
