import { Controller, Get, Param, Query } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { ContextView, ShowContext } from './context.dto.js';
import { ContextService } from './context.service.js';

@Controller('api/v1/conversations/:id')
export class ContextController {
  constructor(private readonly contexts: ContextService) {}

  /**
   * Exactly what a language model would be given for this question: each part, its tokens and its sources, and what was left
   * out.
   * @throws {404} `conversation_not_found`
   * @throws {422} `question_too_long`
   */
  @Get('context')
  preview(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() { question = '' }: ShowContext,
  ): Promise<ContextView> {
    return this.contexts.preview(actor, id, question);
  }

  /**
   * What an answer saw: the context of the question it answers, as it was then. What was erased since is not in it.
   * @throws {400} `not_an_answer`
   * @throws {404} `message_not_found`
   */
  @Get('messages/:messageId/context')
  ofMessage(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
  ): Promise<ContextView> {
    return this.contexts.ofMessage(actor, id, messageId);
  }
}
