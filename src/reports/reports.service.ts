import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { MessageErasure } from '../chat/erasure/message-erasure.service.js';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { notFound, Problem } from '../common/problem.js';
import { Config } from '../config/config.js';
import { ConversationsService, mismatch } from '../conversations/conversations.service.js';
import { PersonasService } from '../personas/personas.service.js';
import { ReportKeeper } from './making/report-keeper.js';
import type { Report, ReportOptions, SourceKind } from './report.js';
import { type ReportRow, ReportsStore } from './reports.store.js';
import { SourcesService } from './sources/sources.service.js';
import type { ReportFormat } from './writing/format.js';

/** What a report is to be about, and how. */
export interface ReportOrder {
  readonly source: { readonly kind: SourceKind; readonly id: string };
  readonly title?: string | undefined;
  readonly persona?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly rows?: number | undefined;
  readonly sections?: number | undefined;
}

/** An order that can be kept: everything that it names is there. */
export interface CheckedOrder {
  readonly sourceKind: SourceKind;
  readonly sourceId: string;
  readonly conversationId: string | null;
  readonly personaId: string | null;
  readonly title: string | null;
  readonly options: ReportOptions;
}

const ROWS = 10;
const SECTIONS = 20;

@Injectable()
export class ReportsService {
  constructor(
    private readonly store: ReportsStore,
    private readonly sources: SourcesService,
    private readonly keeper: ReportKeeper,
    private readonly conversations: ConversationsService,
    private readonly personas: PersonasService,
    private readonly erasure: MessageErasure,
    private readonly config: Config,
  ) {}

  /**
   * Takes it in; it is made in the background. A repeat with the same key is answered with the first one.
   * @throws {400} conversation_fixed
   * @throws {404} what it names is not there
   * @throws {409} persona_inactive · too_many_reports
   * @throws {422} idempotency_mismatch · nothing_to_report
   */
  async create(actor: Actor, order: ReportOrder, key: string | undefined): Promise<ReportRow> {
    const digest = createHash('sha256').update(JSON.stringify(order)).digest('base64url');
    const earlier = key === undefined ? null : await this.repeated(actor, key, digest);
    if (earlier !== null) return earlier;
    const checked = await this.checked(actor, order);
    await this.sources.requireContent(actor, checked.sourceKind, checked.sourceId);
    const report = { ...checked, id: newId(), scheduleId: null, idempotencyKey: key ?? null, digest };
    try {
      const row = await this.store.insert(actor.id, report, this.config.reports.perUser);
      if (row === null) throw this.tooMany();
      this.keeper.soon();
      return row;
    } catch (error) {
      // The same order came in at the same moment and was first.
      const first = key === undefined ? null : await this.repeated(actor, key, digest);
      if (first === null) throw error;
      return first;
    }
  }

  /**
   * @throws {400} conversation_fixed
   * @throws {404} conversation_not_found · dataset_not_found · collection_not_found · persona_not_found
   * @throws {409} persona_inactive
   */
  async checked(actor: Actor, order: ReportOrder): Promise<CheckedOrder> {
    const { source, title = null, rows = ROWS, sections = SECTIONS } = order;
    const sourceId = source.id.toLowerCase();
    const asked = order.conversationId?.toLowerCase();
    await this.sources.require(actor, source.kind, sourceId);
    if (source.kind === 'conversation' && asked !== undefined && asked !== sourceId) {
      throw new Problem(
        400,
        'conversation_fixed',
        'The report of a conversation goes into that conversation, so that it goes with what it was made of; leave conversationId out.',
        { errors: [{ path: 'conversationId', message: 'conversationId must be left out, or be the source' }] },
      );
    }
    if (asked !== undefined) await this.conversations.owned(actor, asked);
    const personaId = order.persona === undefined ? null : (await this.personas.active(order.persona)).id;
    const conversationId = source.kind === 'conversation' ? sourceId : (asked ?? null);
    return { sourceKind: source.kind, sourceId, conversationId, personaId, title, options: { rows, sections } };
  }

  /** Up to `limit + 1`, newest first. */
  list(actor: Actor, scheduleId: string | null, limit: number, before: string | null): Promise<ReportRow[]> {
    return this.store.list(actor.id, scheduleId, limit + 1, before);
  }

  /** @throws {404} report_not_found */
  async get(actor: Actor, id: string): Promise<ReportRow> {
    const row = await this.store.find(actor.id, id);
    if (row === null) throw notFound('report', id);
    return row;
  }

  /** With what is in it; null as long as it is not done. @throws {404} report_not_found */
  async whole(actor: Actor, id: string): Promise<{ row: ReportRow; content: Report | null }> {
    return { row: await this.get(actor, id), content: await this.store.content(actor.id, id) };
  }

  /**
   * @throws {404} report_not_found
   * @throws {409} report_not_ready
   */
  async file(
    actor: Actor,
    id: string,
    format: ReportFormat,
  ): Promise<{ title: string; digest: string; content: Buffer }> {
    const row = await this.get(actor, id);
    const file = await this.store.file(actor.id, id, format);
    if (file !== null) return { title: row.title ?? 'Report', ...file };
    throw new Problem(409, 'report_not_ready', `This report is ${row.status}; it can be read once it is done.`);
  }

  /**
   * Deletes it with its files and its message.
   * @throws {404} report_not_found
   * @throws {409} run_active: an answer is being worked out in the conversation that its message is in
   */
  async remove(actor: Pick<Actor, 'id'>, id: string): Promise<void> {
    const row = await this.store.find(actor.id, id);
    if (row === null) throw notFound('report', id);
    if (row.messageId !== null && row.conversationId !== null) {
      // The report goes with the message that tells of it.
      await this.erasure.erase(actor, row.conversationId, row.messageId);
    } else if (!(await this.store.remove(actor.id, id))) throw notFound('report', id);
  }

  /**
   * @throws {404} report_not_found
   * @throws {409} report_ended
   */
  async cancel(actor: Actor, id: string): Promise<ReportRow> {
    const { status } = await this.get(actor, id);
    if (!(await this.store.cancel(actor.id, id))) {
      throw new Problem(409, 'report_ended', `This report is ${status} already, and cannot be cancelled any more.`);
    }
    return this.get(actor, id);
  }

  /**
   * Makes one again that failed or was cancelled.
   * @throws {404} report_not_found
   * @throws {409} report_not_failed
   */
  async retry(actor: Actor, id: string): Promise<ReportRow> {
    const { status } = await this.get(actor, id);
    if (!(await this.store.retry(actor.id, id))) {
      throw new Problem(
        409,
        'report_not_failed',
        `This report is ${status}; only one that failed or was cancelled is made again.`,
      );
    }
    this.keeper.soon();
    return this.get(actor, id);
  }

  private async repeated(actor: Actor, key: string, digest: string): Promise<ReportRow | null> {
    const row = await this.store.ofKey(actor.id, key);
    if (row !== null && row.digest !== digest) throw mismatch(key, true);
    return row;
  }

  private tooMany(): Problem {
    const { perUser } = this.config.reports;
    return new Problem(
      409,
      'too_many_reports',
      `You have ${perUser} reports already, and may keep no more; delete some.`,
    );
  }
}
