import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentActor, OwnRateLimit } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { CONVERSATION_BODY, ITEMS_BODY, METADATA_BODY } from './examples.js';
import { itemOf } from './items.js';
import {
  ListOpenAi,
  OpenAiConversation,
  OpenAiConversationList,
  OpenAiDeleted,
  OpenAiItem,
  OpenAiItemList,
} from './openai.dto.js';
import {
  addItemsSchema,
  createConversationSchema,
  OpenAiConversationsService,
  updateConversationSchema,
} from './openai-conversations.service.js';
import { openAiBody } from './parameters.js';

@Controller('v1/conversations')
@ApiTags('OpenAI')
export class OpenAiConversationsController {
  constructor(private readonly conversations: OpenAiConversationsService) {}

  /**
   * Starts a conversation, with up to 20 messages in it. `metadata.model` names its persona, `metadata.title` its title.
   * @throws {404} `model_not_found`
   */
  @Post()
  @OwnRateLimit()
  @HttpCode(200)
  @ApiBody(CONVERSATION_BODY)
  create(
    @CurrentActor() actor: Actor,
    @Body(openAiBody(createConversationSchema)) body: z.infer<typeof createConversationSchema>,
  ): Promise<OpenAiConversation> {
    return this.conversations.create(actor, body);
  }

  /** Your conversations, last active first; an addition to what OpenAI serves. */
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: ListOpenAi): Promise<OpenAiConversationList> {
    return this.conversations.list(actor, query);
  }

  /**
   * One conversation.
   * @throws {404} `conversation_not_found`
   */
  @Get(':conversation_id')
  get(@CurrentActor() actor: Actor, @Param('conversation_id') id: string): Promise<OpenAiConversation> {
    return this.conversations.get(actor, id);
  }

  /**
   * Puts other metadata in the place of what there was; `metadata.title` renames the conversation.
   * @throws {404} `conversation_not_found`
   */
  @Post(':conversation_id')
  @HttpCode(200)
  @ApiBody(METADATA_BODY)
  update(
    @CurrentActor() actor: Actor,
    @Param('conversation_id') id: string,
    @Body(openAiBody(updateConversationSchema)) body: z.infer<typeof updateConversationSchema>,
  ): Promise<OpenAiConversation> {
    return this.conversations.update(actor, id, body);
  }

  /**
   * Deletes a conversation with its messages, for good.
   * @throws {404} `conversation_not_found`
   */
  @Delete(':conversation_id')
  async remove(@CurrentActor() actor: Actor, @Param('conversation_id') id: string): Promise<OpenAiDeleted> {
    await this.conversations.remove(actor, id);
    return { id, object: 'conversation.deleted', deleted: true };
  }

  /**
   * Messages of a conversation's active path, newest first, or from its beginning with `order=asc`.
   * @throws {404} `conversation_not_found`
   */
  @Get(':conversation_id/items')
  items(
    @CurrentActor() actor: Actor,
    @Param('conversation_id') id: string,
    @Query() query: ListOpenAi,
  ): Promise<OpenAiItemList> {
    return this.conversations.items(actor, id, query);
  }

  /**
   * Stores 1 to 20 messages at the end, without asking for an answer.
   * @throws {404} `conversation_not_found`
   */
  @Post(':conversation_id/items')
  @OwnRateLimit()
  @HttpCode(200)
  @ApiBody(ITEMS_BODY)
  addItems(
    @CurrentActor() actor: Actor,
    @Param('conversation_id') id: string,
    @Body(openAiBody(addItemsSchema)) body: z.infer<typeof addItemsSchema>,
  ): Promise<OpenAiItemList> {
    return this.conversations.addItems(actor, id, body);
  }

  /**
   * One message.
   * @throws {404} `conversation_not_found`, `message_not_found`
   */
  @Get(':conversation_id/items/:item_id')
  async item(
    @CurrentActor() actor: Actor,
    @Param('conversation_id') id: string,
    @Param('item_id') itemId: string,
  ): Promise<OpenAiItem> {
    return itemOf(await this.conversations.item(actor, id, itemId));
  }

  /**
   * Erases a message for good, and with what a user said the answers to it. Answers with the conversation.
   * @throws {404} `conversation_not_found`, `message_not_found`
   * @throws {409} `run_active`
   */
  @Delete(':conversation_id/items/:item_id')
  removeItem(
    @CurrentActor() actor: Actor,
    @Param('conversation_id') id: string,
    @Param('item_id') itemId: string,
  ): Promise<OpenAiConversation> {
    return this.conversations.removeItem(actor, id, itemId);
  }
}
