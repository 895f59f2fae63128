import { Controller, Get, Query } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { ListResults, PastResultsView } from './results.dto.js';
import { ResultListsService } from './result-lists.service.js';

@Controller('api/v1/memory/results')
export class ResultsController {
  constructor(private readonly lists: ResultListsService) {}

  /**
   * Earlier analytical answers of yours, those on the active paths of your conversations: the latest, or those that a
   * question is about, best first. Each says what its score is made of.
   * @throws {404} `conversation_not_found`
   */
  @Get()
  list(@CurrentActor() actor: Actor, @Query() query: ListResults): Promise<PastResultsView> {
    return this.lists.list(actor, query);
  }
}
