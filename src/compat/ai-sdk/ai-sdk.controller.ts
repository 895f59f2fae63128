import { applyDecorators, Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { IdempotencyKey } from '../../common/idempotency-key.js';
import { leaving, sendFrames } from '../../chat/runs/event-stream.js';
import { CurrentActor, OwnRateLimit } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { AiSdkService } from './ai-sdk.service.js';
import { CHAT_REQUEST, ListUiMessages, UiMessageView } from './ai-sdk.dto.js';
import { chatIdOf, chatRequest } from './chat-request.js';
import type { Answering } from './ui-chunks.js';

const HEADERS = { 'x-vercel-ai-ui-message-stream': 'v1' };

/** `useChat` shows the body of an error to the user as it is. */
const ForUseChat = (): MethodDecorator => applyDecorators(RouteConfig({ plainErrors: true }));

@Controller('api/v1/compat/ai-sdk/chat')
export class AiSdkController {
  constructor(private readonly chats: AiSdkService) {}

  /**
   * A turn for `useChat` of the Vercel AI SDK, versions 5, 6 and 7. The answer is a UI message stream. `id` is the chat:
   * the client's own id, or that of a conversation. Of `messages` only the last is read, since the others are stored;
   * sending just `message` does as well. A repeat with the same message id is answered with the first one's stream.
   *
   * Errors are a plain sentence, which `useChat` shows as `error.message`, with the code in `x-error-code`; problem
   * documents for those who accept JSON.
   * @throws {400} The input is not valid, `not_a_question`, `not_an_answer` or `unsupported_part`.
   * @throws {404} No such message, persona or data set of this user.
   * @throws {409} The persona is inactive; or `run_active`: another run of the conversation is at work.
   * @throws {422} The message id was used for another message, or the conversation has another persona.
   */
  @Post()
  @ForUseChat()
  @OwnRateLimit()
  @HttpCode(200)
  @ApiBody(CHAT_REQUEST)
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The answer as it is worked out.', schema: { type: 'string' } })
  async send(
    @CurrentActor() actor: Actor,
    @Body() body: unknown,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tell(actor, await this.chats.take(actor, chatRequest(body), { idempotencyKey }), reply);
  }

  /**
   * The answer at work in a chat, whole, under the same message id, going on live: for `resume` of `useChat`. Answers 204
   * when nothing is at work, also where there is no such chat.
   *
   * A chat of version 5 whose connection broke keeps its half answer beside the whole one; a chat made anew with the same
   * id does not. Versions 6 and 7 replace it.
   */
  @Get(':chatId/stream')
  @ForUseChat()
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The answer as it is worked out.', schema: { type: 'string' } })
  @ApiNoContentResponse({ description: 'Nothing is at work.' })
  async resume(
    @CurrentActor() actor: Actor,
    @Param('chatId') chatId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answering = await this.chats.active(actor, chatIdOf(chatId));
    if (answering === null) void reply.status(204).send();
    else await this.tell(actor, answering, reply);
  }

  /**
   * Ends what is at work in a chat; what was said until then is kept. `stop` of `useChat` only stops reading.
   * @throws {404} `conversation_not_found`
   */
  @Post(':chatId/stop')
  @ForUseChat()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'Nothing is at work any more.' })
  async stop(@CurrentActor() actor: Actor, @Param('chatId') chatId: string): Promise<void> {
    await this.chats.stop(actor, chatIdOf(chatId));
  }

  /**
   * The stored messages of a chat as `useChat` keeps them, oldest first: for its `messages`, when a page is loaded.
   * @throws {404} `conversation_not_found`
   */
  @Get(':chatId/messages')
  @ForUseChat()
  async messages(
    @CurrentActor() actor: Actor,
    @Param('chatId') chatId: string,
    @Query() { limit = 100 }: ListUiMessages,
  ): Promise<UiMessageView[]> {
    const stored = await this.chats.stored(actor, chatIdOf(chatId), limit);
    return stored.map(UiMessageView.of);
  }

  private async tell(actor: Actor, answering: Answering, reply: FastifyReply): Promise<void> {
    await sendFrames(reply, framesOf(this.chats.chunks(actor, answering, leaving(reply))), HEADERS);
  }
}

async function* framesOf(chunks: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield `data: ${JSON.stringify(chunk)}\n\n`;
  yield 'data: [DONE]\n\n';
}
