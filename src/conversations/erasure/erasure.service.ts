import { Injectable } from '@nestjs/common';
import { excerpt } from '../../common/excerpt.js';
import { notFound } from '../../common/problem.js';
import { Db } from '../../database/db.js';
import { againAfterDeadlock } from '../../database/deadlock.js';
import type { Conversation } from '../conversation.entity.js';
import { ConversationsService } from '../conversations.service.js';
import { PREVIEW_LENGTH, titleOf } from '../preview.js';
import { type Doomed, ErasureStore } from './erasure.store.js';
import { ScrubsService } from './scrubs.service.js';

/** Erases single messages, with all that was made of them. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly db: Db,
    private readonly store: ErasureStore,
    private readonly scrubs: ScrubsService,
    private readonly conversations: ConversationsService,
  ) {}

  /**
   * Erases a message for good, and with what the user said the answers to it, which restate it. What followed it follows its
   * parent, so that the active path stays a path. What the database derives from messages goes by its own means.
   * @param first what else has to go, by the ids of the messages; in the same transaction and before them. It may throw.
   * @throws {404} conversation_not_found, message_not_found
   */
  async erase(
    userId: string,
    conversationId: string,
    messageId: string,
    first: (ids: readonly string[]) => Promise<void>,
  ): Promise<void> {
    await againAfterDeadlock(() => this.db.tx(() => this.eraseOnce(userId, conversationId, messageId, first)));
    this.conversations.changed(userId, conversationId);
  }

  private async eraseOnce(
    userId: string,
    conversationId: string,
    messageId: string,
    first: (ids: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const conversation = await this.store.lock(userId, conversationId);
    if (conversation === null) throw notFound('conversation', conversationId);
    const doomed = await this.store.doomed(userId, conversationId, messageId);
    const [erased] = doomed;
    if (erased === undefined) throw notFound('message', messageId);
    const ids = doomed.map(({ id }) => id);
    const { seq: fromSeq, parentId, createdAt: since } = erased;
    await first(ids);
    await this.store.relink(userId, conversationId, { fromSeq, ids, parentId });
    await this.store.remove(
      userId,
      conversationId,
      doomed.map(({ seq }) => seq),
    );
    await this.scrubs.ofMessages(userId, ids, since);
    const isTitled = conversation.titleBy === 'auto' && isTitle(conversation, doomed);
    const lastSaid = await this.store.lastSaid(userId, conversationId);
    await this.store.putRight(userId, conversationId, {
      ids,
      parentId,
      fewer: doomed.filter(({ active }) => active).length,
      preview: lastSaid === null ? null : excerpt(lastSaid, PREVIEW_LENGTH),
      title: isTitled ? titleOf(await this.store.firstAsked(userId, conversationId)) : undefined,
    });
  }
}

const saidByUser = (doomed: readonly Doomed[]): string[] =>
  doomed.flatMap(({ role, content }) => (role === 'user' ? [content] : []));

const isTitle = ({ title, titleSeq }: Pick<Conversation, 'title' | 'titleSeq'>, doomed: readonly Doomed[]): boolean =>
  titleSeq === null
    ? title !== null && saidByUser(doomed).some((content) => titleOf(content) === title)
    : doomed.some(({ seq }) => seq <= titleSeq);
