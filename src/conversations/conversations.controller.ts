import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Cache } from '../cache/cache.js';
import { CurrentActor, OwnRateLimit } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { AcceptedVersions, ChangesVersion, VersionTag } from '../common/etag.js';
import { bodyOf } from '../common/json-text.js';
import { ListQuery } from '../common/page.dto.js';
import { uuidParam } from '../common/uuid-param.js';
import { ConversationPage, ConversationView, CreateConversation, UpdateConversation } from './conversation.dto.js';
import { ConversationsService } from './conversations.service.js';

@Controller('api/v1/conversations')
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly cache: Cache,
  ) {}

  /**
   * Starts a conversation with a persona. Answers 201, or 200 when a request with the same `clientId` made it before.
   * @throws {404} `persona_not_found`, `collection_not_found`
   * @throws {409} `persona_inactive`
   * @throws {422} `idempotency_mismatch`: the `clientId` was used with another persona or title.
   */
  @Post()
  @OwnRateLimit()
  @ApiCreatedResponse({ type: ConversationView, description: 'Made.' })
  @ApiOkResponse({ type: ConversationView, description: 'Made before, by a request with the same `clientId`.' })
  @UseInterceptors(VersionTag)
  async create(
    @CurrentActor() actor: Actor,
    @Body() body: CreateConversation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConversationView> {
    const { conversation, created } = await this.conversations.start(actor, body);
    if (!created) void reply.status(200);
    return ConversationView.of(conversation);
  }

  /** Your conversations, last active first. */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() { limit = 20, cursor }: ListQuery): Promise<ConversationPage> {
    const page = async (): Promise<ConversationPage> => {
      const { data, ...rest } = await this.conversations.list(actor, limit, cursor);
      return { ...rest, data: data.map(ConversationView.of) };
    };
    if (cursor !== undefined) return page();
    return bodyOf(
      await this.cache.text('conversations', actor.id, String(limit), async () => JSON.stringify(await page())),
    ) as ConversationPage;
  }

  /**
   * One conversation.
   * @throws {404} `conversation_not_found`
   */
  @Get(':id')
  @UseInterceptors(VersionTag)
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<ConversationView> {
    return ConversationView.of(await this.conversations.owned(actor, id));
  }

  /**
   * Renames a conversation (messages no longer change its title), or binds it to collections of documents.
   * @throws {404} `conversation_not_found`, `collection_not_found`
   * @throws {412} `version_mismatch`: it was changed since the `If-Match` was read.
   */
  @Patch(':id')
  @ChangesVersion()
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() change: UpdateConversation,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<ConversationView> {
    return ConversationView.of(await this.conversations.edit(actor, id, change, accepted));
  }

  /**
   * Deletes a conversation with its messages, for good.
   * @throws {404} `conversation_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.conversations.remove(actor, id);
  }
}
