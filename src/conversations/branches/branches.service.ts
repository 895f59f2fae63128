import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { newId } from '../../common/ids.js';
import { Problem } from '../../common/problem.js';
import { Db } from '../../database/db.js';
import { CollectionsService } from '../../documents/collections/collections.service.js';
import type { ConversationRow } from '../conversation.entity.js';
import { ConversationsService } from '../conversations.service.js';
import type { MessageRow } from '../message.entity.js';
import { MessagesService } from '../messages.service.js';
import { BranchesStore } from './branches.store.js';

/** Messages that one fork may copy. */
const LONGEST_FORK = 20_000;

/** A conversation is a tree; one path of it is active. */
@Injectable()
export class BranchesService {
  constructor(
    private readonly db: Db,
    private readonly store: BranchesStore,
    private readonly messages: MessagesService,
    private readonly conversations: ConversationsService,
    private readonly collections: CollectionsService,
  ) {}

  /** @throws {404} message_not_found */
  async siblings({ id }: Pick<Actor, 'id'>, conversationId: string, messageId: string): Promise<MessageRow[]> {
    const { parentId } = await this.messages.get(id, conversationId, messageId);
    return this.store.siblings(id, conversationId, parentId);
  }

  /** What follows the message at once, on whatever path, in the order it was made. */
  following({ id }: Pick<Actor, 'id'>, conversationId: string, messageId: string): Promise<MessageRow[]> {
    return this.store.siblings(id, conversationId, messageId);
  }

  /**
   * Makes the path through a message the active one, on to the newest message that follows from it.
   * @throws {400} message_not_in_conversation
   * @throws {404} conversation_not_found
   */
  async switchTo(actor: Pick<Actor, 'id'>, conversationId: string, messageId: string): Promise<ConversationRow> {
    await this.conversations.owned(actor, conversationId);
    const { seq } = await this.known(actor.id, conversationId, messageId);
    await this.db.tx(async () => {
      await this.store.lockedTail(actor.id, conversationId);
      const following = new Set([messageId]);
      let leaf = messageId;
      for (const { id, parentId } of await this.store.links(actor.id, conversationId, seq)) {
        if (parentId === null || !following.has(parentId)) continue;
        following.add(id);
        leaf = id; // children come after their parents, so the last one found is a leaf, and the newest
      }
      await this.store.switchTo(actor.id, conversationId, leaf);
    });
    this.conversations.changed(actor.id, conversationId);
    return this.conversations.owned(actor, conversationId);
  }

  /**
   * @throws {400} message_not_in_conversation, conversation_too_long
   * @throws {404} conversation_not_found
   */
  async fork(
    actor: Pick<Actor, 'id'>,
    conversationId: string,
    { messageId, title }: { messageId: string; title?: string | undefined },
  ): Promise<ConversationRow> {
    const from = await this.conversations.owned(actor, conversationId);
    await this.known(actor.id, conversationId, messageId);
    return this.db.tx(async () => {
      const path = await this.store.path(actor.id, conversationId, messageId);
      if (path.length > LONGEST_FORK) {
        throw new Problem(400, 'conversation_too_long', `A fork takes over at most ${LONGEST_FORK} messages.`);
      }
      const { conversation } = await this.conversations.create(actor, {
        persona: from.personaId,
        title: title ?? from.title ?? undefined,
        collectionIds: await this.collections.readable(actor, from.collectionIds),
      });
      await this.store.copy(actor.id, conversationId, conversation.id, path, path.map(newId));
      await this.store.markFork(actor.id, conversation.id, conversationId, messageId);
      return this.conversations.owned(actor, conversation.id);
    });
  }

  /** One named in a body: that it is not there is the body's fault. */
  private async known(userId: string, conversationId: string, messageId: string): Promise<MessageRow> {
    const message = await this.messages.find(userId, conversationId, messageId);
    if (message !== null) return message;
    throw new Problem(400, 'message_not_in_conversation', `There is no message ${messageId} in this conversation.`, {
      errors: [{ path: 'messageId', message: 'messageId must be a message of this conversation' }],
    });
  }
}
