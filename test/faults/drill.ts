import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, PASSWORD } from '../support/client.js';
import { type Asked, Asker, type World } from './asker.js';
import { expectNothingStuck, expectReadable, expectWhole } from './checks.js';
import { aQuestion } from './questions.js';

/** A whole number from the environment, for longer or shorter runs. */
export const count = (name: string, usual: number): number => Number(process.env[name] ?? usual);

const ALONE = 3;
const TOGETHER = 2;
/** A conversation is left for a new one after this many questions, so that reading it all stays short. */
const LENGTH = 12;
/** A run that nobody works on is found within this. */
const STUCK_MS = 20_000;

interface Post {
  readonly asker: Asker;
  readonly isShared: boolean;
  conversationId: string | undefined;
}

/**
 * Clients that ask without a pause: some alone in their conversation, some together in one. Each round asks until the kill
 * is over, lets everyone get their answers, and checks all that must hold.
 */
export class Drill {
  readonly faults: string[] = [];
  readonly refusals = new Map<string, number>();
  private readonly posts: Post[] = [];
  private readonly world: World;
  private readonly asked = new Map<string, Asked[]>();

  private constructor(
    private readonly url: () => string,
    private readonly random: () => number,
    private readonly token: string,
  ) {
    this.world = { url, random, faults: this.faults, refusals: this.refusals };
  }

  static async begin(url: () => string, random: () => number): Promise<Drill> {
    const account = { email: 'asker@example.com', password: PASSWORD };
    const { accessToken } = await new Client(url()).ok<{ accessToken: string }>(
      'POST',
      '/api/v1/auth/register',
      account,
    );
    const drill = new Drill(url, random, accessToken);
    for (let n = 0; n < ALONE + TOGETHER; n++) {
      const isShared = n >= ALONE;
      const asker = new Asker(drill.world, accessToken, `asker-${n + 1}`, isShared);
      drill.posts.push({ asker, isShared, conversationId: undefined });
    }
    return drill;
  }

  /** Everyone asks while `fault` happens, at a moment within the first one and a half seconds. */
  async round(fault: () => Promise<void>): Promise<void> {
    await this.meet();
    const over = new AbortController();
    const asking = this.posts.map(async (post) => {
      do await this.askOne(post);
      while (!over.signal.aborted);
    });
    await sleep(50 + this.random() * 1_450);
    await fault().finally(() => over.abort());
    await Promise.all(asking);
    expect(this.faults).toEqual([]);
    await expectNothingStuck(this.client, STUCK_MS);
    for (const { conversationId } of this.posts) {
      if (conversationId === undefined) continue;
      const asked = this.asked.get(conversationId) ?? [];
      await expectWhole(this.client, conversationId, asked);
      for (const one of asked.slice(-3)) await expectReadable(this.client, one, this.random);
    }
  }

  /** All that was ever asked is still there. */
  async expectAll(): Promise<void> {
    for (const [conversationId, asked] of this.asked) {
      await expectWhole(this.client, conversationId, asked);
      for (const one of asked) await expectReadable(this.client, one, this.random);
    }
  }

  get report(): string {
    const all = [...this.asked.values()].flat();
    const of = (status: string): number => all.filter((one) => one.status === status).length;
    const refused = [...this.refusals].map(([what, times]) => `${what} ${times} times`).join(', ');
    return `${all.length} questions in ${this.asked.size} conversations: ${of('completed')} answered, ${of('failed')} failed, ${all.filter(({ tries }) => tries > 1).length} after more than one try, ${all.filter(({ interruptions }) => interruptions > 0).length} found interrupted; refused: ${refused || 'none'}`;
  }

  private get client(): Client {
    return new Client(this.url(), this.token);
  }

  private async askOne(post: Post): Promise<void> {
    const one = await post.asker.ask(aQuestion(this.random), post.conversationId);
    const { conversationId } = one.ids;
    if (conversationId === undefined) return;
    const asked = this.asked.get(conversationId) ?? [];
    this.asked.set(conversationId, [...asked, one]);
    // One's own next conversation begins with the next question.
    if (!post.isShared) post.conversationId = asked.length + 1 >= LENGTH ? undefined : conversationId;
  }

  /** Those who ask together get a conversation, a new one when it is long. */
  private async meet(): Promise<void> {
    const [first] = this.posts.filter(({ isShared }) => isShared);
    if (first === undefined) return;
    const { length } = this.asked.get(first.conversationId ?? '') ?? [];
    if (first.conversationId !== undefined && length < LENGTH) return;
    const { id } = await this.client.ok<{ id: string }>('POST', '/api/v1/conversations', {});
    for (const post of this.posts) if (post.isShared) post.conversationId = id;
  }
}
