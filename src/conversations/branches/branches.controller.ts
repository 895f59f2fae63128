import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { ConversationView } from '../conversation.dto.js';
import { MessageView } from '../message.dto.js';
import { ForkConversation, SiblingsView, SwitchPath } from './branch.dto.js';
import { BranchesService } from './branches.service.js';

@Controller('api/v1/conversations/:id')
export class BranchesController {
  constructor(private readonly branches: BranchesService) {}

  /**
   * The versions of a message: an edited question, an answer given anew.
   * @throws {404} `message_not_found`
   */
  @Get('messages/:messageId/siblings')
  async siblings(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
  ): Promise<SiblingsView> {
    const rows = await this.branches.siblings(actor, id, messageId);
    return { data: rows.map(MessageView.of), activeId: rows.find(({ active }) => active)?.id ?? null };
  }

  /**
   * Shows another path of the conversation: the one through this message, to the newest that follows from it.
   * @throws {400} `message_not_in_conversation`
   * @throws {404} `conversation_not_found`
   */
  @Put('active-path')
  async switchPath(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() { messageId }: SwitchPath,
  ): Promise<ConversationView> {
    return ConversationView.of(await this.branches.switchTo(actor, id, messageId.toLowerCase()));
  }

  /**
   * A new conversation that begins with the messages up to this one. The other one stays as it is, and keeps its reports.
   * @throws {400} `message_not_in_conversation`
   * @throws {404} `conversation_not_found`
   */
  @Post('fork')
  async fork(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() body: ForkConversation,
  ): Promise<ConversationView> {
    return ConversationView.of(
      await this.branches.fork(actor, id, { ...body, messageId: body.messageId.toLowerCase() }),
    );
  }
}
