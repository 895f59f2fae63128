import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import { RESUME_GAP } from './run-event.js';
import { RunSignals } from './run-signals.js';
import { CHANNEL } from './runs.store.js';

const SEEN = `
  WITH me AS (
    INSERT INTO instances (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp() RETURNING id
  )
  SELECT count(*) AS others, clock_timestamp() AS now FROM me, instances
  WHERE instances.id <> me.id AND seen_at > clock_timestamp() - make_interval(secs => $2)`;

interface Seen {
  readonly others: number;
  readonly now: Date;
}

/** What instances do for all users: say that they live, and settle what dead ones left behind. */
@Injectable()
export class InstancesStore {
  constructor(
    private readonly db: Db,
    private readonly signals: RunSignals,
  ) {}

  /**
   * Says that this one lives; how many others do, and what time it is for the database. On a connection of its own: under load a place in the pool may be longer in
   * coming than the others wait before they take this one for dead.
   */
  async seen(id: string, leaseSeconds: number): Promise<Seen> {
    const { connection } = this.signals;
    const values = [id, leaseSeconds];
    const rows =
      connection === null ? await this.db.query<Seen>(SEEN, values) : (await connection.query<Seen>(SEEN, values)).rows;
    if (rows[0] === undefined) throw new Error('an aggregate gave no row');
    return rows[0];
  }

  async gone(id: string): Promise<void> {
    await this.db.change(`DELETE FROM instances WHERE id = $1`, [id]);
  }

  /** The only instance on its database knows that no other one lives. */
  async forgetOthers(id: string): Promise<void> {
    await this.db.change(`DELETE FROM instances WHERE id <> $1`, [id]);
  }

  async forgetDead(leaseSeconds: number): Promise<void> {
    await this.db.change(`DELETE FROM instances WHERE seen_at < clock_timestamp() - make_interval(secs => $1)`, [
      leaseSeconds,
    ]);
  }

  /**
   * Runs that nobody works on become `interrupted`; their answers keep what was told of them. How many there were.
   * The numbers after the last stored event stay free for what was told and not stored.
   * @param own this instance, and what it works on: a run of its own beside these was stored while the acknowledgement of
   *   that was lost, or could not be settled. One that began after `startedBefore` may be just about to be taken up; a time
   *   from before the list was made, since this statement may wait for its connection while another run begins.
   */
  settleLost(own: { id: string; working: readonly string[]; startedBefore: Date }): Promise<number> {
    return this.db.change(
      `WITH lost AS (
         UPDATE runs SET status = 'interrupted', finished_at = clock_timestamp(),
           last_seq = ${RESUME_GAP} + 2 + coalesce((SELECT max(seq) FROM run_events e WHERE e.user_id = runs.user_id AND e.run_id = runs.id), 2),
           error = '{"code": "interrupted", "message": "The server stopped before this was answered; continue, or ask again.", "layer": null}'
         WHERE status = 'running' AND (NOT EXISTS (SELECT FROM instances WHERE instances.id = runs.instance_id)
           OR instance_id = $1 AND id <> ALL ($2::uuid[]) AND started_at < $3)
         RETURNING user_id, id, conversation_id, message_id, pg_notify('${CHANNEL}', 'ended ' || id)::text AS told
       )
       UPDATE messages SET status = 'interrupted', content = coalesce((
         SELECT string_agg(e.data ->> 'text', '' ORDER BY e.seq) FROM run_events e
         WHERE e.user_id = lost.user_id AND e.run_id = lost.id AND e.event = 'answer.delta' AND e.seq > coalesce((
           SELECT max(r.seq) FROM run_events r
           WHERE r.user_id = lost.user_id AND r.run_id = lost.id AND r.event = 'answer.reset'), 0)), content)
       FROM lost
       WHERE messages.user_id = lost.user_id AND messages.id = lost.message_id AND messages.status = 'streaming'`,
      [own.id, own.working, own.startedBefore],
    );
  }

  /** Conversations in which a run waits and none is at work. */
  waiting(limit: number): Promise<{ userId: string; conversationId: string }[]> {
    return this.db.query(
      `SELECT DISTINCT user_id AS "userId", conversation_id AS "conversationId" FROM runs q
       WHERE status = 'queued' AND NOT EXISTS (
         SELECT FROM runs r WHERE r.user_id = q.user_id AND r.conversation_id = q.conversation_id AND r.status = 'running')
       LIMIT $1`,
      [limit],
    );
  }

  /** Of the given runs, those that are to stop. */
  async stopRequested(instanceId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT id FROM runs WHERE status = 'running' AND instance_id = $1 AND stop_requested`,
      [instanceId],
    );
    return rows.map(({ id }) => id);
  }

  /** Removes events of runs that ended that long ago; what they told follows from their messages then. */
  forgetEvents(olderThanSeconds: number, limit: number): Promise<number> {
    return this.db.change(
      `WITH old AS (
         UPDATE runs SET logged = false
         WHERE (user_id, id) IN (
           SELECT user_id, id FROM runs WHERE logged AND finished_at < clock_timestamp() - make_interval(secs => $1)
           ORDER BY finished_at LIMIT $2)
         RETURNING user_id, id
       )
       DELETE FROM run_events USING old WHERE run_events.user_id = old.user_id AND run_events.run_id = old.id`,
      [olderThanSeconds, limit],
    );
  }
}
