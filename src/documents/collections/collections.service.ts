import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { requireVersion, versionMismatch } from '../../common/etag.js';
import { newId } from '../../common/ids.js';
import { notFound, Problem } from '../../common/problem.js';
import { Db } from '../../database/db.js';
import { againAfterDeadlock } from '../../database/deadlock.js';
import { RemovalsService } from '../removals.service.js';
import { type CollectionRow, CollectionsStore, type VisibleCollection } from './collections.store.js';

export interface CollectionChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
}

/** PostgreSQL: the name is another one's. */
const UNIQUE_VIOLATION = '23505';

@Injectable()
export class CollectionsService {
  constructor(
    private readonly db: Db,
    private readonly store: CollectionsStore,
    private readonly removals: RemovalsService,
  ) {}

  /**
   * All that the actor may read, or exactly these.
   * @throws {404} collection_not_found
   */
  async visible(actor: Pick<Actor, 'id'>, ids?: readonly string[]): Promise<VisibleCollection[]> {
    const found = await this.store.visible(actor.id, ids ?? null);
    const missing = ids?.find((id) => !found.some((each) => each.id === id));
    if (missing !== undefined) throw notFound('collection', missing);
    return found;
  }

  /** Those of these that the actor may read; the others are passed over. */
  async readable(actor: Pick<Actor, 'id'>, ids: readonly string[]): Promise<string[]> {
    return ids.length === 0 ? [] : (await this.store.visible(actor.id, ids)).map(({ id }) => id);
  }

  /** Up to `limit + 1`: own ones newest first, then shared ones. */
  list(actor: Actor, limit: number, after: readonly [number, string] | null): Promise<CollectionRow[]> {
    return this.store.list(actor.id, limit + 1, after);
  }

  /** @throws {404} collection_not_found */
  async get(actor: Actor, id: string): Promise<CollectionRow> {
    const row = await this.store.find(actor.id, id);
    if (row === null) throw notFound('collection', id);
    return row;
  }

  /**
   * One that the actor may add to, change and delete.
   * @throws {403} admin_only (a shared one)
   * @throws {404} collection_not_found
   */
  async changeable(actor: Actor, id: string): Promise<CollectionRow> {
    const row = await this.get(actor, id);
    if (row.shared) requireAdmin(actor);
    return row;
  }

  /**
   * @throws {403} admin_only (a shared one)
   * @throws {409} name_taken
   */
  async create(
    actor: Actor,
    { name, description = null, shared = false }: CollectionChange & { name: string; shared?: boolean | undefined },
  ): Promise<CollectionRow> {
    if (shared) requireAdmin(actor);
    const id = newId();
    if (!(await this.store.insert(actor.id, { id, name, description, shared }))) throw nameTaken(name);
    return this.get(actor, id);
  }

  /**
   * @throws {403} admin_only (a shared one)
   * @throws {404} collection_not_found
   * @throws {409} name_taken
   * @throws {412} version_mismatch
   */
  async edit(
    actor: Actor,
    id: string,
    change: CollectionChange,
    accepted: readonly number[] | null,
  ): Promise<CollectionRow> {
    const before = await this.changeable(actor, id);
    requireVersion(accepted, before.version);
    const { name = before.name, description = before.description } = change;
    if (name === before.name && description === before.description) return before;
    try {
      if (!(await this.store.update(before.userId, id, before.version, { name, description })))
        throw versionMismatch((await this.get(actor, id)).version);
    } catch (error) {
      throw (error as { code?: unknown }).code === UNIQUE_VIOLATION ? nameTaken(name) : error;
    }
    return this.get(actor, id);
  }

  /**
   * Deletes it with its documents, and what was quoted of them elsewhere; nothing is bound to it any more.
   * @throws {403} admin_only (a shared one)
   * @throws {404} collection_not_found
   */
  async remove(actor: Actor, id: string): Promise<void> {
    const { userId, shared, createdAt: since } = await this.changeable(actor, id);
    await againAfterDeadlock(() =>
      this.db.tx(async () => {
        // Personas and anybody's conversations may have been bound to it.
        this.db.wrote(null);
        const documentIds = await this.store.documentsOf(userId, id);
        if (!(await this.store.remove(userId, id))) throw notFound('collection', id);
        const readerId = shared ? null : userId;
        await this.removals.removed({ documentIds, collectionId: id, readerId, isWhole: true, since });
      }),
    );
  }
}

const nameTaken = (name: string): Problem =>
  new Problem(409, 'name_taken', `There is a collection "${name}" already; choose another name.`);

function requireAdmin(actor: Actor): void {
  if (actor.role === 'admin') return;
  throw new Problem(403, 'admin_only', 'Shared collections are made and changed by administrators only.');
}
