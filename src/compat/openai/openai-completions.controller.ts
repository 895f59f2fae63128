import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChatService } from '../../chat/chat.service.js';
import { IdempotencyKey } from '../../common/idempotency-key.js';
import { leaving, sendFrames } from '../../chat/runs/event-stream.js';
import { RunsService } from '../../chat/runs/runs.service.js';
import { CurrentActor, OwnRateLimit } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { IsRetry } from './attempt.js';
import { completionFrames, completionOf } from './completion-view.js';
import { type CompletionRequest, completionSchema, CompletionsService } from './completions.service.js';
import { COMPLETION_BODY } from './examples.js';
import { openAiBody } from './parameters.js';
import { TurnsTold } from './turns-told.service.js';

@Controller('v1/chat/completions')
@ApiTags('OpenAI')
export class OpenAiCompletionsController {
  constructor(
    private readonly completions: CompletionsService,
    private readonly chat: ChatService,
    private readonly runs: RunsService,
    private readonly turns: TurnsTold,
  ) {}

  /**
   * Answers the last message. With `stream` as chunks, the way OpenAI's chat completions come.
   *
   * What was said before finds the conversation it belongs to, and the turn is stored there; where there is none, in a new
   * one that begins with it. What is asked for and not served (`tools`, `n` above 1, other formats than text …) is refused
   * with `unsupported_parameter`; every other parameter is taken.
   * @throws {404} `model_not_found`
   * @throws {409} `run_active`: an answer is being worked out in that conversation.
   * @throws {422} `idempotency_mismatch`
   * @throws {502} `answer_failed`
   */
  @Post()
  @OwnRateLimit()
  @HttpCode(200)
  @ApiBody(COMPLETION_BODY)
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  async create(
    @CurrentActor() actor: Actor,
    @Body(openAiBody(completionSchema)) body: CompletionRequest,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @IsRetry() isRetry: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReturnType<typeof completionOf> | undefined> {
    const ticket = await this.completions.take(actor, body, { idempotencyKey, isRetry });
    const signal = leaving(reply);
    const load = () => this.turns.of(actor, ticket.runId);
    if (body.stream !== true) {
      await this.chat.result(actor, ticket, signal);
      return completionOf(await load());
    }
    const events = this.runs.events(actor, ticket.runId, 0, signal);
    await sendFrames(reply, completionFrames(events, load, { withUsage: body.stream_options?.include_usage === true }));
    return undefined;
  }
}
