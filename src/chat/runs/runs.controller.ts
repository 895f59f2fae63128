import { Controller, Get, Param } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { CurrentActor } from '../../common/access.js';
import { RunView } from './run.dto.js';
import { RunsService } from './runs.service.js';

@Controller('api/v1/chat/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  /**
   * How the execution of a turn stands.
   * @throws {404} No such run of this user.
   */
  @Get(':id')
  get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<RunView> {
    return this.runs.get(actor, id);
  }
}
