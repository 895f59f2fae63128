import { Controller, Get, Param } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { SummariesService } from './summaries.service.js';
import { SummaryView } from './summary.dto.js';

@Controller('api/v1/conversations/:id')
export class SummariesController {
  constructor(private readonly summaries: SummariesService) {}

  /**
   * The summary of what was said before the last messages of the active path, and what it covers. It is made in the
   * background once more than 24 messages wait for it, and is a part of what a language model is given.
   * @throws {404} `conversation_not_found`
   */
  @Get('summary')
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<SummaryView> {
    return SummaryView.of(await this.summaries.state(actor, id));
  }
}
