import { Injectable } from '@nestjs/common';
import type { Companion } from '../../conversations/companion.js';
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

const STARTED = (first: number): string =>
  `INSERT INTO runs (user_id, id, conversation_id, user_message_id, status)
   SELECT $1, $${first}::uuid, target.id, $5, 'running' FROM target`;
const FINISHED = (first: number): string =>
  `UPDATE runs SET status = $${first + 1}::text, message_id = $5, error = $${first + 2}::jsonb, finished_at = now()
   FROM target WHERE runs.user_id = $1 AND runs.id = $${first}::uuid`;

/** Goes with the append of the user's message: a run that answers it begins. */
export const runStarted = (id: string): Companion => ({ text: STARTED, values: [id] });

/** Goes with the append of the answer: its run ends. */
export const runFinished = (id: string, status: RunStatus, error: RunError | null): Companion => ({
  text: FINISHED,
  values: [id, status, error === null ? null : JSON.stringify(error)],
});

/** Every other query on `runs`; each takes the owner. */
@Injectable()
export class RunsStore {
  constructor(private readonly db: Db) {}

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
