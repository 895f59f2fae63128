import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { requireVersion, versionMismatch } from '../../common/etag.js';
import { newId } from '../../common/ids.js';
import { notFound, Problem } from '../../common/problem.js';
import { Config } from '../../config/config.js';
import { Db } from '../../database/db.js';
import { ReportKeeper } from '../making/report-keeper.js';
import { type ReportOrder, ReportsService } from '../reports.service.js';
import { ReportsStore } from '../reports.store.js';
import { faultOf, nextTime } from './next-time.js';
import type { ScheduleRow } from './schedule.entity.js';
import { SchedulesStore } from './schedules.store.js';

export interface ScheduleOrder extends ReportOrder {
  readonly cron: string;
  readonly timeZone?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly keep?: number | undefined;
}

export type ScheduleChange = Partial<
  Pick<ScheduleOrder, 'title' | 'rows' | 'sections' | 'cron' | 'timeZone' | 'enabled' | 'keep'>
>;

const MOST_SCHEDULES = 50;
const KEEP = 10;

/** Reports that are made by themselves: once for each time that is due, whatever the number of instances. */
@Injectable()
export class SchedulesService implements OnModuleInit {
  private readonly log = new Logger('reports');

  constructor(
    private readonly db: Db,
    private readonly store: SchedulesStore,
    private readonly reports: ReportsService,
    private readonly rows: ReportsStore,
    private readonly keeper: ReportKeeper,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.keeper.beforeEachLook(() => this.round());
  }

  /**
   * @throws {400} the time is not valid
   * @throws {404} what it names is not there
   * @throws {409} persona_inactive · too_many_schedules
   */
  async create(actor: Actor, order: ScheduleOrder): Promise<ScheduleRow> {
    const { cron, timeZone = 'UTC', enabled = true, keep = KEEP } = order;
    requireTime(cron, timeZone);
    const checked = await this.reports.checked(actor, order);
    const nextAt = nextTime(cron, timeZone, new Date());
    const schedule = { ...checked, id: newId(), cron, timeZone, enabled, keep, nextAt };
    const row = await this.store.insert(actor.id, schedule, MOST_SCHEDULES);
    if (row !== null) return row;
    throw new Problem(409, 'too_many_schedules', `You have ${MOST_SCHEDULES} schedules already; delete one.`);
  }

  /** Up to `limit + 1`, newest first. */
  list(actor: Actor, limit: number, before: string | null): Promise<ScheduleRow[]> {
    return this.store.list(actor.id, limit + 1, before);
  }

  /** @throws {404} report_schedule_not_found */
  async get(actor: Actor, id: string): Promise<ScheduleRow> {
    const row = await this.store.find(actor.id, id);
    if (row === null) throw notFound('report schedule', id);
    return row;
  }

  /**
   * @throws {400} the time is not valid
   * @throws {404} report_schedule_not_found
   * @throws {412} version_mismatch
   */
  async edit(
    actor: Actor,
    id: string,
    change: ScheduleChange,
    accepted: readonly number[] | null,
  ): Promise<ScheduleRow> {
    const before = await this.get(actor, id);
    requireVersion(accepted, before.version);
    const { cron = before.cron, timeZone = before.timeZone, enabled = before.enabled } = change;
    requireTime(cron, timeZone);
    // What was due while it was off is not made up for.
    const isMoved = cron !== before.cron || timeZone !== before.timeZone || (enabled && !before.enabled);
    const options = {
      rows: change.rows ?? before.options.rows,
      sections: change.sections ?? before.options.sections,
    };
    const after = await this.store.update(actor.id, id, before.version, {
      ...before,
      cron,
      timeZone,
      enabled,
      options,
      title: change.title ?? before.title,
      keep: change.keep ?? before.keep,
      nextAt: isMoved ? nextTime(cron, timeZone, new Date()) : before.nextAt,
    });
    if (after === null) throw versionMismatch((await this.get(actor, id)).version);
    return after;
  }

  /** Its reports stay. @throws {404} report_schedule_not_found */
  async remove(actor: Actor, id: string): Promise<void> {
    if (!(await this.store.remove(actor.id, id))) throw notFound('report schedule', id);
  }

  /** Begins what is due, and clears away what is more than is kept. */
  private async round(): Promise<void> {
    while (await this.db.tx(() => this.next()));
    for (const { userId, id, keep } of await this.store.crowded()) {
      for (const report of await this.rows.excess(userId, id, keep)) await this.clear(userId, report.id);
    }
  }

  /**
   * In a transaction. However many times were missed, one report makes up for them; while one is being made, none is begun.
   * Whether anything was due.
   */
  private async next(): Promise<boolean> {
    const due = await this.store.due();
    if (due === null) return false;
    const { userId, id, sourceKind, sourceId, conversationId, personaId, title, options } = due;
    const order = { sourceKind, sourceId, conversationId, personaId, title, options };
    const report = { ...order, id: newId(), scheduleId: id, idempotencyKey: null, digest: null };
    // The oldest of them makes room for it; so it is one more than a user may ask for.
    const most = this.config.reports.perUser + 1;
    const begun = due.isBusy ? null : await this.rows.insert(userId, report, most);
    await this.store.passed(userId, id, nextTime(due.cron, due.timeZone, new Date()), begun !== null);
    return true;
  }

  private async clear(userId: string, reportId: string): Promise<void> {
    try {
      await this.reports.remove({ id: userId }, reportId);
    } catch (error) {
      // An answer is being worked out beside its message, or somebody else was faster: at the next look.
      if (!(error instanceof Problem)) this.log.warn(`an old report stays: ${(error as Error).message}`);
    }
  }
}

function requireTime(cron: string, timeZone: string): void {
  const fault = faultOf(cron, timeZone);
  if (fault === null) return;
  throw new Problem(400, 'validation_failed', `${fault.message}.`, { errors: [fault] });
}
