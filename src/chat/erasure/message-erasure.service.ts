import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { ErasureService } from '../../conversations/erasure/erasure.service.js';
import { ScrubsService } from '../../conversations/erasure/scrubs.service.js';
import { runActive } from '../intake.service.js';
import { RunsStore } from '../runs/runs.store.js';

/** Erases a message with the runs that had to do with it, and what was told on the way to answers that say less now. */
@Injectable()
export class MessageErasure {
  constructor(
    private readonly erasure: ErasureService,
    private readonly runs: RunsStore,
    scrubs: ScrubsService,
  ) {
    scrubs.onScrub((scrubbed) => this.runs.forget(scrubbed));
  }

  /**
   * Not while an answer is worked out or waits in the conversation, whichever it is: it may have read the message already,
   * and would bring it back when it is stored. The conversation is locked, so that none begins.
   * @throws {404} conversation_not_found, message_not_found
   * @throws {409} run_active
   */
  async erase({ id: userId }: Pick<Actor, 'id'>, conversationId: string, messageId: string): Promise<void> {
    await this.erasure.erase(userId, conversationId, messageId, async (ids) => {
      const active = await this.runs.activeOf(userId, conversationId);
      if (active !== null) throw runActive(active, ', or erase after it');
      await this.runs.erase(userId, conversationId, ids);
    });
  }
}
