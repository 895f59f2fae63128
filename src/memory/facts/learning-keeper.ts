import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { MessagesService } from '../../conversations/messages.service.js';
import { Background } from '../background.js';
import { FactLearner } from './fact-learner.js';
import { LearningStore } from './learning.store.js';

/** Between a message and its reading, so that several in a row are read at once. */
const SOON_MS = 1_000;
/** Between two looks for what was missed: by a process that died, or while learning was off. */
const SWEEP_MS = 60_000;
const SWEEP_USERS = 50;
/** An instance that has not finished with a user after this long is taken for dead. */
const CLAIM_SECONDS = 300;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Sees to it that what users say is learned from: soon after it is said, one user at a time, and never in a turn's way. */
@Injectable()
export class LearningKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly background = new Background(new Logger('memory'), 'nothing could be learned');
  private readonly waiting = new Set<string>();
  private isSoon = false;

  constructor(
    private readonly learner: FactLearner,
    private readonly store: LearningStore,
    private readonly messages: MessagesService,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.memory.learning) return;
    this.messages.onUserMessage((userId) => this.soon(userId));
    void this.background.every(SWEEP_MS, () => this.sweep());
  }

  async beforeApplicationShutdown(): Promise<void> {
    const stopped = this.background.stop();
    await this.learner.stop();
    await stopped;
  }

  private soon(userId: string): void {
    this.waiting.add(userId);
    if (this.isSoon) return;
    this.isSoon = true;
    void this.background.after(SOON_MS, async () => {
      this.isSoon = false;
      const users = [...this.waiting];
      this.waiting.clear();
      await this.background.each(users, (user) => this.learner.learn(user));
    });
  }

  /** Learns for everybody who said something that was not learned from. */
  async sweep(): Promise<void> {
    let after = FIRST_ID;
    while (!this.background.isStopping) {
      const users = await this.store.due(after, SWEEP_USERS);
      await this.background.each(users, (user) => this.learnFor(user));
      const last = users.at(-1);
      if (last === undefined || users.length < SWEEP_USERS) return;
      after = last;
    }
  }

  private async learnFor(userId: string): Promise<void> {
    const began = await this.store.claim(userId, CLAIM_SECONDS);
    if (began === null) return;
    let lookedAt: Date | null = null;
    try {
      await this.learner.learn(userId);
      lookedAt = began;
    } finally {
      await this.store.release(userId, lookedAt);
    }
  }
}
