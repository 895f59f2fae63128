import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { RunError, RunStatus } from './run.entity.js';

export interface RunRow {
  id: string;
  conversation_id: string;
  user_message_id: string;
  message_id: string | null;
  status: RunStatus;
  error: RunError | null;
  started_at: Date;
  finished_at: Date | null;
}

const COLUMNS = 'id, conversation_id, user_message_id, message_id, status, error, started_at, finished_at';

/** Every query on `runs`; each takes the owner. */
@Injectable()
export class RunsStore {
  constructor(private readonly db: Db) {}

  async start(userId: string, run: { id: string; conversationId: string; userMessageId: string }): Promise<void> {
    await this.db.query(
      `INSERT INTO runs (user_id, id, conversation_id, user_message_id, status) VALUES ($1, $2, $3, $4, 'running')`,
      [userId, run.id, run.conversationId, run.userMessageId],
    );
  }

  async finish(
    userId: string,
    id: string,
    end: { status: RunStatus; messageId: string; error: RunError | null },
  ): Promise<void> {
    await this.db.query(
      `UPDATE runs SET status = $3, message_id = $4, error = $5, finished_at = now() WHERE user_id = $1 AND id = $2`,
      [userId, id, end.status, end.messageId, end.error === null ? null : JSON.stringify(end.error)],
    );
  }

  /** Takes up a run that was interrupted. False: it is not, or another request took it up. */
  async resume(userId: string, id: string): Promise<boolean> {
    const changed = await this.db.change(
      `UPDATE runs SET status = 'running', started_at = now(), finished_at = NULL, error = NULL
       WHERE user_id = $1 AND id = $2 AND status = 'interrupted'`,
      [userId, id],
    );
    return changed > 0;
  }

  find(userId: string, id: string): Promise<RunRow | null> {
    return this.db.one<RunRow>(`SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND id = $2`, [userId, id]);
  }

  /** The newest run that answers a message. */
  ofMessage(userId: string, conversationId: string, userMessageId: string): Promise<RunRow | null> {
    return this.db.one<RunRow>(
      `SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND conversation_id = $2 AND user_message_id = $3
       ORDER BY started_at DESC LIMIT 1`,
      [userId, conversationId, userMessageId],
    );
  }

  /** Runs of every owner that a dead process left behind; how many there were. */
  settleLost(olderThanSeconds: number): Promise<number> {
    return this.db.change(
      `UPDATE runs SET status = 'interrupted', finished_at = now(),
         error = '{"code": "interrupted", "message": "The server stopped before this was answered; ask again.", "layer": null}'
       WHERE status = 'running' AND started_at < now() - make_interval(secs => $1)`,
      [olderThanSeconds],
    );
  }
}
