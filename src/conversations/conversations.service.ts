import { Injectable } from '@nestjs/common';
import { RateLimits } from '../auth/rate-limits.js';
import type { Actor } from '../common/actor.js';
import { versionMismatch } from '../common/etag.js';
import { isUuid, newId } from '../common/ids.js';
import { decodeCursor, type Page, toPage } from '../common/page.js';
import { notFound, Problem } from '../common/problem.js';
import { Db } from '../database/db.js';
import { againAfterDeadlock } from '../database/deadlock.js';
import { CollectionsService } from '../documents/collections/collections.service.js';
import { PersonasService } from '../personas/personas.service.js';
import type { ConversationRow } from './conversation.entity.js';
import { type AutomaticTitle, ConversationsStore } from './conversations.store.js';
import { ErasureStore } from './erasure/erasure.store.js';
import { ScrubsService } from './erasure/scrubs.service.js';

export interface NewConversation {
  /** Id or name; without it the default persona. */
  readonly persona?: string | undefined;
  readonly title?: string | undefined;
  readonly clientId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly collectionIds?: readonly string[] | undefined;
}

export interface ConversationChange {
  readonly title?: string | undefined;
  readonly collectionIds?: readonly string[] | undefined;
}

@Injectable()
export class ConversationsService {
  private readonly listeners: ((userId: string, id: string) => void)[] = [];

  constructor(
    private readonly db: Db,
    private readonly store: ConversationsStore,
    private readonly erasures: ErasureStore,
    private readonly scrubs: ScrubsService,
    private readonly personas: PersonasService,
    private readonly collections: CollectionsService,
    private readonly limits: RateLimits,
  ) {
    scrubs.onScrub((scrubbed) => {
      for (const { userId, conversationId } of scrubbed) this.changed(userId, conversationId);
      return Promise.resolve();
    });
  }

  /** `listener` is called after messages of a conversation changed; the transaction may still be under way. */
  onChange(listener: (userId: string, id: string) => void): void {
    this.listeners.push(listener);
  }

  changed(userId: string, id: string): void {
    for (const listener of this.listeners) listener(userId, id);
  }

  /** @throws {404} conversation_not_found: it is not there, or another user's. */
  async owned(actor: Pick<Actor, 'id'>, id: string): Promise<ConversationRow> {
    const conversation = await this.store.find(actor.id, id);
    if (conversation === null) throw notFound('conversation', id);
    return conversation;
  }

  /** By its id, or by the client's own id for it; null: the owner has neither. */
  async find(actor: Pick<Actor, 'id'>, idOrClientId: string): Promise<ConversationRow | null> {
    const byId = isUuid(idOrClientId) ? await this.store.find(actor.id, idOrClientId) : null;
    return byId ?? this.store.findByClientId(actor.id, idOrClientId);
  }

  /** `create` as a request of its own, which counts against the user's limit unless it repeats an earlier one. */
  async start(
    actor: Pick<Actor, 'id'>,
    asked: NewConversation,
  ): Promise<{ conversation: ConversationRow; created: boolean }> {
    try {
      this.limits.spend(actor.id);
    } catch (error) {
      const earlier = asked.clientId === undefined ? null : await this.repeated(actor, asked.clientId, asked);
      if (earlier === null) throw error;
      return { conversation: earlier, created: false };
    }
    return this.create(actor, asked);
  }

  /**
   * A new conversation; `created` is false when a request with the same client id made it before.
   * @throws {404} persona_not_found · collection_not_found
   * @throws {409} persona_inactive
   * @throws {422} idempotency_mismatch
   */
  async create(
    actor: Pick<Actor, 'id'>,
    asked: NewConversation,
  ): Promise<{ conversation: ConversationRow; created: boolean }> {
    const { clientId } = asked;
    const earlier = clientId === undefined ? null : await this.repeated(actor, clientId, asked);
    if (earlier !== null) return { conversation: earlier, created: false };
    const persona = await this.personas.active(asked.persona);
    const { collectionIds = [] } = asked;
    if (collectionIds.length > 0) await this.collections.visible(actor, collectionIds);
    const conversation = await this.store.create(actor.id, {
      id: newId(),
      personaId: persona.id,
      title: asked.title ?? null,
      clientId: clientId ?? null,
      metadata: asked.metadata ?? {},
      collectionIds,
    });
    if (conversation !== null) return { conversation, created: true };
    // The same request came in twice at once, and the other one was first.
    const first = clientId === undefined ? null : await this.repeated(actor, clientId, asked);
    if (first === null) throw new Error('a conversation was neither created nor there before');
    return { conversation: first, created: false };
  }

  /** Last active first. @throws {400} cursor_invalid */
  async list(actor: Pick<Actor, 'id'>, limit: number, cursor?: string): Promise<Page<ConversationRow>> {
    const [at, id] = cursor === undefined ? [] : decodeCursor(cursor, ['time', 'uuid']);
    const before = at === undefined || id === undefined ? undefined : { at: String(at), id: String(id) };
    const rows = await this.store.list(actor.id, limit + 1, before);
    return toPage(
      rows,
      limit,
      (row) => [row.lastActivityAt.toISOString(), row.id],
      (row) => row,
    );
  }

  /** @throws {404} conversation_not_found */
  rename(actor: Pick<Actor, 'id'>, id: string, title: string): Promise<ConversationRow> {
    return this.edit(actor, id, { title });
  }

  /**
   * @throws {404} conversation_not_found · collection_not_found
   * @throws {412} version_mismatch
   */
  async edit(
    actor: Pick<Actor, 'id'>,
    id: string,
    change: ConversationChange,
    accepted: readonly number[] | null = null,
  ): Promise<ConversationRow> {
    if (change.collectionIds !== undefined) {
      await this.owned(actor, id);
      await this.collections.visible(actor, change.collectionIds);
    }
    const edited = await this.store.edit(actor.id, id, change, accepted);
    if (edited !== null) return edited;
    throw versionMismatch((await this.owned(actor, id)).version);
  }

  /** null: nothing was changed, since it is not so any more; see the store. */
  entitle(actor: Pick<Actor, 'id'>, id: string, title: AutomaticTitle): Promise<ConversationRow | null> {
    return this.store.entitle(actor.id, id, title);
  }

  /** Puts other metadata in the place of what there was. @throws {404} conversation_not_found */
  async annotate(
    actor: Pick<Actor, 'id'>,
    id: string,
    metadata: Readonly<Record<string, string>>,
  ): Promise<ConversationRow> {
    const annotated = await this.store.annotate(actor.id, id, metadata);
    if (annotated === null) throw notFound('conversation', id);
    return annotated;
  }

  /**
   * With its messages and all that was made of them, what answers in other conversations tell of them included.
   * @throws {404} conversation_not_found
   */
  async remove({ id: userId }: Pick<Actor, 'id'>, id: string): Promise<void> {
    const isRemoved = await againAfterDeadlock(() =>
      this.db.tx(async () => {
        const { ids, since } = await this.erasures.saidIn(userId, id);
        const removed = await this.store.remove(userId, id);
        if (removed && since !== null) await this.scrubs.ofMessages(userId, ids, since);
        return removed;
      }),
    );
    if (!isRemoved) throw notFound('conversation', id);
  }

  private async repeated(
    actor: Pick<Actor, 'id'>,
    clientId: string,
    asked: NewConversation,
  ): Promise<ConversationRow | null> {
    const earlier = await this.store.findByClientId(actor.id, clientId);
    if (earlier === null) return null;
    const persona = await this.personas.find(asked.persona);
    if (earlier.personaId === persona.id && earlier.givenTitle === (asked.title ?? null)) return earlier;
    throw mismatch(clientId);
  }
}

/** @param isKey it came as `Idempotency-Key`, not as the message's client id */
export const mismatch = (id: string, isKey = false): Problem =>
  new Problem(
    422,
    'idempotency_mismatch',
    `The ${isKey ? 'idempotency key' : 'client id'} ${id} was used before for something else; use a new one.`,
    {
      errors: [
        isKey
          ? { path: 'Idempotency-Key', message: 'Idempotency-Key was used before with another body' }
          : { path: 'clientId', message: 'clientId was used before with another body' },
      ],
    },
  );
