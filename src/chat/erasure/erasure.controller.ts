import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { MessageErasure } from './message-erasure.service.js';

@Controller('api/v1/conversations/:id/messages')
export class ErasureController {
  constructor(private readonly erasure: MessageErasure) {}

  /**
   * Erases a message for good. Erasing what you said takes the answers to it along, since they restate it; erasing an answer
   * leaves the question. What followed it stays, after its parent, on whatever branch; where it was the end of the
   * active path, that ends at the parent. With it goes what was made of it: facts learned from nothing else, what memory
   * finds it by, its run and the events of that, mentions as a past result of later answers, an automatic title taken from it.
   * A copy that a fork took along is a message of that conversation, and stays until it is erased there.
   * @throws {404} `conversation_not_found`, `message_not_found`
   * @throws {409} `run_active`: an answer is being worked out in the conversation, and may be restating it.
   */
  @Delete(':messageId')
  @HttpCode(204)
  erase(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
  ): Promise<void> {
    return this.erasure.erase(actor, id, messageId);
  }
}
