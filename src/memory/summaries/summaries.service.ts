import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import { SummariesStore } from './summaries.store.js';
import type { SummaryRow } from './summary.entity.js';

/** How a conversation's summary stands. */
export interface SummaryState {
  /** null: there is none yet. */
  readonly version: SummaryRow | null;
  readonly covers: { readonly from: Place; readonly to: Place } | null;
  /** Messages of the active path that it does not cover. */
  readonly waiting: number;
}

export interface Place {
  readonly messageId: string;
  readonly seq: number;
}

@Injectable()
export class SummariesService {
  constructor(
    private readonly store: SummariesStore,
    private readonly conversations: ConversationsService,
  ) {}

  /** @throws {404} conversation_not_found */
  async state(actor: Pick<Actor, 'id'>, conversationId: string): Promise<SummaryState> {
    const { messageCount, lastSeq } = await this.conversations.owned(actor, conversationId);
    const version = await this.before(actor.id, conversationId, lastSeq + 1);
    if (version === null) return { version, covers: null, waiting: messageCount };
    const [from, to] = await this.store.ends(actor.id, conversationId, version.uptoSeq);
    const covers = from === undefined || to === undefined ? null : { from, to };
    return { version, covers, waiting: Math.max(0, messageCount - version.covered) };
  }

  /**
   * The latest version for the active path that covers only messages with a number below `seq`: the same one every time,
   * until something that it covers is erased. null: there is none.
   * @param at as it was at that moment; now when left out
   */
  before(userId: string, conversationId: string, seq: number, at = new Date()): Promise<SummaryRow | null> {
    return this.store.before(userId, conversationId, seq, at);
  }
}
