import { Controller, Delete, Get, HttpCode, Query } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { Config } from '../../config/config.js';
import { ListShortTerm, ShortTermItemView, ShortTermView } from './short-term.dto.js';
import { ShortTermService } from './short-term.service.js';

@Controller('api/v1/memory/short-term')
export class ShortTermController {
  constructor(
    private readonly shortTerm: ShortTermService,
    private readonly config: Config,
  ) {}

  /** What you said lately, in whatever conversation: what a new conversation knows of the others. */
  @Get()
  async list(
    @CurrentActor() { id }: Actor,
    @Query() { limit = 20, exceptConversationId }: ListShortTerm,
  ): Promise<ShortTermView> {
    const items = await this.shortTerm.recent(id, { limit, exceptConversationId });
    return {
      data: items.map(ShortTermItemView.of),
      ...this.config.memory.shortTerm,
      forgottenBefore: await this.shortTerm.since(id),
    };
  }

  /** Forgets what was said up to now. Conversations, and the facts learned from them, stay. */
  @Delete()
  @HttpCode(204)
  forget(@CurrentActor() { id }: Actor): Promise<void> {
    return this.shortTerm.forget(id);
  }
}
