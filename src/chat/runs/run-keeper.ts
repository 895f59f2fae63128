import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Config } from '../../config/config.js';
import { TurnsService } from '../turns.service.js';
import { InstancesStore } from './instances.store.js';
import { RunSignals } from './run-signals.js';
import { RunsService } from './runs.service.js';

/** Waiting runs begun in one round. */
const BATCH = 20;
/** Events removed in one round: of this many runs. */
const FORGET_RUNS = 500;

/**
 * Sees to it that no run is stuck. Every instance says at intervals that it lives; runs of one that has not done so for the
 * length of the lease are settled by any other. Waiting runs are begun where nothing else did it, and old events removed.
 */
@Injectable()
export class RunKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger('runs');
  private readonly timers: NodeJS.Timeout[] = [];
  private beating: Promise<void> = Promise.resolve();
  private round: Promise<void> = Promise.resolve();
  /** Since when every beat reached the database. */
  private steadySince: number | null = null;
  /** The last beat, by the database's clock. */
  private seenAt = new Date(0);
  private closed = false;

  constructor(
    private readonly store: InstancesStore,
    private readonly runs: RunsService,
    private readonly turns: TurnsService,
    private readonly signals: RunSignals,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.signals.open();
    // On the embedded database there is no other instance: what is left there is of one that died.
    if (this.config.database.url === null) await this.store.forgetOthers(this.runs.instanceId);
    await this.beat();
    if (this.config.database.url === null) await this.settle();
    this.schedule();
  }

  /** Answers that are nearly done are waited for; the others are interrupted, and keep what was said. */
  async beforeApplicationShutdown(): Promise<void> {
    this.runs.draining = true;
    const open = this.runs.working;
    const all = Promise.allSettled(open.map(({ done }) => done));
    await Promise.race([all, delay(this.config.runs.shutdownGraceMs, undefined, { ref: false })]);
    for (const { log } of this.runs.working) log.stop('interrupted');
    await Promise.race([
      Promise.allSettled(this.runs.working.map(({ done }) => done)),
      delay(5_000, undefined, { ref: false }),
    ]);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.allSettled([this.beating, this.round]);
    await this.store.gone(this.runs.instanceId).catch(() => undefined);
    await this.signals.close();
  }

  /** Beats wait for nothing else: a round may have to wait for its connections longer than others wait for a beat. */
  private schedule(): void {
    this.repeat(
      () => (this.beating = this.beat()),
      (error) => {
        this.steadySince = null;
        this.log.warn(`the database does not answer: ${error.message}`);
      },
    );
    this.repeat(
      () => (this.round = this.oneRound()),
      (error) => this.log.warn(`runs were not looked after: ${error.message}`),
    );
  }

  private repeat(work: () => Promise<void>, failed: (error: Error) => void): void {
    if (this.closed) return;
    const timer = setTimeout(() => {
      void work()
        .catch(failed)
        .finally(() => {
          this.timers.splice(this.timers.indexOf(timer), 1);
          this.repeat(work, failed);
        });
    }, this.beatMs).unref();
    this.timers.push(timer);
  }

  /** Several beats fit into one lease, so that a late one is not a death. */
  private get beatMs(): number {
    return (this.config.runs.leaseSeconds * 1_000) / 5;
  }

  private async oneRound(): Promise<void> {
    for (const id of await this.store.stopRequested(this.runs.instanceId)) this.runs.stopLocal(id);
    // After the database was away nobody's beats are fresh; those that live get the time to say so.
    if (this.steadySince !== null && Date.now() - this.steadySince >= this.config.runs.leaseSeconds * 1_000) {
      await this.store.forgetDead(this.config.runs.leaseSeconds);
    }
    await this.settle();
    await this.store.forgetEvents(this.config.runs.keepEventsSeconds, FORGET_RUNS);
  }

  private async beat(): Promise<void> {
    const { others, now } = await this.store.seen(this.runs.instanceId, this.config.runs.leaseSeconds);
    this.runs.others = others;
    this.seenAt = now;
    this.steadySince ??= Date.now();
  }

  private async settle(): Promise<void> {
    const lost = await this.store.settleLost({
      id: this.runs.instanceId,
      working: this.runs.held,
      startedBefore: new Date(this.seenAt.getTime() - this.config.runs.leaseSeconds * 1_000),
    });
    if (lost > 0) this.log.warn(`${lost} runs that nobody worked on any more were interrupted`);
    for (const { userId, conversationId } of await this.store.waiting(BATCH)) {
      await this.turns.startQueued(userId, conversationId).catch((error: unknown) => this.log.error(error));
    }
  }
}
