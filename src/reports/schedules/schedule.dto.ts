import { ApiPropertyOptional, IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsString, Length, Max, Min } from 'class-validator';
import { Optional } from '../../common/optional.js';
import { PageOf } from '../../common/page.dto.js';
import { CreateReport, ReportSourceView } from '../report.dto.js';
import type { ScheduleRow } from './schedule.entity.js';

/** When a report is made again. */
class ReportTimes {
  /** Minute, hour, day of month, month, day of week; 15 minutes apart at least.
   * @example "0 7 * * 1" */
  @IsString()
  @Length(1, 100)
  cron: string;

  /** Whose clock that is, by IANA; UTC when left out.
   * @example "Europe/Berlin" */
  @Optional()
  @IsString()
  @Length(1, 60)
  timeZone?: string;

  /** Whether it is made at all; true when left out.
   * @example true */
  @Optional()
  @IsBoolean()
  enabled?: boolean;

  /** How many of its reports are kept: the newest ones. 10 when left out.
   * @example 10 */
  @ApiPropertyOptional({ type: 'integer' })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(100)
  keep?: number;
}

export class CreateSchedule extends IntersectionType(CreateReport, ReportTimes) {}

/** What to change; what is left out stays. */
export class UpdateSchedule extends PartialType(
  IntersectionType(PickType(CreateReport, ['title', 'rows', 'sections'] as const), ReportTimes),
  { skipNullProperties: false },
) {}

/** A report that is made again and again. */
export class ScheduleView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  id: string;
  source: ReportSourceView;
  /** Minute, hour, day of month, month, day of week.
   * @example "0 7 * * 1" */
  cron: string;
  /** Whose clock that is, by IANA.
   * @example "Europe/Berlin" */
  timeZone: string;
  /** @example true */
  enabled: boolean;
  /** How many of its reports are kept: the newest ones.
   * @example 10 */
  keep: number;
  /** @example null */
  title: string | null;
  /** @example null */
  personaId: string | null;
  /** Where its reports tell of themselves.
   * @example null */
  conversationId: string | null;
  /** @example 10 */
  rows: number;
  /** @example 20 */
  sections: number;
  /** When it is due next; null: never again, or it is not enabled.
   * @example "2026-11-30T06:00:00.000Z" */
  nextAt: Date | null;
  /** When a report was last begun for it.
   * @example null */
  lastAt: Date | null;
  /** Counts the changes, from 1; the `ETag`.
   * @example 1 */
  version: number;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;
  /** @example "2026-11-21T09:30:00.000Z" */
  updatedAt: Date;

  static of(this: void, row: ScheduleRow): ScheduleView {
    const { id, sourceKind, sourceId, title, personaId, conversationId, options, cron, timeZone, enabled, keep } = row;
    return {
      id,
      source: { kind: sourceKind, id: sourceId },
      title,
      personaId,
      conversationId,
      rows: options.rows,
      sections: options.sections,
      cron,
      timeZone,
      enabled,
      keep,
      nextAt: enabled ? row.nextAt : null,
      lastAt: row.lastAt,
      version: row.version,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  }
}

export class SchedulePage extends PageOf(ScheduleView) {}
