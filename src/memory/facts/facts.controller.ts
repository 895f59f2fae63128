import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { uuidParam } from '../../common/uuid-param.js';
import { AddFact, FactPage, FactView, LearningSettings, ListFacts, UpdateFact } from './fact.dto.js';
import { FactsService } from './facts.service.js';

const STATES = { current: true, superseded: false, all: null } as const;

@Controller('api/v1/memory/facts')
export class FactsController {
  constructor(private readonly facts: FactsService) {}

  /** What is known about you, newest first, each fact with the messages that it was learned from. */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: ListFacts): Promise<FactPage> {
    const { limit = 20, cursor, kind = null, key = null, state = 'current' } = query;
    const page = await this.facts.list(actor, { kind, key, isCurrent: STATES[state] }, limit, cursor);
    return { ...page, data: page.data.map(FactView.of) };
  }

  /**
   * States a fact about yourself; it supersedes the one that holds under its key.
   * @throws {409} `too_many_facts`
   */
  @Post()
  async add(@CurrentActor() actor: Actor, @Body() fact: AddFact): Promise<FactView> {
    return FactView.of(await this.facts.add(actor, fact));
  }

  /** Deletes everything known about you, for good. What you said up to now is not learned again. */
  @Delete()
  @HttpCode(204)
  removeAll(@CurrentActor() actor: Actor): Promise<void> {
    return this.facts.removeAll(actor);
  }

  /** Whether facts are learned from what you say. */
  @Get('learning')
  settings(@CurrentActor() actor: Actor): Promise<LearningSettings> {
    return this.facts.settings(actor);
  }

  /** Switches learning on or off. What is said while it is off is never learned. */
  @Put('learning')
  setLearning(@CurrentActor() actor: Actor, @Body() { learning }: LearningSettings): Promise<LearningSettings> {
    return this.facts.setLearning(actor, learning);
  }

  /**
   * One fact, with its sources.
   * @throws {404} `fact_not_found`
   */
  @Get(':id')
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<FactView> {
    return FactView.of(await this.facts.get(actor, id));
  }

  /**
   * Corrects a fact, or switches it off or on. Another statement is a new version, with an id of its own; the one before
   * stays, superseded.
   * @throws {404} `fact_not_found`
   * @throws {409} `fact_superseded`: there is a newer version. `too_many_facts`
   */
  @Patch(':id')
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() change: UpdateFact,
  ): Promise<FactView> {
    return FactView.of(await this.facts.edit(actor, id, change));
  }

  /**
   * Deletes a fact for good: a current one with the versions before it, a superseded one by itself.
   * @throws {404} `fact_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.facts.remove(actor, id);
  }
}
