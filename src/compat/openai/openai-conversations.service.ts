import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MessageErasure } from '../../chat/erasure/message-erasure.service.js';
import type { Actor } from '../../common/actor.js';
import { encodeCursor } from '../../common/page.js';
import { notFound } from '../../common/problem.js';
import type { ConversationRow } from '../../conversations/conversation.entity.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { type MessageDraft, MessagesService } from '../../conversations/messages.service.js';
import { Db } from '../../database/db.js';
import { draftOf, itemList, itemSchema, listOf, MOST_ITEMS, saidOf } from './items.js';
import type { ListOpenAi, OpenAiConversation, OpenAiConversationList, OpenAiItemList } from './openai.dto.js';
import { conversationId, uuidOf } from './openai-ids.js';
import { metadataSchema, unsupported, visible } from './parameters.js';
import { inOpenAiTerms, parameterProblem } from './problems.js';
import { noPlace } from './responses.service.js';
import { seconds } from './response-view.js';

const items = z.array(itemSchema).max(MOST_ITEMS);

/** At most 16 pairs; `title` and `model` mean something here. */
const conversationMetadata = metadataSchema.refine(
  (metadata) => Object.keys(metadata ?? {}).length <= 16,
  'must have at most 16 pairs',
);
export const createConversationSchema = z.looseObject({ items: items.nullish(), metadata: conversationMetadata });
export const updateConversationSchema = z.looseObject({
  metadata: conversationMetadata.refine((metadata) => metadata !== undefined, 'must be given'),
});
export const addItemsSchema = z.looseObject({ items: items.min(1) });

type Metadata = Readonly<Record<string, string>>;

/** Conversations and their messages as OpenAI's clients see them. */
@Injectable()
export class OpenAiConversationsService {
  constructor(
    private readonly db: Db,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly erasure: MessageErasure,
  ) {}

  async create(actor: Actor, body: z.infer<typeof createConversationSchema>): Promise<OpenAiConversation> {
    const { title, ...metadata } = titled(body.metadata ?? {});
    const drafts = draftsOf(body.items ?? []);
    return inOpenAiTerms(() =>
      this.db.tx(async () => {
        const { conversation } = await this.conversations.start(actor, { persona: metadata['model'], title, metadata });
        if (drafts.length === 0) return conversationOf(conversation);
        await this.messages.append(actor.id, conversation.id, drafts);
        return conversationOf(await this.conversations.owned(actor, conversation.id));
      }),
    );
  }

  async get(actor: Actor, id: string): Promise<OpenAiConversation> {
    return conversationOf(await this.owned(actor, id));
  }

  /** Last active first. @throws {400} unsupported_parameter, cursor_invalid */
  async list(actor: Actor, { after, limit = 20, order = 'desc' }: ListOpenAi): Promise<OpenAiConversationList> {
    if (order === 'asc') throw unsupported('order');
    const last = after === undefined ? null : await this.owned(actor, after).catch(() => null);
    if (after !== undefined && last === null) throw noPlace(after);
    const cursor = last === null ? undefined : encodeCursor([last.lastActivityAt.toISOString(), last.id]);
    const page = await this.conversations.list(actor, limit, cursor);
    return listOf(page.data.map(conversationOf), page.hasMore);
  }

  /** Puts other metadata in the place of what there was; its title is the conversation's. */
  async update(actor: Actor, id: string, body: z.infer<typeof updateConversationSchema>): Promise<OpenAiConversation> {
    const conversation = await this.owned(actor, id);
    const { title, ...metadata } = titled(body.metadata ?? {});
    return this.db.tx(async () => {
      const annotated = await this.conversations.annotate(actor, conversation.id, metadata);
      if (title === undefined || title === annotated.title) return conversationOf(annotated);
      return conversationOf(await this.conversations.rename(actor, conversation.id, title));
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const conversation = await this.owned(actor, id);
    await this.conversations.remove(actor, conversation.id);
  }

  /** Messages of the active path. @throws {400} cursor_invalid */
  async items(actor: Actor, id: string, { after, limit = 20, order = 'desc' }: ListOpenAi): Promise<OpenAiItemList> {
    const conversation = await this.owned(actor, id);
    const last = after === undefined ? null : await this.find(actor, conversation.id, after);
    if (after !== undefined && last === null) throw noPlace(after);
    const cursor = last === null ? undefined : encodeCursor([last.seq]);
    const page = await this.messages.page(actor, conversation.id, { order, limit, cursor });
    return itemList(page.data, page.hasMore);
  }

  /** Stores messages at the end, without asking for an answer. */
  async addItems(actor: Actor, id: string, body: z.infer<typeof addItemsSchema>): Promise<OpenAiItemList> {
    const conversation = await this.owned(actor, id);
    const { messages } = await this.messages.add(actor, conversation.id, draftsOf(body.items));
    return itemList(messages, false);
  }

  /** @throws {404} conversation_not_found, message_not_found */
  async item(actor: Actor, id: string, itemId: string): Promise<MessageRow> {
    const conversation = await this.owned(actor, id);
    const message = await this.find(actor, conversation.id, itemId);
    if (message === null) throw notFound('message', itemId);
    return message;
  }

  /**
   * Erases a message, as the native API does; the conversation as it is then.
   * @throws {404} conversation_not_found, message_not_found
   * @throws {409} run_active
   */
  async removeItem(actor: Actor, id: string, itemId: string): Promise<OpenAiConversation> {
    const message = await this.item(actor, id, itemId);
    await inOpenAiTerms(() => this.erasure.erase(actor, message.conversationId, message.id), {
      what: 'message',
      id: itemId,
    });
    return this.get(actor, id);
  }

  /** @throws {404} conversation_not_found */
  private async owned(actor: Actor, id: string): Promise<ConversationRow> {
    return inOpenAiTerms(async () => this.conversations.owned(actor, uuidOf('conv', id)), { what: 'conversation', id });
  }

  private async find(actor: Actor, conversation: string, itemId: string): Promise<MessageRow | null> {
    if (!/^msg_[0-9a-f]{32}$/.test(itemId)) return null;
    return this.messages.find(actor.id, conversation, uuidOf('msg', itemId));
  }
}

/** @throws {400} validation_failed: there is nothing to see in one of them */
function draftsOf(given: z.infer<typeof items>): MessageDraft[] {
  const said = given.map(saidOf);
  if (visible(said).length === said.length) return said.map(draftOf);
  throw parameterProblem(400, 'validation_failed', 'items', 'Each of items must hold something visible.');
}

/** @throws {400} validation_failed: the title cannot be shown */
function titled({ title, ...rest }: Metadata): { title?: string } & Metadata {
  if (title === undefined) return rest;
  if (title.length > 200 || !/[^\s\p{C}]/u.test(title)) {
    throw parameterProblem(
      400,
      'validation_failed',
      'metadata.title',
      'metadata.title must have 1 to 200 characters, one of them visible.',
    );
  }
  return { ...rest, title };
}

function conversationOf({ id, title, metadata, createdAt }: ConversationRow): OpenAiConversation {
  return {
    id: conversationId(id),
    object: 'conversation',
    created_at: seconds(createdAt),
    metadata: { ...metadata, ...(title !== null && { title }) },
  };
}
