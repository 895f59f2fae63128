import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { ScheduleRow } from './schedule.entity.js';

const COLUMNS = `user_id AS "userId", id, source_kind AS "sourceKind", source_id AS "sourceId",
  conversation_id AS "conversationId", persona_id AS "personaId", created_at AS "createdAt", updated_at AS "updatedAt",
  next_at AS "nextAt", last_at AS "lastAt", version, keep, enabled, title, cron, time_zone AS "timeZone", options`;

export type NewSchedule = Pick<
  ScheduleRow,
  | 'id'
  | 'sourceKind'
  | 'sourceId'
  | 'conversationId'
  | 'personaId'
  | 'nextAt'
  | 'keep'
  | 'enabled'
  | 'title'
  | 'cron'
  | 'timeZone'
  | 'options'
>;

@Injectable()
export class SchedulesStore {
  constructor(private readonly db: Db) {}

  /** null: the user has as many as they may keep. */
  insert(userId: string, schedule: NewSchedule, most: number): Promise<ScheduleRow | null> {
    const { id, sourceKind, sourceId, conversationId, personaId, nextAt, keep, enabled, title, cron, timeZone } =
      schedule;
    return this.db.one<ScheduleRow & Record<string, unknown>>(
      `INSERT INTO report_schedules (user_id, id, source_kind, source_id, conversation_id, persona_id, next_at, keep, enabled,
         title, cron, time_zone, options)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
       WHERE (SELECT count(*) FROM report_schedules WHERE user_id = $1) < $14
       RETURNING ${COLUMNS}`,
      [
        userId,
        id,
        sourceKind,
        sourceId,
        conversationId,
        personaId,
        nextAt,
        keep,
        enabled,
        title,
        cron,
        timeZone,
        JSON.stringify(schedule.options),
        most,
      ],
    );
  }

  find(userId: string, id: string): Promise<ScheduleRow | null> {
    return this.db.one<ScheduleRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM report_schedules WHERE user_id = $1 AND id = $2`,
      [userId, id],
    );
  }

  /** Newest first. */
  list(userId: string, limit: number, before: string | null): Promise<ScheduleRow[]> {
    return this.db.query<ScheduleRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM report_schedules WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [userId, before, limit],
    );
  }

  /** null: it is not at this version any more. */
  update(
    userId: string,
    id: string,
    version: number,
    change: Pick<ScheduleRow, 'nextAt' | 'keep' | 'enabled' | 'title' | 'cron' | 'timeZone' | 'options' | 'personaId'>,
  ): Promise<ScheduleRow | null> {
    const { nextAt, keep, enabled, title, cron, timeZone, options, personaId } = change;
    return this.db.one<ScheduleRow & Record<string, unknown>>(
      `UPDATE report_schedules SET next_at = $4, keep = $5, enabled = $6, title = $7, cron = $8, time_zone = $9, options = $10,
         persona_id = $11, version = version + 1, updated_at = now()
       WHERE user_id = $1 AND id = $2 AND version = $3 RETURNING ${COLUMNS}`,
      [userId, id, version, nextAt, keep, enabled, title, cron, timeZone, JSON.stringify(options), personaId],
    );
  }

  async remove(userId: string, id: string): Promise<boolean> {
    return (await this.db.change(`DELETE FROM report_schedules WHERE user_id = $1 AND id = $2`, [userId, id])) === 1;
  }

  /** One that is due, of whatever user whose account is open, locked: no other instance sees it before the transaction ends. null: none. */
  due(): Promise<(ScheduleRow & { readonly isBusy: boolean }) | null> {
    return this.db.one<ScheduleRow & { isBusy: boolean } & Record<string, unknown>>(
      `SELECT ${COLUMNS}, EXISTS (SELECT FROM reports r
         WHERE r.user_id = s.user_id AND r.schedule_id = s.id AND r.status IN ('queued', 'running')) AS "isBusy"
       FROM report_schedules s WHERE enabled AND next_at <= clock_timestamp()
         AND NOT EXISTS (SELECT FROM users u WHERE u.id = s.user_id AND u.disabled_at IS NOT NULL)
       ORDER BY next_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
    );
  }

  /** @param isBegun a report was begun for it */
  async passed(userId: string, id: string, nextAt: Date | null, isBegun: boolean): Promise<void> {
    await this.db.change(
      `UPDATE report_schedules SET next_at = $3, last_at = CASE WHEN $4 THEN clock_timestamp() ELSE last_at END
       WHERE user_id = $1 AND id = $2`,
      [userId, id, nextAt, isBegun],
    );
  }

  /** Schedules with more reports that ended than they keep, some of them. */
  crowded(): Promise<Pick<ScheduleRow, 'userId' | 'id' | 'keep'>[]> {
    return this.db.query(
      `SELECT s.user_id AS "userId", s.id, s.keep FROM report_schedules s
       WHERE s.keep < (SELECT count(*) FROM reports r
         WHERE r.user_id = s.user_id AND r.schedule_id = s.id AND r.status NOT IN ('queued', 'running')) LIMIT 20`,
    );
  }
}
