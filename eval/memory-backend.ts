import type { Actor } from '../src/common/actor.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConversationsService } from '../src/conversations/conversations.service.js';
import { MessagesService } from '../src/conversations/messages.service.js';
import { Db } from '../src/database/db.js';
import { RecallService } from '../src/memory/recall/recall.service.js';
import type { MemoryConversation } from './memory-score.js';

/** As many messages as one append may bring. */
const BATCH = 20;
const ANSWERS = 20;
const FIRST = new Date('2020-01-01T00:00:00Z');

/** Conversations of a data file as one user's, stored and searched by the product's own services. */
export class MemoryBackend {
  private readonly conversations = new Map<string, { id: string; lastAt: Date }>();
  /** The file's ids of messages, by ours. */
  private readonly ids = new Map<string, string>();

  constructor(
    private readonly app: NestFastifyApplication,
    private readonly actor: Actor,
  ) {}

  async load({ id, messages }: MemoryConversation): Promise<void> {
    const { conversation } = await this.app.get(ConversationsService).create(this.actor, {});
    const times = timesOf(messages);
    for (let from = 0; from < messages.length; from += BATCH) {
      const part = messages.slice(from, from + BATCH);
      const drafts = part.map(({ role, content, author }) => ({
        role,
        content: content === '' ? '-' : content,
        metadata: author === undefined || author === null ? {} : { author },
      }));
      const { messages: stored } = await this.app.get(MessagesService).append(this.actor.id, conversation.id, drafts);
      for (const [at, { id: ours }] of stored.entries()) this.ids.set(ours, part[at]?.id ?? '');
    }
    // As an import would: they were said when the file says so.
    await this.app.get(Db).query(
      `UPDATE messages SET created_at = given.at FROM unnest($3::timestamptz[]) WITH ORDINALITY AS given (at, seq)
       WHERE messages.user_id = $1 AND messages.conversation_id = $2 AND messages.seq = given.seq`,
      [this.actor.id, conversation.id, times],
    );
    this.conversations.set(id, { id: conversation.id, lastAt: times.at(-1) ?? FIRST });
  }

  /** Waits until everything can be found; and until the database has seen to what was loaded, as it does by itself in time. */
  async indexed(): Promise<void> {
    const recall = this.app.get(RecallService);
    while ((await recall.search(this.actor.id, { query: 'everything', limit: 1 })).pending > 0);
    await this.app.get(Db).once('VACUUM ANALYZE');
  }

  async ask(
    query: string,
    conversationId: string,
    { off, all }: { off: boolean; all: boolean },
  ): Promise<{ ranked: string[]; ms: number }> {
    const conversation = this.conversations.get(conversationId);
    if (conversation === undefined)
      throw new Error(`a question names the conversation ${conversationId}, which is not there`);
    const started = performance.now();
    const found = off ? await this.newest(conversation.id) : await this.recalled(query, conversation, all);
    const ms = performance.now() - started;
    return { ranked: found.map((id) => this.ids.get(id) ?? ''), ms };
  }

  private async recalled(query: string, { id, lastAt }: { id: string; lastAt: Date }, all: boolean): Promise<string[]> {
    const { hits } = await this.app.get(RecallService).search(this.actor.id, {
      query,
      conversationId: all ? undefined : id,
      limit: ANSWERS,
      askedAt: lastAt,
    });
    return hits.map(({ messageId }) => messageId);
  }

  private async newest(conversationId: string): Promise<string[]> {
    const messages = await this.app.get(MessagesService).recent(this.actor.id, conversationId, ANSWERS);
    return messages.map(({ id }) => id).reverse();
  }
}

/** Where a time is not known, a minute after the message before. */
function timesOf(messages: MemoryConversation['messages']): Date[] {
  let last = FIRST;
  return messages.map(({ createdAt }) => {
    const given = Date.parse(createdAt ?? '');
    const next = new Date(last.getTime() + 60_000);
    last = Number.isNaN(given) || given < next.getTime() ? next : new Date(given);
    return last;
  });
}
