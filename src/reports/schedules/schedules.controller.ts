import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { AcceptedVersions, ChangesVersion, VersionTag } from '../../common/etag.js';
import { ListQuery } from '../../common/page.dto.js';
import { decodeCursor, toPage } from '../../common/page.js';
import { uuidParam } from '../../common/uuid-param.js';
import { CreateSchedule, SchedulePage, ScheduleView, UpdateSchedule } from './schedule.dto.js';
import { SchedulesService } from './schedules.service.js';

@Controller('api/v1/report-schedules')
export class SchedulesController {
  constructor(private readonly schedules: SchedulesService) {}

  /**
   * Has a report made again and again, by a cron expression. Times that were missed while no instance ran are made up for by one
   * report; while one is being made, none is begun.
   * @throws {400} The input is not valid, or `conversation_fixed`.
   * @throws {404} `conversation_not_found`, `dataset_not_found`, `collection_not_found`, `persona_not_found`
   * @throws {409} `persona_inactive`, `too_many_schedules`
   */
  @Post()
  @UseInterceptors(VersionTag)
  async create(@CurrentActor() actor: Actor, @Body() order: CreateSchedule): Promise<ScheduleView> {
    return ScheduleView.of(await this.schedules.create(actor, order));
  }

  /** Your schedules, newest first, each with when it is due next. */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() { limit = 20, cursor }: ListQuery): Promise<SchedulePage> {
    const [before = null] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
    const rows = await this.schedules.list(actor, limit, before === null ? null : String(before));
    return toPage(rows, limit, ({ id }) => [id], ScheduleView.of);
  }

  /**
   * One schedule.
   * @throws {404} `report_schedule_not_found`
   */
  @Get(':id')
  @UseInterceptors(VersionTag)
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<ScheduleView> {
    return ScheduleView.of(await this.schedules.get(actor, id));
  }

  /**
   * Changes a schedule.
   * @throws {404} `report_schedule_not_found`
   * @throws {412} `version_mismatch`
   */
  @Patch(':id')
  @ChangesVersion()
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() change: UpdateSchedule,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<ScheduleView> {
    return ScheduleView.of(await this.schedules.edit(actor, id, change, accepted));
  }

  /**
   * Deletes a schedule. Its reports stay.
   * @throws {404} `report_schedule_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.schedules.remove(actor, id);
  }
}
