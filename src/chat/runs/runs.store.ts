import { Injectable } from '@nestjs/common';
import type { Companion } from '../../conversations/companion.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { Db } from '../../database/db.js';
import type { RunError, RunRequest, RunRow } from './run.entity.js';
import type { EndedStatus, RunEvent } from './run-event.js';

/** What instances tell each other: `<kind> <run id>`. */
export const CHANNEL = 'engram_runs';

const COLUMNS = `
  user_id AS "userId", id, conversation_id AS "conversationId", user_message_id AS "userMessageId",
  message_id AS "messageId", status, error, instance_id AS "instanceId", stop_requested AS "stopRequested", logged,
  last_seq AS "lastSeq", request, digest, idempotency_key AS "idempotencyKey", started_at AS "startedAt",
  finished_at AS "finishedAt"`;

const COLUMNS_OF_RUN = COLUMNS.replace('conversation_id AS', 'runs.conversation_id AS').replace(' id,', ' runs.id,');

export interface NewRun {
  readonly id: string;
  readonly userMessageId: string;
  readonly status: 'running' | 'queued';
  readonly instanceId: string;
  readonly request: RunRequest;
  readonly digest: string;
  readonly idempotencyKey: string | null;
}

const STARTED = (first: number): string => {
  const at = (n: number): string => `$${first + n}`;
  return `INSERT INTO runs (user_id, id, conversation_id, user_message_id, message_id, status, instance_id, request, digest, idempotency_key)
   SELECT $1, ${at(0)}::uuid, target.id, ${at(1)}::uuid, $5, ${at(2)}::text, ${at(3)}::uuid, ${at(4)}::jsonb, ${at(5)}::text, ${at(6)}::text
   FROM target`;
};

/** Nothing where another instance settled the run in the meantime, taking this one for dead. */
const FINISHED = (first: number): string => {
  const at = (n: number): string => `$${first + n}`;
  return `UPDATE runs SET status = ${at(1)}::text, error = ${at(2)}::jsonb, last_seq = ${at(3)}::integer, finished_at = clock_timestamp()
   FROM target
   WHERE user_id = $1 AND conversation_id = target.id AND runs.id = ${at(0)}::uuid AND status = 'running' AND instance_id = ${at(4)}::uuid
   RETURNING CASE WHEN ${at(5)}::boolean THEN pg_notify('${CHANNEL}', 'ended ' || runs.id)::text END AS told,
     EXISTS (SELECT FROM runs q WHERE q.user_id = $1 AND q.conversation_id = $2 AND q.status = 'queued') AS waiting`;
};

/** Goes with the append whose last message is the answer, still to be written: the run that writes it begins. */
export const runStarted = (run: NewRun): Companion => ({
  text: STARTED,
  values: [
    run.id,
    run.userMessageId,
    run.status,
    run.instanceId,
    JSON.stringify(run.request),
    run.digest,
    run.idempotencyKey,
  ],
});

/**
 * Guards the settling of the answer: its run ends, if it is this instance's still. Tells whether another run waits in the
 * conversation (`waiting`). `tell`: other instances listen.
 */
export const runFinished = (
  id: string,
  instanceId: string,
  end: {
    readonly status: EndedStatus;
    readonly error: RunError | null;
    readonly lastSeq: number;
    readonly tell: boolean;
  },
): Companion => ({
  text: FINISHED,
  values: [id, end.status, end.error === null ? null : JSON.stringify(end.error), end.lastSeq, instanceId, end.tell],
});

export interface ListedRuns {
  /** null: of all. */
  readonly conversationId: string | null;
  /** null: whether they have ended or not. */
  readonly active: boolean | null;
  /** An id; null: from the newest. */
  readonly before: string | null;
  readonly limit: number;
}

/** Every other query on runs and their events that one user's request makes; each takes the owner. */
@Injectable()
export class RunsStore {
  constructor(private readonly db: Db) {}

  find(userId: string, id: string): Promise<RunRow | null> {
    return this.db.one(`SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND id = $2`, [userId, id]);
  }

  ofKey(userId: string, idempotencyKey: string): Promise<RunRow | null> {
    return this.db.one(`SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND idempotency_key = $2`, [
      userId,
      idempotencyKey,
    ]);
  }

  /** The newest run of one of these request bodies that began within the last `seconds`. */
  recent(userId: string, digests: readonly string[], seconds: number): Promise<RunRow | null> {
    return this.db.one(
      `SELECT ${COLUMNS} FROM runs
       WHERE user_id = $1 AND digest = ANY ($2::text[]) AND started_at > clock_timestamp() - make_interval(secs => $3)
       ORDER BY started_at DESC LIMIT 1`,
      [userId, digests, seconds],
    );
  }

  /** The first run that answered a message: what a repeat of the send is about. */
  ofMessage(userId: string, conversationId: string, userMessageId: string): Promise<RunRow | null> {
    return this.db.one(
      `SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND conversation_id = $2 AND user_message_id = $3
       ORDER BY started_at LIMIT 1`,
      [userId, conversationId, userMessageId],
    );
  }

  /** The run that answered a message last: another one than the first where the answer was given anew. */
  latestOf(userId: string, conversationId: string, userMessageId: string): Promise<RunRow | null> {
    return this.db.one(
      `SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND conversation_id = $2 AND user_message_id = $3
       ORDER BY started_at DESC LIMIT 1`,
      [userId, conversationId, userMessageId],
    );
  }

  /** The run that is being worked on, else the one that waits longest. */
  activeOf(userId: string, conversationId: string): Promise<RunRow | null> {
    return this.db.one(
      `SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND conversation_id = $2 AND status IN ('running', 'queued')
       ORDER BY status DESC, started_at LIMIT 1`,
      [userId, conversationId],
    );
  }

  /** Newest first, those made before `before`: ids are in the order of time. */
  list(userId: string, { conversationId, active, before, limit }: ListedRuns): Promise<RunRow[]> {
    return this.db.query(active === true ? LIST_ACTIVE : LIST, [
      userId,
      conversationId,
      before,
      limit,
      ...(active === true ? [] : [active === false]),
    ]);
  }

  /**
   * Removes the runs that answered these messages, or wrote them, with what they told; and what others told where it may
   * restate the messages: those of the conversation, and those of elsewhere that name one. What is left of these follows from
   * their own messages.
   */
  async erase(userId: string, conversationId: string, messageIds: readonly string[]): Promise<void> {
    await this.db.change(
      `DELETE FROM runs WHERE user_id = $1 AND conversation_id = $2
         AND (user_message_id = ANY ($3::uuid[]) OR message_id = ANY ($3))`,
      [userId, conversationId, messageIds],
    );
    await this.db.change(
      `WITH told AS (
         UPDATE runs SET logged = false
         WHERE user_id = $1 AND logged AND status NOT IN ('running', 'queued') AND (conversation_id = $2 OR EXISTS (
           SELECT FROM run_events e WHERE e.user_id = $1 AND e.run_id = runs.id AND e.data::text LIKE ANY ($3::text[]))
           OR message_id IN (
             SELECT m.id FROM messages m, jsonb_path_query(m.metadata, '$.evidence.messages[*].messageId') AS said
             WHERE m.user_id = $1 AND m.type = 'analysis' AND said #>> '{}' = ANY ($4::text[])))
         RETURNING id
       )
       DELETE FROM run_events e USING told WHERE e.user_id = $1 AND e.run_id = told.id`,
      [userId, conversationId, messageIds.map((id) => `%${id}%`), messageIds],
    );
  }

  /** Forgets what the runs told that wrote these messages. What is left of it follows from the messages. */
  async forget(messages: readonly Pick<MessageRow, 'userId' | 'conversationId' | 'id'>[]): Promise<void> {
    await this.db.change(
      `WITH told AS (
         UPDATE runs r SET logged = false FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS wrote (user_id, conversation_id, id)
         WHERE r.user_id = wrote.user_id AND r.conversation_id = wrote.conversation_id AND r.message_id = wrote.id AND r.logged
           AND r.status NOT IN ('running', 'queued')
         RETURNING r.user_id, r.id
       )
       DELETE FROM run_events e USING told WHERE e.user_id = told.user_id AND e.run_id = told.id`,
      [
        messages.map(({ userId }) => userId),
        messages.map(({ conversationId }) => conversationId),
        messages.map(({ id }) => id),
      ],
    );
  }

  events(userId: string, id: string, after: number): Promise<RunEvent[]> {
    return this.db.query<RunEvent & Record<string, unknown>>(
      `SELECT seq, event, data FROM run_events WHERE user_id = $1 AND run_id = $2 AND seq > $3 ORDER BY seq`,
      [userId, id, after],
    );
  }

  /** Asks for the end of a run; one that only waits ends here. The run as it is then; null: no such run. */
  async stop(userId: string, id: string): Promise<RunRow | null> {
    return this.db.one(
      `WITH target AS (
         UPDATE runs SET stop_requested = true,
           status = CASE status WHEN 'queued' THEN 'stopped' ELSE status END,
           last_seq = CASE status WHEN 'queued' THEN 4 ELSE last_seq END,
           finished_at = CASE status WHEN 'queued' THEN clock_timestamp() ELSE finished_at END
         WHERE user_id = $1 AND id = $2 AND status IN ('queued', 'running')
         RETURNING *, pg_notify('${CHANNEL}', 'stop ' || id)::text AS told
       ), message AS (
         UPDATE messages SET status = 'stopped' FROM target
         WHERE messages.user_id = $1 AND messages.id = target.message_id AND target.status = 'stopped'
       )
       SELECT ${COLUMNS} FROM target
       UNION ALL
       SELECT ${COLUMNS} FROM runs WHERE user_id = $1 AND id = $2 AND NOT EXISTS (SELECT FROM target)`,
      [userId, id],
    );
  }

  /** Takes up a run that was interrupted, where its conversation is free. null: it is not, or another request took it up. */
  async resume(userId: string, id: string, instanceId: string): Promise<RunRow | null> {
    return this.db
      .one<RunRow>(
        `WITH target AS (
         SELECT c.id FROM runs r JOIN conversations c ON c.user_id = r.user_id AND c.id = r.conversation_id
         WHERE r.user_id = $1 AND r.id = $2 FOR NO KEY UPDATE OF c
       ), run AS (
         UPDATE runs SET status = 'running', instance_id = $3, stop_requested = false, started_at = clock_timestamp(),
           finished_at = NULL, error = NULL
         FROM target
         WHERE user_id = $1 AND runs.id = $2 AND conversation_id = target.id AND status IN ('interrupted', 'stopped')
           AND NOT EXISTS (SELECT FROM runs other WHERE other.user_id = $1 AND other.conversation_id = target.id
             AND other.status = 'running')
         RETURNING runs.*
       ), message AS (
         UPDATE messages SET status = 'streaming' FROM run
         WHERE messages.user_id = $1 AND messages.id = run.message_id
       )
       SELECT ${COLUMNS} FROM run`,
        [userId, id, instanceId],
      )
      .catch(nullWhereBusy);
  }

  /** Begins the run of a conversation that waits longest, where nothing is at work in it. */
  startQueued(userId: string, conversationId: string, instanceId: string): Promise<RunRow | null> {
    return this.db
      .one<RunRow>(
        `WITH target AS (SELECT id FROM conversations WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE)
       UPDATE runs SET status = 'running', instance_id = $3, started_at = clock_timestamp() FROM target
       WHERE user_id = $1 AND runs.id = (
         SELECT id FROM runs WHERE user_id = $1 AND conversation_id = $2 AND status = 'queued'
         ORDER BY started_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
       AND status = 'queued' AND NOT EXISTS (
         SELECT FROM runs other WHERE other.user_id = $1 AND other.conversation_id = $2 AND other.status = 'running')
       RETURNING ${COLUMNS_OF_RUN}`,
        [userId, conversationId, instanceId],
      )
      .catch(nullWhereBusy);
  }
}

/** Another run of the conversation began at the same moment. */
function nullWhereBusy(error: unknown): null {
  if ((error as { constraint?: unknown }).constraint === 'runs_active') return null;
  throw error;
}

const listText = (more: string): string => `
  SELECT ${COLUMNS} FROM runs
  WHERE user_id = $1 AND ($2::uuid IS NULL OR conversation_id = $2) AND ($3::uuid IS NULL OR id < $3) AND ${more}
  ORDER BY id DESC LIMIT $4`;
const LIST = listText(`(NOT $5::boolean OR status NOT IN ('running', 'queued'))`);
const LIST_ACTIVE = listText(`status IN ('running', 'queued')`);
