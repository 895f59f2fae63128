import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import { Background } from '../background.js';
import { Summarizer } from '../summaries/summarizer.service.js';
import { TitlesService } from '../titles/titles.service.js';
import { type Due, UpkeepStore } from './upkeep.store.js';

/** Between a change and what is made of it, so that several in a row are looked at once. */
const SOON_MS = 1_000;
/** Between two looks for what was missed, as by a process that died; in conversations of the last day. */
const SWEEP_MS = 60_000;
const SWEEP_BACK_MS = 24 * 3_600_000;
const FIRST_USER = '00000000-0000-0000-0000-000000000000';
/** Steps under one claim; an instance that has not done them after this long is taken for dead. */
const STEPS = 8;
const CLAIM_SECONDS = 300;

/**
 * Keeps up in the background what is made of conversations, soon after something was said in them and never in a turn's way.
 * Of several instances one is at each conversation.
 */
@Injectable()
export class UpkeepService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly background = new Background(new Logger('memory'), 'a conversation could not be kept up');
  private waiting = new Map<string, { readonly userId: string; readonly id: string }>();

  constructor(
    private readonly store: UpkeepStore,
    private readonly conversations: ConversationsService,
    private readonly summarizer: Summarizer,
    private readonly titles: TitlesService,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    const { summaries, titles } = this.config.memory;
    if (!summaries && !titles) return;
    this.conversations.onChange((userId, id) => this.soon(userId, id));
    void this.background.every(SWEEP_MS, () => this.sweep());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.background.stop();
  }

  private soon(userId: string, id: string): void {
    const isSoon = this.waiting.size > 0;
    this.waiting.set(`${userId} ${id}`, { userId, id });
    if (isSoon) return;
    void this.background.after(SOON_MS, async () => {
      const waiting = [...this.waiting.values()];
      this.waiting = new Map();
      await this.background.each(await this.store.dueAmong(waiting), (due) => this.keepUp(due));
    });
  }

  /** Everything that is to be done in conversations of the last day; what failed is tried again by the next sweep. */
  async sweep(): Promise<void> {
    let after: string | null = FIRST_USER;
    while (after !== null && !this.background.isStopping) {
      const { last, due } = await this.store.dueAfter(after, new Date(Date.now() - SWEEP_BACK_MS));
      await this.background.each(due, (one) => this.keepUp(one));
      after = last;
    }
  }

  /** Does what is due in a conversation, unless another instance is at it. */
  async keepUp({ userId, id, summary, title }: Due): Promise<void> {
    const { summaries, titles } = this.config.memory;
    if (title && titles) await this.claimed(userId, id, 'title', () => this.entitled(userId, id));
    if (summary && summaries) while (await this.claimed(userId, id, 'summary', () => this.steps(userId, id)));
  }

  private async entitled(userId: string, id: string): Promise<false> {
    await this.titles.improve(userId, id, this.background.signal);
    return false;
  }

  private async steps(userId: string, id: string): Promise<boolean> {
    for (let step = 0; step < STEPS; step++) {
      if (this.background.isStopping || !(await this.summarizer.step(userId, id, this.background.signal))) return false;
    }
    return true;
  }

  private async claimed(userId: string, id: string, work: string, does: () => Promise<boolean>): Promise<boolean> {
    const until = await this.store.claim(userId, id, work, CLAIM_SECONDS);
    if (until === null) return false;
    try {
      return await does();
    } finally {
      await this.store.release(userId, id, work, until);
    }
  }
}
