import type { RunError, RunStatus } from './run.entity.js';
import type { RunRow } from './runs.store.js';

/** The execution of one turn. */
export class RunView {
  /** @example "019a5c3e-7f00-7000-8000-00000000c0de" */
  id: string;
  /** @example "019a5c3e-7f00-7000-8000-0000000000c1" */
  conversationId: string;
  /** The message it answers.
   * @example "019a5c3e-7f00-7000-8000-0000000000a1" */
  userMessageId: string;
  /** The answer, or the message that says what went wrong; null while running.
   * @example "019a5c3e-7f00-7000-8000-0000000000a2" */
  messageId: string | null;
  /** @example "completed" */
  status: RunStatus;
  /** What went wrong, in plain words; null unless failed or interrupted.
   * @example null */
  error: { code: string; message: string; layer: string | null } | null;
  /** @example "2026-11-21T08:00:00.000Z" */
  startedAt: Date;
  /** @example "2026-11-21T08:00:00.012Z" */
  finishedAt: Date | null;

  static of(row: RunRow): RunView {
    return Object.assign(new RunView(), {
      id: row.id,
      conversationId: row.conversation_id,
      userMessageId: row.user_message_id,
      messageId: row.message_id,
      status: row.status,
      error: row.error satisfies RunError | null,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
    });
  }
}
