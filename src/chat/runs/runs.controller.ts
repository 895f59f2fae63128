import { Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../common/actor.js';
import { CurrentActor, OwnRateLimit } from '../../common/access.js';
import { uuidParam } from '../../common/uuid-param.js';
import { ChatService } from '../chat.service.js';
import { leaving, nativeFrames, sendFrames } from './event-stream.js';
import { ListRuns, ReadEvents, RunPage, RunView } from './run.dto.js';
import { isOver, RunsService } from './runs.service.js';

@Controller('api/v1/chat/runs')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly chat: ChatService,
  ) {}

  /**
   * Runs, newest first; with `active=true` those that a client may want to watch.
   */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() { limit = 20, ...which }: ListRuns): Promise<RunPage> {
    const page = await this.runs.list(actor, { ...which, limit });
    return { ...page, data: page.data.map(RunView.of) };
  }

  /**
   * How the execution of a turn stands.
   * @throws {404} No such run of this user.
   */
  @Get(':id')
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<RunView> {
    return RunView.of(await this.runs.get(actor, id));
  }

  /**
   * What a run tells, as server-sent events, from any event on: what it has told so far, and then what it tells as it goes,
   * on whichever instance. Answers 204 when it has ended and there is nothing after that event.
   * @throws {404} No such run of this user.
   */
  @Get(':id/events')
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Number of the last event that was read.' })
  @ApiOkResponse({ description: 'The events.', schema: { type: 'string' } })
  @ApiNoContentResponse({ description: 'It has ended, and there is nothing after that event.' })
  async events(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() { after }: ReadEvents,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const run = await this.runs.get(actor, id);
    const from = after ?? (/^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0);
    if (isOver(run) && from >= run.lastSeq) {
      void reply.status(204).send();
      return;
    }
    await sendFrames(reply, nativeFrames(this.runs.events(actor, id, from, leaving(reply))));
  }

  /**
   * Ends a run, wherever it is worked on. What was said until then is kept. One that has ended already stays as it is.
   * @throws {404} No such run of this user.
   */
  @Post(':id/stop')
  @HttpCode(200)
  async stop(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<RunView> {
    return RunView.of(await this.runs.stop(actor, id));
  }

  /**
   * Goes on with a run that was interrupted or stopped: the same run and the same message, written anew. Read its events
   * for the answer.
   * @throws {404} No such run of this user.
   * @throws {409} `run_not_resumable`; `run_active`: another run of the conversation is at work.
   */
  @Post(':id/continue')
  @OwnRateLimit()
  @HttpCode(200)
  async continue(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<RunView> {
    const { runId } = await this.chat.resume(actor, id);
    return RunView.of(await this.runs.get(actor, runId));
  }
}
