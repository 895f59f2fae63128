import { Body, Controller, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentActor, OwnRateLimit } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { SendMessage, TurnView } from './chat.dto.js';
import { ChatService } from './chat.service.js';
import { EventStream } from './run-events.js';

@Controller('api/v1/chat')
export class ChatController {
  constructor(private readonly chat: ChatService) {}

  /**
   * Asks a question and gets its answer.
   *
   * With `Accept: application/json` the answer comes when the turn is done. With `Accept: text/event-stream` the turn is
   * told as it goes: `run.started`, `message.stored`, then for each layer (`intent`, `retrieval`, `analysis`,
   * `visualization`) `step.started` and `step.completed`, then `answer.delta`…, `visualization`, `message.completed` and
   * `run.completed` or `run.failed`. Every event has a number, counted from 1, and JSON data. Leaving does not stop a run.
   * @throws {400} The input is not valid.
   * @throws {404} No such conversation, persona or data set of this user.
   * @throws {409} The persona is inactive, or the same message is being answered.
   * @throws {422} The client id was used for another message, or the conversation has another persona.
   */
  @Post('messages')
  @OwnRateLimit()
  @HttpCode(200)
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ type: TurnView })
  async send(
    @CurrentActor() actor: Actor,
    @Body() request: SendMessage,
    @Headers('accept') accept: string | undefined,
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnView | undefined> {
    if (accept?.includes('text/event-stream') !== true) return this.chat.send(actor, request);
    const stream = new EventStream(reply.raw, { ...sentHeaders(reply), 'x-request-id': http.id });
    try {
      await this.chat.send(actor, request, stream.emit);
    } catch (error) {
      if (!stream.open) throw error; // nothing was sent yet: a problem like any other
      stream.emit('run.failed', {
        status: 'failed',
        error: { code: 'internal_error', message: 'The answer could not be stored.', layer: null },
      });
    }
    reply.hijack();
    stream.end();
    return undefined;
  }
}

/** What hooks (CORS, security headers) have set already, which a hijacked reply would lose. */
const sentHeaders = (reply: FastifyReply): Record<string, string> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
