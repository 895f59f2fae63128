import type { Client } from './client.js';

interface Listed {
  readonly id: string;
  readonly title: string | null;
  readonly messageCount: number;
}

interface Conversation {
  readonly id: string;
  /** null: not given by hand, and so whatever it is. */
  title: string | null;
  /** The active path, oldest first. */
  path: { readonly id: string; readonly content: string }[];
}

/**
 * One user who writes and reads on several instances, one thing after the other and each on whichever comes, and who knows what
 * there must be: their own writes are the only ones, and each was acknowledged before the next read.
 */
export class ReaderWriter {
  /** What was read that is not what was written. */
  readonly stale: string[] = [];
  writes = 0;
  reads = 0;
  private said = 0;
  /** Last active first. */
  private conversations: Conversation[] = [];

  constructor(
    private readonly on: readonly Client[],
    private readonly random: () => number,
  ) {}

  async work(until: () => boolean): Promise<void> {
    await this.begin();
    while (!until()) {
      await this.write();
      // Twice on each, so that the second one may come from memory.
      for (let read = 0; read < 4; read++) await this.read();
    }
  }

  private any(): Client {
    return this.pick(this.on);
  }

  private pick<T>(from: readonly T[]): T {
    const one = from[Math.floor(this.random() * from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  private async begin(): Promise<void> {
    const { id } = await this.any().ok<Listed>('POST', '/api/v1/conversations', {});
    this.conversations.unshift({ id, title: null, path: [] });
  }

  private touched(conversation: Conversation): void {
    this.conversations = [conversation, ...this.conversations.filter((other) => other !== conversation)];
  }

  private async write(): Promise<void> {
    this.writes++;
    const conversation = this.pick(this.conversations);
    const path = `/api/v1/conversations/${conversation.id}`;
    const kind = this.random();
    if (kind < 0.45) {
      await this.say(conversation, undefined);
    } else if (kind < 0.55 && conversation.path.length > 1) {
      await this.say(conversation, this.pick(conversation.path).id);
    } else if (kind < 0.7) {
      conversation.title = `title ${++this.said}`;
      await this.any().ok('PATCH', path, { title: conversation.title });
    } else if (kind < 0.8) {
      const asked = {
        conversationId: conversation.id,
        query: `Average score by sector in ${2000 + (++this.said % 20)}`,
      };
      const answer = await this.any().ok<{ userMessageId: string; message: { id: string; content: string } }>(
        'POST',
        '/api/v1/chat/messages',
        asked,
      );
      conversation.path.push({ id: answer.userMessageId, content: asked.query }, answer.message);
      this.touched(conversation);
    } else if (kind < 0.9 || this.conversations.length < 2) {
      if (this.conversations.length < 6) await this.begin();
    } else {
      await this.any().ok('DELETE', path);
      this.conversations = this.conversations.filter((other) => other !== conversation);
    }
  }

  private async say(conversation: Conversation, parentId: string | undefined): Promise<void> {
    const content = `message ${++this.said} ${'x'.repeat(Math.floor(this.random() * 200))}`;
    const path = `/api/v1/conversations/${conversation.id}/messages`;
    const { id } = await this.any().ok<{ id: string }>('POST', path, { role: 'user', content, parentId });
    const after =
      parentId === undefined ? conversation.path.length : conversation.path.findIndex((m) => m.id === parentId) + 1;
    conversation.path = [...conversation.path.slice(0, after), { id, content }];
    this.touched(conversation);
  }

  private async read(): Promise<void> {
    this.reads++;
    const by = this.any();
    if (this.random() < 0.5) {
      const { data } = await by.ok<{ data: Listed[] }>('GET', '/api/v1/conversations?limit=20');
      const told = data.map(({ id, title, messageCount }) => `${id} ${title ?? ''} ${messageCount}`);
      const titles = new Map(data.map(({ id, title }) => [id, title]));
      const known = this.conversations.map(
        ({ id, title, path }) => `${id} ${title ?? titles.get(id) ?? ''} ${path.length}`,
      );
      if (told.join('\n') !== known.join('\n')) this.stale.push(`list: ${told.join(', ')} for ${known.join(', ')}`);
      return;
    }
    const conversation = this.pick(this.conversations);
    const { data } = await by.ok<{ data: { content: string }[] }>(
      'GET',
      `/api/v1/conversations/${conversation.id}/messages?limit=10`,
    );
    const told = data.map(({ content }) => content).reverse();
    const known = conversation.path.slice(-10).map(({ content }) => content);
    if (told.join('\n') !== known.join('\n')) this.stale.push(`messages: ${told.at(-1)} for ${known.at(-1)}`);
  }
}
