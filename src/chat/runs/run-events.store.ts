import { setImmediate as soon } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Db } from '../../database/db.js';
import type { RunEvent } from './run-event.js';
import { CHANNEL } from './runs.store.js';

/** Runs whose events go in one statement, at most. */
const MOST_RUNS = 100;

/** What one run told since its last step. */
export interface Told {
  readonly userId: string;
  readonly id: string;
  /** Nothing was logged of this run yet. */
  readonly first: boolean;
  readonly events: readonly RunEvent[];
}

/** The instance that works on the runs, and whether others listen. */
export interface Teller {
  readonly instanceId: string;
  readonly tell: boolean;
}

/** Whether the run is to stop; null: it is another instance's now, or gone. */
type Answer = { readonly stop: boolean } | null;

interface Waiting {
  readonly told: Told;
  readonly teller: Teller;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Puts events into the log. Runs step at the same moments (see `RunLog`), and what many of them tell then is one statement:
 * a statement for each would cost a process with hundreds of runs a quarter of its time.
 */
@Injectable()
export class RunEventsStore {
  private waiting: Waiting[] = [];

  constructor(private readonly db: Db) {}

  log(told: Told, teller: Teller): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ told, teller, resolve, reject });
      if (this.waiting.length === 1) void this.writeSoon();
    });
  }

  private async writeSoon(): Promise<void> {
    await soon();
    const waiting = this.waiting;
    this.waiting = [];
    for (const first of [true, false]) {
      const same = waiting.filter(({ told }) => told.first === first);
      for (let at = 0; at < same.length; at += MOST_RUNS) void this.write(same.slice(at, at + MOST_RUNS), first);
    }
  }

  private async write(together: readonly Waiting[], first: boolean): Promise<void> {
    const teller = together[0]?.teller;
    if (teller === undefined) return;
    try {
      const stops = await this.insert(
        together.map(({ told }) => told),
        teller,
        first,
      );
      for (const { told, resolve } of together) {
        const stop = stops.get(told.id);
        resolve(stop === undefined ? null : { stop });
      }
    } catch (error) {
      if (together.length === 1) together[0]?.reject(error);
      // What the database refuses of one run must not hold up the others.
      else for (const one of together) await this.write([one], first);
    }
  }

  /** By run, whether it is to stop; without those that are not this instance's. */
  private async insert(told: readonly Told[], teller: Teller, first: boolean): Promise<Map<string, boolean>> {
    const flat = told.flatMap(({ id, events }) => events.map((event) => ({ id, ...event })));
    const rows = await this.db.query<{ id: string; stop: boolean }>(first ? LOG_FIRST : LOG_MORE, [
      told.map(({ userId }) => userId),
      told.map(({ id }) => id),
      teller.instanceId,
      teller.tell,
      flat.map(({ id }) => id),
      flat.map(({ seq }) => seq),
      flat.map(({ event }) => event),
      flat.map(({ data }) => JSON.stringify(data)),
    ]);
    return new Map(rows.map(({ id, stop }) => [id, stop]));
  }
}

const logText = (run: string): string => `
  WITH given AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS given (user_id, id)),
  run AS (${run}), added AS (
    INSERT INTO run_events (user_id, run_id, seq, event, data)
    SELECT run.user_id, run.id, new.seq, new.event, new.data
    FROM run JOIN unnest($5::uuid[], $6::integer[], $7::text[], $8::json[]) AS new (run_id, seq, event, data) ON new.run_id = run.id
    ON CONFLICT DO NOTHING
  )
  SELECT id, stop FROM run`;
const TOLD = `runs.user_id, runs.id, stop_requested AS stop,
  CASE WHEN $4::boolean THEN pg_notify('${CHANNEL}', 'events ' || runs.id)::text END AS told`;
const MINE = `runs.user_id = given.user_id AND runs.id = given.id AND status = 'running' AND instance_id = $3`;
const LOG_FIRST = logText(`UPDATE runs SET logged = true FROM given WHERE ${MINE} RETURNING ${TOLD}`);
const LOG_MORE = logText(`SELECT ${TOLD} FROM runs, given WHERE ${MINE}`);
