import { Controller, Get, Query } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { MemorySearchView, SearchMemory } from './recall.dto.js';
import { RecallService } from './recall.service.js';

@Controller('api/v1/memory')
export class RecallController {
  constructor(private readonly recall: RecallService) {}

  /**
   * Finds the messages that a question is about, in one conversation or in all of yours. Times such as "last March" are
   * seen from now. Each hit says what its score is made of.
   * @throws {404} `conversation_not_found`
   */
  @Get('search')
  async search(
    @CurrentActor() actor: Actor,
    @Query() { q, conversationId, limit = 10, allBranches }: SearchMemory,
  ): Promise<MemorySearchView> {
    const asked = { query: q, conversationId: conversationId?.toLowerCase(), limit, allBranches };
    return MemorySearchView.of(await this.recall.search(actor.id, asked));
  }
}
