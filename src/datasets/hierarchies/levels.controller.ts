import { Controller, Get, Param } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { LevelsView, LevelView } from './level.dto.js';
import { Levels } from './levels.service.js';

@Controller('api/v1/datasets')
export class LevelsController {
  constructor(private readonly levels: Levels) {}

  /**
   * The hierarchies of a data set's columns, one step each (country → region): those that the owner set as a column's `parent`, and
   * for other columns what the rows say. "Drill down" and "roll up" go along them.
   * @throws {404} `dataset_not_found`
   * @throws {422} `query_too_slow`
   */
  @Get(':id/hierarchies')
  async list(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<LevelsView> {
    return { data: (await this.levels.of(actor, id)).map(LevelView.of) };
  }
}
