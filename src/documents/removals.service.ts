import { Injectable } from '@nestjs/common';

/** Documents that are removed, of one collection. */
export interface Removed {
  readonly documentIds: readonly string[];
  readonly collectionId: string;
  /** Whoever may have read them; null: everybody. */
  readonly readerId: string | null;
  /** The collection goes with all that is in it. */
  readonly isWhole: boolean;
  /** When the first of them was added: nothing that is older tells of them. */
  readonly since: Date;
}

/** Tells those who keep words of documents that these go. */
@Injectable()
export class RemovalsService {
  private readonly listeners: ((removed: Removed) => Promise<void>)[] = [];

  /**
   * `listener` is called in the transaction that removes documents, after their rows went: what it cannot take out stops the
   * removal.
   */
  onRemove(listener: (removed: Removed) => Promise<void>): void {
    this.listeners.push(listener);
  }

  async removed(removed: Removed): Promise<void> {
    for (const listener of this.listeners) await listener(removed);
  }
}

/**
 * SQL: whether a document of this id is there, among what the user may read. Whoever removes it at the moment is waited for.
 * @param userId an expression, as is `id`
 */
export const isThere = (userId: string, id: string): string =>
  `(EXISTS (SELECT FROM documents d WHERE d.user_id = ${userId} AND d.id = ${id} FOR KEY SHARE)
    OR EXISTS (SELECT FROM collections c JOIN documents d ON d.user_id = c.user_id AND d.collection_id = c.id
      WHERE c.shared AND d.id = ${id} FOR KEY SHARE OF d))`;
