import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChatService } from '../../chat/chat.service.js';
import { IdempotencyKey } from '../../common/idempotency-key.js';
import { leaving, sendFrames } from '../../chat/runs/event-stream.js';
import { RunsService } from '../../chat/runs/runs.service.js';
import { CurrentActor, OwnRateLimit } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { IsRetry } from './attempt.js';
import { RESPONSE_BODY } from './examples.js';
import { ListOpenAi, OpenAiDeleted, OpenAiItemList, OpenAiResponse, ReadOpenAiResponse } from './openai.dto.js';
import { openAiBody } from './parameters.js';
import { responseEvents, responseFrames } from './response-stream.js';
import { responseOf } from './response-view.js';
import { type ResponseRequest, responseSchema, ResponsesService } from './responses.service.js';
import { TurnsTold } from './turns-told.service.js';

@Controller('v1/responses')
@ApiTags('OpenAI')
export class OpenAiResponsesController {
  constructor(
    private readonly responses: ResponsesService,
    private readonly chat: ChatService,
    private readonly runs: RunsService,
    private readonly turns: TurnsTold,
  ) {}

  /**
   * Asks a question and gets its response; with `stream` as events, with `background` at once and still without an answer.
   *
   * The question goes to the end of `conversation`, or after `previous_response_id`, or into a new conversation, which the
   * response names. What is asked for and not served (`tools`, other formats than text, `store: false` …) is refused with
   * `unsupported_parameter`; every other parameter is taken.
   * @throws {404} `conversation_not_found`, `response_not_found`, `model_not_found`
   * @throws {409} `run_active`: an answer is being worked out in that conversation.
   * @throws {422} `persona_mismatch`: the conversation is with another model. `idempotency_mismatch`
   */
  @Post()
  @OwnRateLimit()
  @HttpCode(200)
  @ApiBody(RESPONSE_BODY)
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ type: OpenAiResponse })
  async create(
    @CurrentActor() actor: Actor,
    @Body(openAiBody(responseSchema)) body: ResponseRequest,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @IsRetry() isRetry: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpenAiResponse | undefined> {
    const ticket = await this.responses.take(actor, body, { idempotencyKey, isRetry });
    if (body.stream === true) return this.stream(actor, ticket.runId, undefined, reply);
    if (body.background !== true) await this.chat.result(actor, ticket, leaving(reply));
    return responseOf(await this.turns.of(actor, ticket.runId));
  }

  /**
   * A response as it stands. With `stream=true` its events, from the one after `starting_after` on: what there was, and then
   * what comes. Their numbers rise, with gaps, and are the same on every read.
   * @throws {404} `response_not_found`
   */
  @Get(':response_id')
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ type: OpenAiResponse })
  async get(
    @CurrentActor() actor: Actor,
    @Param('response_id') id: string,
    @Query() query: ReadOpenAiResponse,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpenAiResponse | undefined> {
    const told = await this.responses.read(actor, id);
    return query.stream === true ? this.stream(actor, told.run.id, query.starting_after, reply) : responseOf(told);
  }

  /**
   * Ends a response that is being worked out, and keeps what it says so far. One that has ended stays as it is.
   * @throws {404} `response_not_found`
   */
  @Post(':response_id/cancel')
  @HttpCode(200)
  async cancel(@CurrentActor() actor: Actor, @Param('response_id') id: string): Promise<OpenAiResponse> {
    return responseOf(await this.responses.cancel(actor, id));
  }

  /**
   * Deletes a response and its conversation, where that holds nothing else.
   * @throws {404} `response_not_found`
   * @throws {409} `response_active`
   * @throws {404} `not_served`: its conversation holds more; delete that.
   */
  @Delete(':response_id')
  async remove(@CurrentActor() actor: Actor, @Param('response_id') id: string): Promise<OpenAiDeleted> {
    await this.responses.remove(actor, id);
    return { id, object: 'response', deleted: true };
  }

  /**
   * The messages that a response was asked for with.
   * @throws {404} `response_not_found`
   */
  @Get(':response_id/input_items')
  inputItems(
    @CurrentActor() actor: Actor,
    @Param('response_id') id: string,
    @Query() query: ListOpenAi,
  ): Promise<OpenAiItemList> {
    return this.responses.inputItems(actor, id, query);
  }

  private async stream(
    actor: Actor,
    runId: string,
    after: number | undefined,
    reply: FastifyReply,
  ): Promise<undefined> {
    const events = this.runs.events(actor, runId, 0, leaving(reply));
    await sendFrames(reply, responseFrames(responseEvents(events, () => this.turns.of(actor, runId), after)));
    return undefined;
  }
}
