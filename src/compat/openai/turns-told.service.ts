import { Injectable } from '@nestjs/common';
import { RunsService } from '../../chat/runs/runs.service.js';
import type { Actor } from '../../common/actor.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import { MessagesService } from '../../conversations/messages.service.js';
import type { Told } from './response-view.js';

/** Turns as they stand. */
@Injectable()
export class TurnsTold {
  constructor(
    private readonly runs: RunsService,
    private readonly messages: MessagesService,
    private readonly conversations: ConversationsService,
  ) {}

  /** @throws {404} run_not_found */
  async of(actor: Actor, runId: string): Promise<Told> {
    const run = await this.runs.get(actor, runId);
    const [message, conversation] = await Promise.all([
      this.messages.get(actor.id, run.conversationId, run.messageId),
      this.conversations.owned(actor, run.conversationId),
    ]);
    return { run, message, conversation };
  }
}
