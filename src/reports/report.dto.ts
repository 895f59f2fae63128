import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Optional } from '../common/optional.js';
import { ListQuery, PageOf } from '../common/page.dto.js';
import { type Report, type ReportGrounded, SOURCE_KINDS, type SourceKind } from './report.js';
import { REPORT_STATUSES, type ReportStatus } from './report.entity.js';
import type { ReportRow } from './reports.store.js';
import { REPORT_FORMATS, type ReportFormat } from './writing/format.js';

/** What a report is about. */
export class ReportSourceInput {
  /** @example "dataset" */
  @IsIn(SOURCE_KINDS)
  kind: SourceKind;

  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  @IsUUID()
  id: string;
}

export class CreateReport {
  /** A conversation, a data set or a collection of documents. */
  @IsObject()
  @ValidateNested()
  @Type(() => ReportSourceInput)
  source: ReportSourceInput;

  /** That of its source when left out.
   * @example "Sector health, third quarter" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(/[^\s\p{C}]/u, { message: 'title must hold something visible' })
  title?: string;

  /** Id or name of the persona that it is made for: its template, its colour and its name. That of the conversation, or the
   * default one, when left out.
   * @example "transformation_analyst" */
  @Optional()
  @IsString()
  @Length(1, 100)
  persona?: string;

  /** A conversation of yours that gets a message which tells of the report. That of a conversation always goes into it.
   * @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  @Optional()
  @IsUUID()
  conversationId?: string;

  /** Rows of each table, at most.
   * @example 10 */
  @ApiPropertyOptional({ type: 'integer' })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(100)
  rows?: number;

  /** Sections, at most.
   * @example 20 */
  @ApiPropertyOptional({ type: 'integer' })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(60)
  sections?: number;
}

export class ListReports extends ListQuery {
  /** Only those of this schedule. */
  @Optional()
  @IsUUID()
  scheduleId?: string;
}

export class GetReportFile {
  /** Whether browsers are to save it rather than show it.
   * @example false */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  download?: boolean = false;
}

/** What a report is about. */
export class ReportSourceView {
  /** @example "dataset" */
  @ApiProperty({ enum: SOURCE_KINDS, enumName: 'ReportSourceKind' })
  kind: SourceKind;
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  id: string;
}

/** Why a report could not be made. */
export class ReportErrorView {
  /** @example "nothing_to_report" */
  code: string;
  /** @example "No question of this conversation was answered from data or documents yet." */
  message: string;
}

/** A report, without what is in it. */
export class ReportView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  id: string;
  source: ReportSourceView;
  /** @example "done" */
  @ApiProperty({ enum: REPORT_STATUSES, enumName: 'ReportStatus' })
  status: ReportStatus;
  /** How much of the work is done, 0–1.
   * @example 1 */
  progress: number;
  /** What is being done, in words; null unless it is running.
   * @example null */
  step: string | null;
  /** null until it is made, where none was given.
   * @example "Sector health" */
  title: string | null;
  /** The persona that was asked for; null: none was, or it is gone.
   * @example null */
  personaId: string | null;
  /** @example null */
  conversationId: string | null;
  /** The message that tells of it. Erasing that erases the report.
   * @example null */
  messageId: string | null;
  /** The schedule that it was made for.
   * @example null */
  scheduleId: string | null;
  /** null unless it failed. */
  @ApiProperty({ type: ReportErrorView, nullable: true })
  error: ReportErrorView | null;
  /** What it can be had as, under `/file.…`; empty until it is done.
   * @example ["html", "md", "pdf"] */
  @ApiProperty({ enum: REPORT_FORMATS, enumName: 'ReportFormat', isArray: true })
  formats: ReportFormat[];
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;
  /** @example "2026-11-21T09:30:00.000Z" */
  startedAt: Date | null;
  /** @example "2026-11-21T09:30:04.000Z" */
  finishedAt: Date | null;

  static of(this: void, row: ReportRow): ReportView {
    const { id, sourceKind, sourceId, status, progress, step, title, personaId, errorCode, errorMessage } = row;
    return {
      id,
      source: { kind: sourceKind, id: sourceId },
      status,
      progress: Math.round(progress * 100) / 100,
      step,
      title,
      personaId,
      conversationId: row.conversationId,
      messageId: row.messageId,
      scheduleId: row.scheduleId,
      error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
      formats: status === 'done' ? [...REPORT_FORMATS] : [],
      createdAt: row.createdAt,
      startedAt: row.startedAt,
      finishedAt: row.finishedAt,
    };
  }
}

/** A report with what is in it. */
export class WholeReportView extends ReportView {
  /** Summary, key figures, sections (text, chart, table, quotes), sources, method, and how its numbers were checked; null until
   * it is done. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: null })
  content: (Omit<Report, 'grounded'> & { readonly grounded: ReportGrounded }) | null;
}

export class ReportPage extends PageOf(ReportView) {}
