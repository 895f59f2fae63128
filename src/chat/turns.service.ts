import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { Actor } from '../common/actor.js';
import { Problem } from '../common/problem.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { MessagesService } from '../conversations/messages.service.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import type { DatasetProfile } from '../datasets/profile.js';
import type { Persona } from '../personas/persona.entity.js';
import { PersonasService } from '../personas/personas.service.js';
import { Metrics } from '../metrics/metrics.js';
import { UsersService } from '../users/users.service.js';
import type { Companion } from '../conversations/companion.js';
import { HistoryService } from './history.service.js';
import { PassagesService } from './passages.service.js';
import { PastService } from './past.service.js';
import { PipelineError, runPipeline } from './pipeline/run-pipeline.js';
import { CLOSING_EVENTS, deltas, type EndedStatus } from './runs/run-event.js';
import type { RunError, RunRow } from './runs/run.entity.js';
import type { RunLog } from './runs/run-log.js';
import { type Outcome, RunsService } from './runs/runs.service.js';
import { levelAsked } from './pipeline/understand/edit/levels.js';
import { pointsAtOpening } from './pipeline/understand/past/back-to.js';
import { runFinished, RunsStore } from './runs/runs.store.js';
import { SaidService } from './said.service.js';
import { SpeakersService } from './speakers.service.js';
import { closingEvents, isReplayable, openingEvents } from './turn-events.js';
import { ANALYSIS, recordOf } from './turn-record.js';

/** What an answer is worked out from. */
export interface Sources {
  readonly persona: Persona;
  readonly datasets: readonly DatasetProfile[];
}

/** A run that is to be worked on here: it is `running`, and this instance's. */
export interface Turn {
  readonly actor: Actor;
  readonly run: RunRow;
  readonly question: MessageRow;
  /** As it was stored: empty, or what an earlier attempt said. */
  readonly answer: Pick<MessageRow, 'id' | 'seq' | 'content'>;
  /** Those of its conversation; while the run is at work nothing is erased there. */
  readonly erasures: number;
  /** null: to be found out when it runs. */
  readonly sources: Sources | null;
}

/** What the answer's message becomes. */
interface Draft {
  readonly role: 'assistant' | 'system';
  readonly type: string;
  readonly content: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: EndedStatus;
  readonly error: RunError | null;
  /** Stored with it: what it is found by as a past result. */
  readonly beside?: Companion | null;
}

/** While the database is away, the end of a run is written again after this long, up to the last one over and over. */
const SETTLE_AGAIN_MS = [50, 200, 1_000, 2_000];
const SETTLE_FOR_MS = 10 * 60_000;

/** Works out answers: detached from whoever asked, from the stored question to the settled answer. */
@Injectable()
export class TurnsService {
  private readonly log = new Logger('chat');
  private readonly ended;

  constructor(
    private readonly personas: PersonasService,
    private readonly datasets: DatasetsService,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly users: UsersService,
    private readonly history: HistoryService,
    private readonly past: PastService,
    private readonly texts: PassagesService,
    private readonly said: SaidService,
    private readonly speakers: SpeakersService,
    private readonly runs: RunsService,
    private readonly store: RunsStore,
    metrics: Metrics,
  ) {
    this.ended = metrics.histogram('engram_run_duration_seconds', 'Runs that ended here, from their beginning.', [
      'status',
    ]);
  }

  /** Begins; the answer comes by itself. */
  start(turn: Turn): void {
    const { done } = this.runs.begin(turn.run, turn.answer.seq, turn.run.lastSeq, (log) => this.work(turn, log));
    done.catch((error: unknown) => this.log.error(error)); // what is lost here is settled by the next instance that looks
  }

  /** Takes up a run that an instance left: one that waited, or was interrupted. */
  takeUp(run: RunRow): Promise<void> {
    return this.runs.expecting(run.id, async () => {
      const { id, email, role } = await this.users.get(run.userId);
      const [question, answer, { erasures }] = await Promise.all([
        this.messages.get(run.userId, run.conversationId, run.userMessageId),
        this.messages.get(run.userId, run.conversationId, run.messageId),
        this.conversations.owned({ id }, run.conversationId),
      ]);
      this.start({ actor: { id, email, role }, run, question, answer, erasures, sources: null });
    });
  }

  /** Begins what waits in the conversation, if nothing is at work there. */
  async startQueued(userId: string, conversationId: string): Promise<void> {
    const run = await this.store.startQueued(userId, conversationId, this.runs.instanceId);
    if (run !== null) await this.takeUp(run);
  }

  /**
   * Those asked for, or 404; else those of the persona that are still there; else all that the actor may see.
   * @throws {404} dataset_not_found
   */
  async datasetsFor(
    actor: Actor,
    persona: Persona,
    asked: readonly string[] | undefined,
  ): Promise<readonly DatasetProfile[]> {
    if (asked === undefined && persona.defaultDatasetIds.length > 0) {
      const usual = await this.datasets.profilesAmong(actor, persona.defaultDatasetIds);
      if (usual.length > 0) return usual;
    }
    return this.datasets.profilesFor(actor, asked);
  }

  private async work(turn: Turn, log: RunLog): Promise<Outcome | null> {
    const started = performance.now();
    for (const [event, data] of openingEvents(turn.run, turn.question)) log.emit(event, data);
    // Whoever heard an earlier attempt may have heard words that were never stored.
    if (turn.run.lastSeq > 0) log.emit('answer.reset', {});
    const draft = await this.answer(turn, log);
    const outcome = await this.settle(turn, log, draft);
    if (outcome !== null) this.ended.labels(outcome.run.status).observe((performance.now() - started) / 1000);
    if (outcome !== null && draft.type === ANALYSIS) this.history.add(turn.question, outcome.message, turn.erasures);
    return outcome;
  }

  private async answer(turn: Turn, log: RunLog): Promise<Draft> {
    try {
      return await this.answered(turn, log);
    } catch (error) {
      const reason: unknown = log.signal.aborted ? log.signal.reason : null;
      if (reason === 'stopped') return unfinished(turn, log, 'stopped', null);
      if (reason === 'interrupted' || reason === 'lost') return unfinished(turn, log, 'interrupted', INTERRUPTED);
      this.log.error(error instanceof PipelineError && error.cause instanceof Error ? error.cause : error);
      const known = safeError(error);
      return {
        role: 'system',
        type: 'error',
        content: known.message,
        metadata: { runId: turn.run.id, code: known.code, layer: known.layer },
        status: 'failed',
        error: known,
      };
    }
  }

  private async answered(turn: Turn, log: RunLog): Promise<Draft> {
    const { actor, run, question } = turn;
    const { persona, datasets: known } = turn.sources ?? (await this.sourcesOf(turn));
    const { turns: history, isWhole: historyIsWhole } = await this.history.before(question, turn.erasures);
    const last = history.findLast(({ understanding }) => understanding?.query)?.understanding?.query?.datasetId;
    const levels = levelAsked(question.content) === null ? undefined : last;
    const datasets = levels === undefined ? known : await this.datasets.withLevels(known, levels);
    const pointed = await this.past.pointed(question, history, datasets);
    const isFurther = !historyIsWhole && pointsAtOpening({ question: question.content, history, datasets });
    const opening = isFurther ? await this.history.opening(question) : undefined;
    const recalled = { history, historyIsWhole, opening, pointed };
    const piped = await runPipeline(
      { question: question.content, askedAt: question.createdAt, persona, datasets, ...recalled },
      {
        run: (query) => this.datasets.run(actor, query),
        past: (understanding) => this.past.about(question, understanding),
        passages: (search, limit) => this.texts.about(actor, persona, run.conversationId, search, limit),
        messages: (search, limit) => this.said.about(question, search, limit),
      },
      {
        onStep: (name, phase, detail) =>
          log.emit(phase === 'started' ? 'step.started' : 'step.completed', { name, ...detail }),
        signal: log.signal,
        speaker: this.speakers.of(persona, datasets, question),
        voice: { say: log.say, unsay: () => log.unsay() },
      },
    );
    log.signal.throwIfAborted();
    if (!piped.isSaid) for (const text of deltas(piped.text)) log.tell(text);
    if (piped.visualization !== null) log.emit('visualization', piped.visualization);
    return {
      role: 'assistant',
      type: ANALYSIS,
      content: piped.text,
      metadata: { ...recordOf(piped, run.id, piped.timings, piped.model) },
      status: 'completed',
      error: null,
      beside: await this.past.companionOf(question, piped),
    };
  }

  private async sourcesOf({ actor, run }: Turn): Promise<Sources> {
    const { personaId } = await this.conversations.owned(actor, run.conversationId);
    const persona = await this.personas.active(personaId);
    return { persona, datasets: await this.datasetsFor(actor, persona, run.request.datasetIds) };
  }

  /**
   * The answer and the end of its run, in one statement; again and again while the database is away. null where there is
   * nothing to settle any more: the conversation was deleted, or another instance settled the run.
   */
  private async settle(turn: Turn, log: RunLog, draft: Draft): Promise<Outcome | null> {
    const { run, question, answer } = turn;
    const { status, error, beside = null, ...message } = draft;
    const whole = { ...message, seq: answer.seq, status: status === 'completed' ? ('complete' as const) : status };
    const isShort = turn.run.lastSeq === 0 && isReplayable(whole) && log.keepUnwritten();
    const settled = await this.persistently(async () => {
      if (!isShort) await log.flush();
      const end = { status, error, lastSeq: log.seq + CLOSING_EVENTS, tell: this.runs.others > 0 };
      const guard = runFinished(run.id, this.runs.instanceId, end);
      return this.messages.settle(run.userId, run.conversationId, whole, guard, beside);
    });
    if (settled === null) return this.settledElsewhere(turn, log);
    // Something that it told of is gone meanwhile: so is what was told of it on the way.
    if (!isShort && settled.message.metadata !== whole.metadata) await this.store.forget([settled.message]);
    for (const [event, data] of closingEvents(run, status, error, settled.message)) log.emit(event, data);
    if ((settled.guard as { waiting?: boolean } | null)?.waiting === true) this.next(run);
    const ended: RunRow = { ...run, status, error, lastSeq: log.seq, finishedAt: new Date() };
    return { run: ended, question, message: settled.message };
  }

  /**
   * The acknowledgement of our own settling may have been lost; else the run is another instance's, or gone with its
   * conversation: then the log ends without an end, and readers look at the tables.
   */
  private async settledElsewhere({ run, question }: Turn, log: RunLog): Promise<Outcome | null> {
    const now = await this.store.find(run.userId, run.id);
    if (now === null) log.emit('run.failed', { runId: run.id, status: 'failed', error: GONE });
    if (now === null || now.lastSeq !== log.seq + CLOSING_EVENTS) return null;
    const message = await this.messages.get(run.userId, run.conversationId, run.messageId);
    for (const [event, data] of closingEvents(now, now.status as EndedStatus, now.error, message))
      log.emit(event, data);
    return { run: now, question, message };
  }

  private async persistently<T>(work: () => Promise<T>): Promise<T> {
    const until = Date.now() + SETTLE_FOR_MS;
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (Date.now() > until || isRefusal(error)) throw error;
        this.log.warn(`an answer could not be stored yet: ${(error as Error).message}`);
        await delay(SETTLE_AGAIN_MS[Math.min(attempt, SETTLE_AGAIN_MS.length - 1)]);
      }
    }
  }

  private next({ userId, conversationId }: RunRow): void {
    this.startQueued(userId, conversationId).catch((error: unknown) => this.log.error(error));
  }
}

const INTERRUPTED: RunError = {
  code: 'interrupted',
  message: 'The server stopped before this was answered; continue, or ask again.',
  layer: null,
};

const GONE: RunError = {
  code: 'conversation_deleted',
  message: 'The conversation was deleted before this was answered.',
  layer: null,
};

/** What was said until then is kept. */
const unfinished = (turn: Turn, log: RunLog, status: 'stopped' | 'interrupted', error: RunError | null): Draft => ({
  role: 'assistant',
  type: 'text',
  content: log.text,
  metadata: { runId: turn.run.id },
  status,
  error,
});

/** The database answered, and would answer the same again: bad data, a violated rule. */
const isRefusal = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(?:22|23|42)/.test(code);
};

function safeError(error: unknown): RunError {
  const layer = error instanceof PipelineError ? error.layer : null;
  const cause = error instanceof PipelineError ? error.cause : error;
  if (cause instanceof Problem) return { code: cause.code, message: cause.detail, layer };
  return {
    code: 'answer_failed',
    message:
      'Something went wrong while answering this question. Your message is stored; ask again, or put it another way.',
    layer,
  };
}
