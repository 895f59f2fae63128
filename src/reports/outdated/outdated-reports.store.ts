import { Injectable } from '@nestjs/common';
import type { Removed } from '../../documents/removals.service.js';
import { Db } from '../../database/db.js';

/** Whose report it was, and the message that tells of it. */
export interface Gone {
  readonly userId: string;
  readonly messageId: string | null;
}

const GONE = `r.user_id AS "userId", r.message_id AS "messageId"`;

/** SQL that deletes reports, of whatever users, for what they were made of. */
@Injectable()
export class OutdatedReportsStore {
  constructor(private readonly db: Db) {}

  /** Reports that were made of the collection when the documents were in it, and all where it is removed as a whole. */
  ofCollection({ collectionId, isWhole, since }: Removed): Promise<Gone[]> {
    return this.db.query<Gone & Record<string, unknown>>(
      `DELETE FROM reports r WHERE source_kind = 'collection' AND source_id = $1
         AND ($2 OR status NOT IN ('queued', 'running') AND finished_at >= $3)
       RETURNING ${GONE}`,
      [collectionId, isWhole, since],
    );
  }

  /** Those that are being made of it at the moment begin anew. */
  async beginAnew(collectionId: string): Promise<void> {
    await this.db.change(
      `UPDATE reports SET status = 'queued', progress = 0, step = NULL, busy_until = NULL
       WHERE source_kind = 'collection' AND source_id = $1 AND status = 'running'`,
      [collectionId],
    );
  }

  /** Nothing can be made of a collection that is gone. */
  async unschedule(collectionId: string): Promise<void> {
    await this.db.change(`DELETE FROM report_schedules WHERE source_kind = 'collection' AND source_id = $1`, [
      collectionId,
    ]);
  }

  /** Reports that were made of these messages. */
  ofMessages(messages: readonly { readonly userId: string; readonly id: string }[]): Promise<Gone[]> {
    return this.db.query<Gone & Record<string, unknown>>(
      `DELETE FROM reports r USING messages m
       WHERE r.user_id = ANY ($1::uuid[]) AND m.user_id = r.user_id AND m.id = r.message_id
         AND m.metadata #> '{report,madeOf}' ?| $2::text[]
       RETURNING ${GONE}`,
      [[...new Set(messages.map(({ userId }) => userId))], messages.map(({ id }) => id)],
    );
  }
}
