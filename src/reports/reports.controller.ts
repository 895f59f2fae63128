import {
  applyDecorators,
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { IdempotencyKey, TakesIdempotencyKey } from '../common/idempotency-key.js';
import { CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { decodeCursor, toPage } from '../common/page.js';
import { uuidParam } from '../common/uuid-param.js';
import { CreateReport, GetReportFile, ListReports, ReportPage, ReportView, WholeReportView } from './report.dto.js';
import { ReportsService } from './reports.service.js';
import { type RequestedFile, sendFile } from './writing/send-file.js';

const FileResponse = (type: string, format?: 'binary'): MethodDecorator =>
  applyDecorators(ApiProduces(type), ApiOkResponse({ description: 'The file.', schema: { type: 'string', format } }));

@Controller('api/v1/reports')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  /**
   * Makes a report of a conversation, a data set or a collection of documents, in the background: see its `status` and
   * `progress`. Every number in it comes from evidence. A repeat with the same `Idempotency-Key` is answered with the first one.
   * @throws {400} The input is not valid, or `conversation_fixed`.
   * @throws {404} `conversation_not_found`, `dataset_not_found`, `collection_not_found`, `persona_not_found`
   * @throws {409} `persona_inactive`; `too_many_reports`: delete some.
   * @throws {422} `idempotency_mismatch`; `nothing_to_report`: there is nothing in it yet.
   */
  @Post()
  @HttpCode(202)
  @TakesIdempotencyKey()
  @ApiAcceptedResponse({ type: ReportView })
  async create(
    @CurrentActor() actor: Actor,
    @Body() order: CreateReport,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportView> {
    const row = await this.reports.create(actor, order, key);
    void reply.header('location', `/api/v1/reports/${row.id}`);
    return ReportView.of(row);
  }

  /** Your reports, newest first. */
  @Get()
  async list(
    @CurrentActor() actor: Actor,
    @Query() { limit = 20, cursor, scheduleId }: ListReports,
  ): Promise<ReportPage> {
    const [before = null] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
    const rows = await this.reports.list(actor, scheduleId ?? null, limit, before === null ? null : String(before));
    return toPage(rows, limit, ({ id }) => [id], ReportView.of);
  }

  /**
   * One report, with what is in it.
   * @throws {404} `report_not_found`
   */
  @Get(':id')
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<WholeReportView> {
    const { row, content } = await this.reports.whole(actor, id);
    return { ...ReportView.of(row), content };
  }

  /**
   * The report as a page of its own: one file, with its charts in it, without scripts; for screens light and dark, and for paper.
   * @throws {404} `report_not_found`
   * @throws {409} `report_not_ready`
   */
  @Get(':id/file.html')
  @FileResponse('text/html')
  async html(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() query: GetReportFile,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(actor, { id, format: 'html', known, ...query }, reply);
  }

  /**
   * The report as Markdown.
   * @throws {404} `report_not_found`
   * @throws {409} `report_not_ready`
   */
  @Get(':id/file.md')
  @FileResponse('text/markdown')
  async markdown(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() query: GetReportFile,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(actor, { id, format: 'md', known, ...query }, reply);
  }

  /**
   * The report as PDF: A4, with page numbers and an outline.
   * @throws {404} `report_not_found`
   * @throws {409} `report_not_ready`
   */
  @Get(':id/file.pdf')
  @FileResponse('application/pdf', 'binary')
  async pdf(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() query: GetReportFile,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.file(actor, { id, format: 'pdf', known, ...query }, reply);
  }

  /**
   * Stops the making of a report; it can be made again.
   * @throws {404} `report_not_found`
   * @throws {409} `report_ended`
   */
  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<ReportView> {
    return ReportView.of(await this.reports.cancel(actor, id));
  }

  /**
   * Makes a report again that failed or was cancelled.
   * @throws {404} `report_not_found`
   * @throws {409} `report_not_failed`
   */
  @Post(':id/retry')
  @HttpCode(202)
  async retry(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<ReportView> {
    return ReportView.of(await this.reports.retry(actor, id));
  }

  /**
   * Deletes a report for good, with its files and the message that tells of it.
   * @throws {404} `report_not_found`
   * @throws {409} `run_active`: an answer is being worked out in the conversation of its message.
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.reports.remove(actor, id);
  }

  private async file(
    actor: Actor,
    asked: Omit<RequestedFile, 'title' | 'digest' | 'content'> & { readonly id: string },
    reply: FastifyReply,
  ): Promise<void> {
    const file = await this.reports.file(actor, asked.id, asked.format);
    await sendFile(reply, { ...asked, ...file });
  }
}
