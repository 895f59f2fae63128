import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { RateLimits } from '../auth/rate-limits.js';
import type { Actor } from '../common/actor.js';
import { excerpt } from '../common/excerpt.js';
import { newId } from '../common/ids.js';
import { decodeCursor, type Page, toPage } from '../common/page.js';
import { notFound, Problem } from '../common/problem.js';
import { Db } from '../database/db.js';
import type { Companion } from './companion.js';
import { ConversationsService, mismatch } from './conversations.service.js';
import type { MessageRow, MessageStatus, Metadata, Role } from './message.entity.js';
import { BranchesStore } from './branches/branches.store.js';
import { type AppendedTo, MessagesStore, type NewMessage, type SettledMessage } from './messages.store.js';
import { PREVIEW_LENGTH, titleOf } from './preview.js';

export interface MessageDraft {
  /** Made when left out. */
  readonly id?: string | undefined;
  readonly role: Role;
  readonly content: string;
  /** `text` when left out. */
  readonly type?: string | undefined;
  /** `complete` when left out. */
  readonly status?: MessageStatus | undefined;
  readonly metadata?: Metadata | undefined;
  readonly clientId?: string | undefined;
}

export interface Appended {
  /** The conversation after the append; after a repeat, as it is now. */
  readonly conversation: AppendedTo;
  readonly messages: readonly MessageRow[];
  /** The same append was made before (told by a client id): these are its messages, and nothing was stored now. */
  readonly repeated: boolean;
}

@Injectable()
export class MessagesService {
  private readonly listeners: ((userId: string) => void)[] = [];

  constructor(
    private readonly db: Db,
    private readonly store: MessagesStore,
    private readonly branches: BranchesStore,
    private readonly conversations: ConversationsService,
    private readonly limits: RateLimits,
  ) {}

  /** `listener` is called after a user's own message was appended; the transaction may still be under way. */
  onUserMessage(listener: (userId: string) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Stores messages at the end of the conversation, all or none, in one statement; joins the transaction it is called in.
   * Of two with one client id at the very same moment the second fails as a whole, by the unique index; then ask again.
   * @throws {404} conversation_not_found
   * @throws {422} idempotency_mismatch: a client id was used before with other content
   */
  async append(
    userId: string,
    conversationId: string,
    drafts: readonly MessageDraft[],
    companion: Companion | null = null,
  ): Promise<Appended> {
    const messages = drafts.map(complete);
    const title = drafts.find(({ role }) => role === 'user')?.content;
    const about = {
      title: titleOf(title ?? null),
      // An answer that is only begun has no words yet.
      preview: excerpt(drafts.findLast(({ content }) => content !== '')?.content ?? '', PREVIEW_LENGTH),
    };
    const stored = await this.store.append(userId, conversationId, messages, about, companion);
    if (stored !== null) {
      this.conversations.changed(userId, conversationId);
      if (title !== undefined) for (const listener of this.listeners) listener(userId);
      return { ...stored, repeated: false };
    }
    const conversation = await this.conversations.owned({ id: userId }, conversationId);
    const earlier = await this.stored(userId, conversationId, messages);
    if (earlier === null) throw mismatch(messages.flatMap(({ clientId }) => clientId ?? []).join(', '));
    return { conversation, messages: earlier, repeated: true };
  }

  /**
   * The same after the message `parentId` (null: as a first message), which becomes the end of the active path: when it is
   * not that already, the messages after it leave the path, and are kept.
   * @throws {400} parent_not_found
   */
  async appendAfter(
    parentId: string | null,
    userId: string,
    conversationId: string,
    drafts: readonly MessageDraft[],
    companion: Companion | null = null,
  ): Promise<Appended> {
    return this.db.tx(async () => {
      const tail = await this.branches.lockedTail(userId, conversationId);
      if (tail === undefined) throw notFound('conversation', conversationId);
      const known = await this.stored(userId, conversationId, drafts.map(complete));
      if (known === null && tail !== parentId && !(await this.branches.switchTo(userId, conversationId, parentId))) {
        throw new Problem(400, 'parent_not_found', `There is no message ${parentId} in this conversation.`, {
          errors: [{ path: 'parentId', message: 'parentId must be a message of this conversation' }],
        });
      }
      return this.append(userId, conversationId, drafts, companion);
    });
  }

  /** Writes the whole of a message that was appended unfinished, and what goes beside it; null where the guard gives no row. */
  async settle(
    userId: string,
    conversationId: string,
    message: Omit<SettledMessage, 'preview'>,
    guard: Companion,
    beside: Companion | null = null,
  ): Promise<{ message: MessageRow; guard: unknown } | null> {
    const preview = excerpt(message.content, PREVIEW_LENGTH);
    const settled = await this.store.settle(userId, conversationId, { ...message, preview }, guard, beside);
    if (settled !== null) this.conversations.changed(userId, conversationId);
    return settled;
  }

  /** What there is so far of a message that is being written. */
  materialize(userId: string, conversationId: string, seq: number, content: string): Promise<void> {
    return this.store.materialize(userId, conversationId, seq, content);
  }

  /**
   * What a client brings: after `parentId`, or at the end; exactly once where it carries client ids. It counts against the
   * user's limit unless it repeats an earlier one.
   */
  async add(
    { id }: Pick<Actor, 'id'>,
    conversationId: string,
    drafts: readonly MessageDraft[],
    parentId?: string,
  ): Promise<Appended> {
    try {
      this.limits.spend(id);
    } catch (error) {
      const messages = await this.stored(id, conversationId, drafts.map(complete));
      if (messages === null) throw error;
      return { conversation: await this.conversations.owned({ id }, conversationId), messages, repeated: true };
    }
    return this.settled(() =>
      parentId === undefined
        ? this.append(id, conversationId, drafts)
        : this.appendAfter(parentId.toLowerCase(), id, conversationId, drafts),
    );
  }

  /** Runs an append; again when another request with the same client id came in between (it then finds that one's result). */
  private async settled<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if ((error as { constraint?: unknown } | null)?.constraint === 'messages_client') return work();
      throw error;
    }
  }

  /** The message that the client gave this id, in whatever conversation; null: none. */
  async ofClientId(userId: string, clientId: string): Promise<MessageRow | null> {
    return (await this.store.storedWith(userId, clientId, 0, 1))[0] ?? null;
  }

  find(userId: string, conversationId: string, messageId: string): Promise<MessageRow | null> {
    return this.store.find(userId, conversationId, messageId);
  }

  /** @throws {404} message_not_found */
  async get(userId: string, conversationId: string, messageId: string): Promise<MessageRow> {
    const message = await this.find(userId, conversationId, messageId);
    if (message === null) throw notFound('message', messageId);
    return message;
  }

  /**
   * A page of the active path: `asc` from its beginning, `desc` from its end. A cursor of one order works in the other.
   * @throws {404} conversation_not_found
   * @throws {400} cursor_invalid
   */
  async page(
    actor: Pick<Actor, 'id'>,
    conversationId: string,
    { order, limit, cursor }: { order: 'asc' | 'desc'; limit: number; cursor?: string | undefined },
  ): Promise<Page<MessageRow>> {
    const [from = null] = cursor === undefined ? [] : decodeCursor(cursor, ['number']);
    const rows = await this.store.page(actor.id, conversationId, order, from === null ? null : Number(from), limit + 1);
    if (rows === null) throw notFound('conversation', conversationId);
    return toPage(
      rows,
      limit,
      ({ seq }) => [seq],
      (row) => row,
    );
  }

  /**
   * The last messages of the active path, oldest first; empty for a conversation that is not the owner's.
   * @param before only those with a lower `seq`
   * @param members the members of `metadata` to read; all when left out
   */
  async recent(
    userId: string,
    conversationId: string,
    limit: number,
    { before = 2_147_483_647, members }: { before?: number; members?: readonly string[] } = {},
  ): Promise<MessageRow[]> {
    return (await this.store.recent(userId, conversationId, limit, before, members ?? null)).reverse();
  }

  /** The first messages of the active path, oldest first; empty for a conversation that is not the owner's. */
  async opening(userId: string, conversationId: string, limit: number): Promise<MessageRow[]> {
    return (await this.store.page(userId, conversationId, 'asc', null, limit)) ?? [];
  }

  /** The message of the active path that follows this number; null: none does. */
  async following(userId: string, conversationId: string, seq: number): Promise<MessageRow | null> {
    return (await this.store.page(userId, conversationId, 'asc', seq, 1))?.[0] ?? null;
  }

  /** What an earlier append of the same messages stored; null: there was none. */
  private async stored(
    userId: string,
    conversationId: string,
    messages: readonly NewMessage[],
  ): Promise<MessageRow[] | null> {
    const place = messages.findIndex(({ clientId }) => clientId !== null);
    const clientId = messages[place]?.clientId ?? null;
    if (clientId === null) return null;
    const rows = await this.store.storedWith(userId, clientId, place, messages.length);
    if (rows.length === 0) return null;
    const same = rows.length === messages.length && messages.every((message, i) => isSame(rows[i], message));
    if (same && rows.every((row) => row.conversationId === conversationId)) return rows;
    throw mismatch(clientId);
  }
}

const complete = (draft: MessageDraft): NewMessage => ({
  id: draft.id ?? newId(),
  role: draft.role,
  type: draft.type ?? 'text',
  status: draft.status ?? 'complete',
  content: draft.content,
  metadata: draft.metadata ?? {},
  clientId: draft.clientId ?? null,
});

const isSame = (row: MessageRow | undefined, message: NewMessage): boolean =>
  row !== undefined &&
  row.role === message.role &&
  row.type === message.type &&
  row.content === message.content &&
  row.clientId === message.clientId &&
  isDeepStrictEqual(row.metadata, message.metadata);
