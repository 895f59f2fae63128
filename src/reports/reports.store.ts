import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Db } from '../database/db.js';
import type { Report, ReportOptions, SourceKind } from './report.js';
import type { ReportRecord } from './report.entity.js';
import type { ReportFiles, ReportFormat } from './writing/format.js';

/** A report as lists show it: without what is in it. */
export type ReportRow = Pick<
  ReportRecord,
  | 'userId'
  | 'id'
  | 'sourceKind'
  | 'sourceId'
  | 'conversationId'
  | 'messageId'
  | 'scheduleId'
  | 'personaId'
  | 'status'
  | 'progress'
  | 'step'
  | 'title'
  | 'errorCode'
  | 'errorMessage'
  | 'options'
  | 'digest'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
>;

/** A report that this instance is to make. */
export interface Claimed {
  readonly userId: string;
  readonly id: string;
  readonly attempts: number;
  readonly sourceKind: SourceKind;
  readonly sourceId: string;
  readonly conversationId: string | null;
  readonly personaId: string | null;
  readonly title: string | null;
  readonly options: ReportOptions;
}

export type ClaimKey = Pick<Claimed, 'userId' | 'id' | 'attempts'>;

export interface NewReport {
  readonly id: string;
  readonly sourceKind: SourceKind;
  readonly sourceId: string;
  readonly conversationId: string | null;
  readonly scheduleId: string | null;
  readonly personaId: string | null;
  readonly title: string | null;
  readonly options: ReportOptions;
  readonly idempotencyKey: string | null;
  readonly digest: string | null;
}

const COLUMNS = `user_id AS "userId", id, source_kind AS "sourceKind", source_id AS "sourceId",
  conversation_id AS "conversationId", message_id AS "messageId", schedule_id AS "scheduleId", persona_id AS "personaId",
  status, progress, step, title, error_code AS "errorCode", error_message AS "errorMessage", options, digest,
  created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;
/** It is still this attempt's, and still wanted. */
const CURRENT = `user_id = $1 AND id = $2 AND attempts = $3 AND status = 'running'`;
const values = ({ userId, id, attempts }: ClaimKey): unknown[] => [userId, id, attempts];

@Injectable()
export class ReportsStore {
  constructor(private readonly db: Db) {}

  /** null: the user has as many as they may keep. */
  insert(userId: string, report: NewReport, most: number): Promise<ReportRow | null> {
    const { id, sourceKind, sourceId, conversationId, scheduleId, personaId, title, options } = report;
    return this.db.one<ReportRow & Record<string, unknown>>(
      `INSERT INTO reports (user_id, id, source_kind, source_id, conversation_id, schedule_id, persona_id, title, options,
         idempotency_key, digest, status)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued'
       WHERE (SELECT count(*) FROM reports WHERE user_id = $1) < $12
       RETURNING ${COLUMNS}`,
      [
        userId,
        id,
        sourceKind,
        sourceId,
        conversationId,
        scheduleId,
        personaId,
        title,
        JSON.stringify(options),
        report.idempotencyKey,
        report.digest,
        most,
      ],
    );
  }

  find(userId: string, id: string): Promise<ReportRow | null> {
    return this.db.one<ReportRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM reports WHERE user_id = $1 AND id = $2`,
      [userId, id],
    );
  }

  ofKey(userId: string, key: string): Promise<ReportRow | null> {
    return this.db.one<ReportRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM reports WHERE user_id = $1 AND idempotency_key = $2`,
      [userId, key],
    );
  }

  async content(userId: string, id: string): Promise<Report | null> {
    const row = await this.db.one<{ content: Report | null }>(
      `SELECT content FROM reports WHERE user_id = $1 AND id = $2`,
      [userId, id],
    );
    return row?.content ?? null;
  }

  /** Newest first. */
  list(userId: string, scheduleId: string | null, limit: number, before: string | null): Promise<ReportRow[]> {
    return this.db.query<ReportRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM reports
       WHERE user_id = $1 AND ($2::uuid IS NULL OR schedule_id = $2) AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [userId, scheduleId, before, limit],
    );
  }

  file(userId: string, id: string, format: ReportFormat): Promise<{ digest: string; content: Buffer } | null> {
    return this.db.one<{ digest: string; content: Buffer }>(
      `SELECT digest, content FROM report_files WHERE user_id = $1 AND report_id = $2 AND format = $3`,
      [userId, id, format],
    );
  }

  async remove(userId: string, id: string): Promise<boolean> {
    return (await this.db.change(`DELETE FROM reports WHERE user_id = $1 AND id = $2`, [userId, id])) === 1;
  }

  /** Whether it was still to be made. */
  async cancel(userId: string, id: string): Promise<boolean> {
    const changed = await this.db.change(
      `UPDATE reports SET status = 'cancelled', step = NULL, busy_until = NULL, finished_at = clock_timestamp()
       WHERE user_id = $1 AND id = $2 AND status IN ('queued', 'running')`,
      [userId, id],
    );
    return changed === 1;
  }

  /** Whether it had failed or was cancelled. Attempts go on counting, since an earlier one may still be at work. */
  async retry(userId: string, id: string): Promise<boolean> {
    const changed = await this.db.change(
      `UPDATE reports SET status = 'queued', progress = 0, step = NULL, error_code = NULL, error_message = NULL,
         busy_until = NULL, finished_at = NULL, queued_at = clock_timestamp(), tries = 0
       WHERE user_id = $1 AND id = $2 AND status IN ('failed', 'cancelled')`,
      [userId, id],
    );
    return changed === 1;
  }

  /** The report that waits longest and that nobody is at, of whatever user; null: none. */
  claim(leaseSeconds: number): Promise<(Claimed & { readonly tries: number }) | null> {
    return this.db.one<Claimed & { tries: number } & Record<string, unknown>>(
      `UPDATE reports r SET status = 'running', attempts = attempts + 1, tries = tries + 1, progress = 0, step = NULL,
         started_at = coalesce(started_at, clock_timestamp()),
         busy_until = clock_timestamp() + make_interval(secs => $1)
       FROM (
         SELECT user_id, id FROM reports
         WHERE status IN ('queued', 'running') AND (busy_until IS NULL OR busy_until < clock_timestamp())
         ORDER BY queued_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ) AS next
       WHERE r.user_id = next.user_id AND r.id = next.id
       RETURNING r.user_id AS "userId", r.id, r.attempts, r.tries, r.source_kind AS "sourceKind", r.source_id AS "sourceId",
         r.conversation_id AS "conversationId", r.persona_id AS "personaId", r.title, r.options`,
      [leaseSeconds],
    );
  }

  /** Says that it is still at work; whether the report is still wanted, and of this attempt. */
  async hold(key: ClaimKey, leaseSeconds: number): Promise<boolean> {
    const held = await this.db.change(
      `UPDATE reports SET busy_until = clock_timestamp() + make_interval(secs => $4) WHERE ${CURRENT}`,
      [...values(key), leaseSeconds],
    );
    return held === 1;
  }

  /** The same, with how far it is. */
  async progress(key: ClaimKey, progress: number, step: string): Promise<boolean> {
    const told = await this.db.change(`UPDATE reports SET progress = $4, step = $5 WHERE ${CURRENT}`, [
      ...values(key),
      progress,
      step,
    ]);
    return told === 1;
  }

  /** Leaves it to whoever comes next, as if it had not been tried. */
  async release(key: ClaimKey): Promise<void> {
    await this.db.change(
      `UPDATE reports SET status = 'queued', progress = 0, step = NULL, busy_until = NULL, tries = tries - 1
       WHERE ${CURRENT}`,
      values(key),
    );
  }

  async fail(key: ClaimKey, code: string, message: string): Promise<void> {
    await this.db.change(
      `UPDATE reports SET status = 'failed', step = NULL, busy_until = NULL, finished_at = clock_timestamp(),
         error_code = $4, error_message = $5
       WHERE ${CURRENT}`,
      [...values(key), code, message],
    );
  }

  /** In a transaction. Whether it was still wanted. */
  async finish(key: ClaimKey, report: Report, messageId: string | null, files: ReportFiles): Promise<boolean> {
    const finished = await this.db.change(
      `UPDATE reports SET status = 'done', progress = 1, step = NULL, busy_until = NULL, finished_at = clock_timestamp(),
         title = $4, content = $5, message_id = $6
       WHERE ${CURRENT}`,
      [...values(key), report.title, JSON.stringify(report), messageId],
    );
    if (finished === 0) return false;
    for (const [format, bytes] of Object.entries(files)) {
      const content = Buffer.from(bytes);
      const digest = createHash('sha256').update(content).digest('base64url');
      await this.db.change(
        `INSERT INTO report_files (user_id, report_id, format, digest, content) VALUES ($1, $2, $3, $4, $5)`,
        [key.userId, key.id, format, digest, content],
      );
    }
    return true;
  }

  /** Those of a schedule beyond the newest `keep` that are done or came to nothing. */
  excess(userId: string, scheduleId: string, keep: number): Promise<ReportRow[]> {
    return this.db.query<ReportRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM reports WHERE user_id = $1 AND schedule_id = $2 AND status NOT IN ('queued', 'running')
       ORDER BY id DESC OFFSET $3`,
      [userId, scheduleId, keep],
    );
  }

  /** Stems of words by one of the server's own Snowball dictionaries; its stop words have none. */
  async stems(language: string, words: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.db.query<{ word: string; stem: string | null }>(
      `SELECT word, (ts_lexize($1::regdictionary, word))[1] AS stem FROM unnest($2::text[]) AS word`,
      [`${language}_stem`, words],
    );
    return new Map(rows.flatMap(({ word, stem }) => (stem === null ? [] : [[word, stem] as const])));
  }
}
