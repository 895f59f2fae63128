import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import type { Whose } from '../database/db.js';
import { type Declaration, type Member, MembersStore } from './members.store.js';
import { RedisLink } from './redis-link.js';

/** What an instance was told or has said holds for this long; a start or a loss of Redis may hold writes up for as long. */
const LEASE_MS = 4_000;
const BEAT_MS = 1_000;
/** Between looks while a write waits. */
const SOON_MS = 100;

/**
 * Whether this instance may answer from memory, and when a write may be acknowledged, agreed on by all instances of a database.
 *
 * Each declares at every beat, in `cache_members`, what it does when it writes (`Declaration`), and reads what the others
 * declare. With that it MAY READ from memory for `LEASE_MS` from before it asked: when it is alone, or when all of them tell the
 * same Redis of their writes. It IS HEARD OF for as long, in which nobody overlooks it.
 *
 * A write is acknowledged once its rows' tag in Redis has changed, where that is declared; and only while the instance is heard
 * of and nobody may read without hearing of its writes. Where one of these fails (Redis is away, too slow or another one; a beat
 * came late; the instance has only just started beside one that was alone) it declares `none`, and holds the write until the
 * others have seen that, or what they were allowed has run out: nobody answers from memory any more, until Redis is back. When
 * an instance is gone the others drop all that they keep: a write of its last moment may be one that Redis was not told of.
 *
 * Times are measured from before a question and by a monotonic clock, so a slow answer only shortens them. Nobody may read who
 * cannot reach the database to ask. The embedded database has no other instances: then none of this is done.
 */
@Injectable()
export class Membership implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('cache');
  private readonly id = newId();
  private readonly isEmbedded: boolean;
  private readonly redisUrl: string | null;

  /** Ids of the other instances, as last heard of. */
  private others: ReadonlySet<string> = new Set();
  private allowedUntil = 0;
  private heardOfUntil = 0;
  /** Nobody may read without hearing of our writes; stays so while this one is heard of and declares no less. */
  private isQuiet = false;
  /** Since when it declares `none` and is heard of without a break; null: it does not. */
  private noneSince: number | null = null;

  private link: RedisLink | null = null;
  /** The same while it is declared: writes are told to it. */
  private telling: RedisLink | null = null;
  private isRedisAway = false;
  private round: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  private dropAll: () => void = () => undefined;
  private countFault: () => void = () => undefined;

  constructor(
    private readonly store: MembersStore,
    config: Config,
  ) {
    this.isEmbedded = config.database.url === null;
    this.redisUrl = this.isEmbedded ? null : config.cache.redisUrl;
  }

  /** `drop` forgets all that is kept; `fault` counts that Redis failed. */
  watch({ drop, fault }: { drop: () => void; fault: () => void }): void {
    this.dropAll = drop;
    this.countFault = fault;
  }

  /** A read may be answered from memory, if it is of rows in the `state` that they are in. */
  get mayRead(): boolean {
    return this.isEmbedded || performance.now() < this.allowedUntil;
  }

  /** Whether `state` asks Redis. */
  get asksRedis(): boolean {
    return this.telling !== null;
  }

  /** The state of the rows as Redis knows it, '' where it is not asked; null: they must be read from the database. */
  state(whose: Whose): string | null | Promise<string | null> {
    if (!this.mayRead) return null;
    return this.telling === null ? '' : this.stateIn(this.telling, whose);
  }

  private async stateIn(link: RedisLink, whose: Whose): Promise<string | null> {
    try {
      const state = await link.state(whose);
      // What was kept under that name may have been dropped meanwhile, and others may no longer tell.
      return this.telling === link && this.mayRead ? state : null;
    } catch {
      this.countFault();
      return null;
    }
  }

  /** A write was committed: it may be acknowledged at once (undefined), or when this resolves. Never fails. */
  written(whose: ReadonlySet<Whose>): Promise<void> | undefined {
    if (this.isEmbedded || (this.telling === null && this.isSafe)) return undefined;
    return this.toldOf(whose);
  }

  private async toldOf(whose: ReadonlySet<Whose>): Promise<void> {
    while (!this.closed) {
      const link = this.telling;
      if (link !== null) {
        const isTold = await link.changed(whose).then(
          () => true,
          (error: unknown) => this.lose(link, error),
        );
        if (isTold && this.telling === link && this.isSafe) return;
      } else if (this.isSafe) return;
      await this.look();
      if (!this.isSafe) await delay(SOON_MS);
    }
  }

  private get isSafe(): boolean {
    return this.isQuiet && performance.now() < this.heardOfUntil;
  }

  async onModuleInit(): Promise<void> {
    if (this.isEmbedded) return;
    await this.look();
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.isEmbedded) return;
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.round;
    this.forbid();
    this.link?.close();
    await this.store.gone(this.id);
  }

  private schedule(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => void this.look().then(() => this.schedule()), BEAT_MS);
    this.timer.unref();
  }

  /** Declares and looks who else does; joins a look that is under way. Never fails. */
  private look(): Promise<void> {
    this.round ??= this.lookAround()
      // What was allowed runs out by itself.
      .catch((error: unknown) => this.log.debug(`the database does not answer: ${(error as Error).message}`))
      .finally(() => (this.round = null));
    return this.round;
  }

  private async lookAround(): Promise<void> {
    const { redisUrl } = this;
    if (redisUrl === null) {
      await this.declare(this.others.size === 0 ? 'alone' : 'none');
      if (this.others.size > 0 && !this.mayRead) await this.declare('none');
      return;
    }
    // While writes wait, they wait for the database; Redis may take its time to be away.
    const isWaitedFor = this.telling === null && this.heardOfUntil > 0 && !this.isSafe;
    const link = isWaitedFor ? null : await this.reached(redisUrl);
    this.telling = link; // before it is declared
    await this.declare(link === null ? 'none' : `redis:${link.id}`, link);
  }

  private async declare(declaration: Declaration, link: RedisLink | null = null): Promise<void> {
    const asked = performance.now();
    const others = await this.store.declare(this.id, declaration, LEASE_MS);
    const answered = performance.now();
    this.seen(others);
    if (this.telling !== link) return; // lost meanwhile: what was declared is not true
    const areLike = others.every(({ declares }) => declares === declaration);
    // Whoever was not heard of for a moment may have been overlooked, and whoever was not allowed may have missed a write.
    if (answered >= this.heardOfUntil) {
      this.isQuiet = false;
      this.noneSince = null;
    }
    if (answered >= this.allowedUntil) this.forbid();
    this.heardOfUntil = asked + LEASE_MS;
    this.noneSince = declaration === 'none' ? (this.noneSince ?? answered) : null;
    // Those who still reach Redis go on declaring it; by then they have seen that they may not go by it alone.
    const isSeen = this.noneSince !== null && answered - this.noneSince >= LEASE_MS;
    this.isQuiet ||=
      isSeen || others.every(({ declares }) => declares === 'none' || (link !== null && declares === declaration));
    const isAllowed = link === null ? declaration === 'alone' && others.length === 0 : areLike;
    if (isAllowed) this.allowedUntil = asked + LEASE_MS;
    else this.forbid();
  }

  /** One that is gone may have died after its last write was committed, and before it told Redis of it. */
  private seen(others: readonly Member[]): void {
    const now = new Set(others.map(({ id }) => id));
    if ([...this.others].some((id) => !now.has(id))) this.dropAll();
    this.others = now;
  }

  /** The connection to Redis, a new one where there is none; null: it cannot be reached. */
  private async reached(url: string): Promise<RedisLink | null> {
    const link = this.link ?? new RedisLink(url, (error) => this.lose(link, error));
    try {
      if (this.link === null) await link.open();
      this.link = link;
      await link.identify();
    } catch (error) {
      this.lose(link, error);
    }
    if (this.link !== link) return null;
    if (this.isRedisAway) this.log.log('Redis is there again');
    this.isRedisAway = false;
    return link;
  }

  private lose(link: RedisLink, error: unknown): false {
    link.close();
    if (this.link === link) this.link = null;
    if (this.telling === link) {
      this.telling = null;
      this.isQuiet = false; // others may go by it still
      this.forbid();
    }
    if (this.closed) return false;
    this.countFault();
    if (!this.isRedisAway) {
      this.log.warn(`Redis is away (${(error as Error).message}): the database answers every read until it is back`);
    }
    this.isRedisAway = true;
    return false;
  }

  private forbid(): void {
    this.allowedUntil = 0;
    this.dropAll();
  }
}
