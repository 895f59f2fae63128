import { Body, Controller, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentActor, OwnRateLimit } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { uuidParam } from '../common/uuid-param.js';
import { EditMessage, RegenerateMessage, SendMessage, SendQuery, TurnView } from './chat.dto.js';
import { ChatService } from './chat.service.js';
import type { SendOptions } from './intake.service.js';
import { IdempotencyKey, TakesIdempotencyKey } from '../common/idempotency-key.js';
import type { Ticket } from './repeats.service.js';
import { leaving, nativeFrames, sendFrames } from './runs/event-stream.js';
import { RunsService } from './runs/runs.service.js';

@Controller('api/v1')
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly runs: RunsService,
  ) {}

  /**
   * Asks a question and gets its answer.
   *
   * With `Accept: application/json` the answer comes when the turn is done. With `Accept: text/event-stream` the turn is
   * told as it goes: `run.started`, `message.stored`, then for each layer (`intent`, `retrieval`, `analysis`,
   * `visualization`) `step.started` and `step.completed`, then `answer.delta`…, `visualization`, `message.completed` and
   * `run.completed`, `run.failed`, `run.stopped` or `run.interrupted`. Every event has a number, counted from 1, and JSON
   * data. Leaving does not stop the run; its events can be read again from any number on.
   *
   * A repeat with the same `Idempotency-Key` or `clientId` is answered with the first one's result, also while that is
   * still being worked out.
   * @throws {400} The input is not valid, or `parent_not_found`.
   * @throws {404} No such conversation, persona or data set of this user.
   * @throws {409} The persona is inactive; or `run_active`: another run of the conversation is at work.
   * @throws {422} The key or client id was used for another message, or the conversation has another persona.
   */
  @Post('chat/messages')
  @OwnRateLimit()
  @HttpCode(200)
  @TakesIdempotencyKey()
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ type: TurnView })
  async send(
    @CurrentActor() actor: Actor,
    @Body() request: SendMessage,
    @Query() { onBusy }: SendQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnView | undefined> {
    return this.told(actor, accept, reply, await this.chat.send(actor, request, { onBusy, idempotencyKey }));
  }

  /**
   * Asks a question in other words. The new version stands beside the old one, which is kept with all that followed it, and
   * is answered as a message is.
   * @throws {400} `not_a_question`
   * @throws {404} `message_not_found`
   * @throws {409} `run_active`
   */
  @Post('conversations/:id/messages/:messageId/edit')
  @OwnRateLimit()
  @HttpCode(200)
  @TakesIdempotencyKey()
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ type: TurnView })
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
    @Body() body: EditMessage,
    @Query() { onBusy }: SendQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnView | undefined> {
    const options: SendOptions = { onBusy, idempotencyKey };
    return this.told(actor, accept, reply, await this.chat.edit(actor, id, messageId, body, options));
  }

  /**
   * Answers anew. The new answer stands beside the old one, which is kept with all that followed it.
   * @throws {400} `not_an_answer`
   * @throws {404} `message_not_found`
   * @throws {409} `run_active`
   */
  @Post('conversations/:id/messages/:messageId/regenerate')
  @OwnRateLimit()
  @HttpCode(200)
  @TakesIdempotencyKey()
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ type: TurnView })
  async regenerate(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('messageId', uuidParam) messageId: string,
    @Body() body: RegenerateMessage,
    @Query() { onBusy }: SendQuery,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TurnView | undefined> {
    const options: SendOptions = { onBusy, idempotencyKey };
    return this.told(actor, accept, reply, await this.chat.regenerate(actor, id, messageId, body, options));
  }

  /** As the client wants it: whole when it is done, or as it goes. */
  private async told(
    actor: Actor,
    accept: string | undefined,
    reply: FastifyReply,
    ticket: Ticket,
  ): Promise<TurnView | undefined> {
    const signal = leaving(reply);
    if (accept?.includes('text/event-stream') !== true) return this.chat.result(actor, ticket, signal);
    await sendFrames(reply, nativeFrames(this.runs.events(actor, ticket.runId, 0, signal)));
    return undefined;
  }
}
