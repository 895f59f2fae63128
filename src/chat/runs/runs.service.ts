import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { newId } from '../../common/ids.js';
import { decodeCursor, type Page, toPage } from '../../common/page.js';
import { notFound } from '../../common/problem.js';
import { MessagesService } from '../../conversations/messages.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { replay } from '../turn-events.js';
import type { RunRow } from './run.entity.js';
import { ENDED, type RunEvent, type RunEventName } from './run-event.js';
import { RunEventsStore } from './run-events.store.js';
import { RunLog } from './run-log.js';
import { RunSignals } from './run-signals.js';
import { RunsStore } from './runs.store.js';

/** A run of another instance is looked at again after this long, where no signal came before. */
const POLL_MS = 500;
/** How long a stop waits for the run to have stopped before it is answered. */
const STOP_WAIT_MS = 5_000;

const LAST: ReadonlySet<RunEventName> = new Set(Object.values(ENDED));

/** What a run came to. */
export interface Outcome {
  readonly run: RunRow;
  readonly question: MessageRow;
  readonly message: MessageRow;
}

/** A run that this process works on. */
export interface LocalRun {
  readonly id: string;
  readonly userId: string;
  readonly log: RunLog;
  /** Number of the last event told by a process before this one. */
  readonly from: number;
  readonly done: Promise<Outcome | null>;
}

/** Runs as clients see them, whichever instance works on them. */
@Injectable()
export class RunsService {
  /** This process, as the tables know it. */
  readonly instanceId = newId();
  /** How many other instances are on the same database: whether telling them is of use. */
  others = 0;
  /** The process is being stopped; it takes nothing new. */
  draining = false;
  private readonly logger = new Logger('runs');
  private readonly expected = new Set<string>();
  private readonly local = new Map<string, LocalRun>();

  constructor(
    private readonly store: RunsStore,
    private readonly log: RunEventsStore,
    private readonly messages: MessagesService,
    private readonly signals: RunSignals,
  ) {
    signals.on('stop', (id) => this.local.get(id)?.log.stop('stopped'));
  }

  /** Takes a run up in this process. `work` writes its log and settles it. */
  begin(
    run: Pick<RunRow, 'userId' | 'id' | 'conversationId'>,
    answerSeq: number,
    from: number,
    work: (log: RunLog) => Promise<Outcome | null>,
  ): LocalRun {
    const { userId, id } = run;
    const log = new RunLog(
      {
        store: (events, first) =>
          this.log.log({ userId, id, first, events }, { instanceId: this.instanceId, tell: this.others > 0 }),
        materialize: (text) => this.messages.materialize(userId, run.conversationId, answerSeq, text),
        failed: (error) => this.logger.warn(`events of a run could not be stored yet: ${(error as Error).message}`),
      },
      from,
    );
    const done = work(log).finally(() => {
      log.end();
      this.local.delete(id);
    });
    const local = { id, userId, log, from, done };
    this.local.set(id, local);
    return local;
  }

  /** Every run that this process works on. */
  get working(): readonly LocalRun[] {
    return [...this.local.values()];
  }

  /** The ids of these, and of runs that are this instance's but are still being read. */
  get held(): string[] {
    return [...this.local.keys(), ...this.expected];
  }

  /** Is this instance's, and will begin once it was read: nobody takes it for lost meanwhile. */
  async expecting<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.expected.add(id);
    try {
      return await work();
    } finally {
      this.expected.delete(id);
    }
  }

  stopLocal(id: string): void {
    this.local.get(id)?.log.stop('stopped');
  }

  /** @throws {404} run_not_found */
  async get({ id: userId }: Pick<Actor, 'id'>, id: string): Promise<RunRow> {
    const run = await this.store.find(userId, id);
    if (run === null) throw notFound('run', id);
    return run;
  }

  activeOf(userId: string, conversationId: string): Promise<RunRow | null> {
    return this.store.activeOf(userId, conversationId);
  }

  /** The run that answered a message last; null: none did. */
  latestOf(userId: string, conversationId: string, userMessageId: string): Promise<RunRow | null> {
    return this.store.latestOf(userId, conversationId, userMessageId);
  }

  /** Newest first. @throws {400} cursor_invalid */
  async list(
    { id: userId }: Pick<Actor, 'id'>,
    {
      conversationId,
      active,
      limit,
      cursor,
    }: {
      conversationId?: string | undefined;
      active?: boolean | undefined;
      limit: number;
      cursor?: string | undefined;
    },
  ): Promise<Page<RunRow>> {
    const [before] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
    const rows = await this.store.list(userId, {
      conversationId: conversationId ?? null,
      active: active ?? null,
      before: before === undefined ? null : String(before),
      limit: limit + 1,
    });
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
  }

  /**
   * Ends a run, wherever it is worked on, and keeps what it produced. One that has ended stays as it is.
   * @throws {404} run_not_found
   */
  async stop(actor: Pick<Actor, 'id'>, id: string): Promise<RunRow> {
    const run = await this.store.stop(actor.id, id);
    if (run === null) throw notFound('run', id);
    this.stopLocal(id);
    if (run.status !== 'running') return run;
    const deadline = AbortSignal.timeout(STOP_WAIT_MS);
    await this.untilEnded(actor.id, id, deadline);
    return this.get(actor, id);
  }

  /**
   * What a run tells, from the event after `after` on, to its end.
   * @throws {404} run_not_found, with the first event asked for
   */
  async *events(actor: Pick<Actor, 'id'>, id: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    let place = after;
    while (!signal.aborted) {
      const local = this.local.get(id);
      if (local !== undefined && local.userId === actor.id) {
        for await (const event of this.localEvents(local, id, place, signal)) {
          yield event;
          place = event.seq;
          if (LAST.has(event.event)) return;
        }
        if (signal.aborted) return; // else it is another instance's now, or gone
      }
      const run = await this.get(actor, id);
      if (isOver(run)) {
        const { question, message } = await this.messagesOf(run);
        const stored = run.logged ? await this.store.events(actor.id, id, 0) : [];
        for (const event of replay(run, question, message, stored)) if (event.seq > place) yield event;
        return;
      }
      const events = run.logged ? await this.store.events(actor.id, id, place) : [];
      for (const event of events) yield event;
      place = events.at(-1)?.seq ?? place;
      if (events.length === 0) await this.signals.next(id, POLL_MS, signal);
    }
  }

  private async *localEvents(
    { userId, from, log }: LocalRun,
    id: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<RunEvent> {
    if (after < from) {
      for (const event of await this.store.events(userId, id, after)) if (event.seq <= from) yield event;
    }
    yield* log.read(after, signal);
  }

  /** What a run came to, once it has ended. @throws {404} run_not_found */
  async outcome(actor: Pick<Actor, 'id'>, id: string, signal: AbortSignal): Promise<Outcome> {
    const local = this.local.get(id);
    const done = local?.userId === actor.id ? await local.done : null;
    if (done !== null) return done;
    const run = await this.untilEnded(actor.id, id, signal);
    return { run, ...(await this.messagesOf(run)) };
  }

  private async untilEnded(userId: string, id: string, signal: AbortSignal): Promise<RunRow> {
    for (;;) {
      const local = this.local.get(id);
      if (local !== undefined && local.userId === userId) {
        await Promise.race([local.done.catch(() => null), aborted(signal)]);
      }
      const run = await this.get({ id: userId }, id);
      if (isOver(run) || signal.aborted) return run;
      await this.signals.next(id, POLL_MS, signal);
    }
  }

  private async messagesOf(run: RunRow): Promise<{ question: MessageRow; message: MessageRow }> {
    const [question, message] = await Promise.all([
      this.messages.get(run.userId, run.conversationId, run.userMessageId),
      this.messages.get(run.userId, run.conversationId, run.messageId),
    ]);
    return { question, message };
  }
}

export const isOver = ({ status }: Pick<RunRow, 'status'>): boolean => status !== 'running' && status !== 'queued';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
