import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Cache } from '../cache/cache.js';
import { CurrentActor, OwnRateLimit } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { bodyOf } from '../common/json-text.js';
import { uuidParam } from '../common/uuid-param.js';
import { appendBody } from './append-body.js';
import { AppendedView, AppendMessage, AppendMessages, ListMessages, MessagePage, MessageView } from './message.dto.js';
import { MessagesService } from './messages.service.js';

const eitherOf = (
  one: typeof AppendMessage | typeof MessageView,
  several: typeof AppendMessages | typeof AppendedView,
) => ({
  oneOf: [{ $ref: getSchemaPath(one) }, { $ref: getSchemaPath(several) }],
});

@Controller('api/v1/conversations/:id/messages')
@ApiExtraModels(AppendMessage, AppendMessages, AppendedView)
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly cache: Cache,
  ) {}

  /**
   * Messages of a conversation's active path, newest first, or from its beginning with `order=asc`.
   * @throws {404} `conversation_not_found`
   */
  @Get()
  async list(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() { limit = 20, cursor, order = 'desc' }: ListMessages,
  ): Promise<MessagePage> {
    const page = async (): Promise<MessagePage> => {
      const { data, ...rest } = await this.messages.page(actor, id, { order, limit, cursor });
      return { ...rest, data: data.map(MessageView.of) };
    };
    if (cursor !== undefined || order !== 'desc') return page();
    const key = `${id.toLowerCase()} ${limit}`;
    return bodyOf(
      await this.cache.text('messages', actor.id, key, async () => JSON.stringify(await page())),
    ) as MessagePage;
  }

  /**
   * One message.
   * @throws {404} `message_not_found`
   */
  @Get(':messageId')
  async get(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
  ): Promise<MessageView> {
    return MessageView.of(await this.messages.get(actor.id, id, messageId));
  }

  /**
   * Stores a message, or several at once (a whole turn), without asking for an answer. One message is answered with that
   * message, `messages` with `messages`. Answers 201, or 200 with what was stored first when a `clientId` comes again.
   * @throws {400} `validation_failed`, `parent_not_found`
   * @throws {404} `conversation_not_found`
   * @throws {422} `idempotency_mismatch`: a `clientId` was used with other content.
   */
  @Post()
  @OwnRateLimit()
  @ApiBody({
    schema: eitherOf(AppendMessage, AppendMessages),
    examples: {
      message: { summary: 'One message', value: { role: 'user', content: 'Show me education sector health in 2024' } },
      turn: {
        summary: 'A whole turn',
        value: {
          messages: [
            { role: 'user', content: 'How many sectors are there?', clientId: 'draft-41' },
            { role: 'assistant', content: 'Four: Economy, Education, Healthcare and Infrastructure.' },
          ],
        },
      },
    },
  })
  @ApiCreatedResponse({ description: 'Stored.', schema: eitherOf(MessageView, AppendedView) })
  @ApiOkResponse({
    description: 'Stored before, by a request with the same `clientId`.',
    schema: eitherOf(MessageView, AppendedView),
  })
  async append(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body(appendBody) body: AppendMessage | AppendMessages,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageView | AppendedView> {
    const several = 'messages' in body;
    const drafts = several ? body.messages : [body];
    const { messages, repeated } = await this.messages.add(actor, id, drafts, body.parentId);
    if (repeated) void reply.status(200);
    const [first] = messages;
    return several || first === undefined ? { messages: messages.map(MessageView.of) } : MessageView.of(first);
  }
}
