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
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  /** Since when every beat reached the database. */
  private steadySince: number | null = null;
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
    if (this.timer !== null) clearTimeout(this.timer);
    await this.round;
    await this.store.gone(this.runs.instanceId).catch(() => undefined);
    await this.signals.close();
  }

  private schedule(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.round = this.oneRound()
        .catch((error: unknown) => {
          this.steadySince = null;
          this.log.warn(`the database does not answer: ${(error as Error).message}`);
        })
        .finally(() => this.schedule());
    }, this.beatMs);
    this.timer.unref();
  }

  /** Several beats fit into one lease, so that a late one is not a death. */
  private get beatMs(): number {
    return (this.config.runs.leaseSeconds * 1_000) / 5;
  }

  private async oneRound(): Promise<void> {
    await this.beat();
    for (const id of await this.store.stopRequested(this.runs.instanceId)) this.runs.stopLocal(id);
    // After the database was away nobody's beats are fresh; those that live get the time to say so.
    if (this.steadySince !== null && Date.now() - this.steadySince >= this.config.runs.leaseSeconds * 1_000) {
      await this.store.forgetDead(this.config.runs.leaseSeconds);
    }
    await this.settle();
    await this.store.forgetEvents(this.config.runs.keepEventsSeconds, FORGET_RUNS);
  }

  private async beat(): Promise<void> {
    this.runs.others = await this.store.seen(this.runs.instanceId, this.config.runs.leaseSeconds);
    this.steadySince ??= Date.now();
  }

  private async settle(): Promise<void> {
    const lost = await this.store.settleLost({
      id: this.runs.instanceId,
      working: this.runs.working.map(({ id }) => id),
      graceSeconds: this.config.runs.leaseSeconds,
    });
    if (lost > 0) this.log.warn(`${lost} runs that nobody worked on any more were interrupted`);
    for (const { userId, conversationId } of await this.store.waiting(BATCH)) {
      await this.turns.startQueued(userId, conversationId).catch((error: unknown) => this.log.error(error));
    }
  }
}
