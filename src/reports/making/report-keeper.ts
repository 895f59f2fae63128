import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../common/problem.js';
import { Config } from '../../config/config.js';
import { type Claimed, ReportsStore } from '../reports.store.js';
import { MakerService, Superseded } from './maker.service.js';

/** Between two looks for reports that nobody makes: those of an instance that died, or that could not be finished. */
const LOOK_MS = 2_000;
const AGAIN_SECONDS = 5;
/** A report that failed so often, or ended as many processes, is not tried again by itself. */
const MOST_TRIES = 3;

const FAILED =
  'Something went wrong while this report was made. Try it again; if that fails, too, ask your administrator.';
const TOO_SLOW = 'This report took too long. Ask for fewer sections, or for a report of less data.';

/**
 * Sees to it that reports are made, one after the other on each instance, in the order they were asked for. Whoever makes one
 * says so again and again; when it falls silent another instance begins anew.
 */
@Injectable()
export class ReportKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('reports');
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private wake = new AbortController();
  private readonly rounds: (() => Promise<void>)[] = [];

  constructor(
    private readonly maker: MakerService,
    private readonly store: ReportsStore,
    private readonly config: Config,
  ) {}

  /** `round` is done before each look for reports. */
  beforeEachLook(round: () => Promise<void>): void {
    this.rounds.push(round);
  }

  onApplicationBootstrap(): void {
    if (this.config.reports.making) this.work = this.keep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('stopping'));
    this.wake.abort();
    await this.work;
  }

  /** There is something to do. */
  soon(): void {
    this.wake.abort();
  }

  private async keep(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        // The next call of `soon` is heard from here on, so that none is missed while this looks.
        this.wake = new AbortController();
        do for (const round of this.rounds) await round();
        while (await this.next());
      } catch (error) {
        if (!this.stopping.signal.aborted) this.log.warn(`reports wait: ${(error as Error).message}`);
      }
      await delay(LOOK_MS, undefined, { ref: false, signal: this.wake.signal }).catch(() => undefined);
    }
  }

  /** Makes the next report; whether there was one. */
  private async next(): Promise<boolean> {
    if (this.stopping.signal.aborted) return false;
    const { leaseSeconds } = this.config.runs;
    const claimed = await this.store.claim(leaseSeconds);
    if (claimed === null) return false;
    const gone = new AbortController();
    const late = AbortSignal.timeout(this.config.reports.seconds * 1000);
    const hold = setInterval(() => void this.hold(claimed, gone), (leaseSeconds * 1000) / 3);
    try {
      if (claimed.tries > MOST_TRIES) throw new Problem(422, 'making_failed', FAILED);
      await this.maker.make(claimed, AbortSignal.any([this.stopping.signal, gone.signal, late]));
    } catch (error) {
      await this.ended(claimed, error, late.aborted);
    } finally {
      clearInterval(hold);
    }
    return true;
  }

  private async ended(claimed: Claimed & { readonly tries: number }, error: unknown, isLate: boolean): Promise<void> {
    if (this.stopping.signal.aborted) return this.store.release(claimed);
    if (error instanceof Superseded) return;
    if (isLate) return this.store.fail(claimed, 'took_too_long', TOO_SLOW);
    if (error instanceof Problem) return this.store.fail(claimed, error.code, error.detail);
    this.log.error(error);
    if (claimed.tries >= MOST_TRIES) return this.store.fail(claimed, 'making_failed', FAILED);
    await this.store.hold(claimed, AGAIN_SECONDS);
  }

  private async hold(claimed: Claimed, gone: AbortController): Promise<void> {
    try {
      if (!(await this.store.hold(claimed, this.config.runs.leaseSeconds))) gone.abort(new Superseded());
    } catch (error) {
      this.log.warn(`the making of a report was not noted: ${(error as Error).message}`);
    }
  }
}
