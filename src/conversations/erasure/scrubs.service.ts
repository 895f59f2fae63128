import { Injectable } from '@nestjs/common';
import { type Removed, RemovalsService } from '../../documents/removals.service.js';
import { titleOf } from '../preview.js';
import { ErasureStore } from './erasure.store.js';
import { type Scrubbed, ScrubsStore } from './scrubs.store.js';

/** Takes out of answers, wherever they are, what they tell of messages and documents that are gone. */
@Injectable()
export class ScrubsService {
  private readonly listeners: ((scrubbed: readonly Scrubbed[]) => Promise<void>)[] = [];

  constructor(
    removals: RemovalsService,
    private readonly store: ScrubsStore,
    private readonly messages: ErasureStore,
  ) {
    removals.onRemove((removed) => this.ofDocuments(removed));
  }

  /** `listener` is called in the transaction that scrubs, for what else was made of these answers and cannot stay. */
  onScrub(listener: (scrubbed: readonly Scrubbed[]) => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** In a transaction, after the messages were removed. @param since when the first of them was said */
  async ofMessages(userId: string, ids: readonly string[], since: Date): Promise<void> {
    await this.followed(await this.store.ofMessages(userId, ids, since));
  }

  /** Says something else in the place of messages. In a transaction. @param members of their metadata that go */
  async replace(
    messages: readonly Pick<Scrubbed, 'userId' | 'id'>[],
    content: string,
    members: readonly string[],
  ): Promise<void> {
    if (messages.length > 0) await this.followed(await this.store.replace(messages, content, members));
  }

  private async ofDocuments({ readerId, documentIds, since }: Removed): Promise<void> {
    if (documentIds.length > 0) await this.followed(await this.store.ofDocuments(readerId, documentIds, since));
  }

  /** What was made of answers that are other than they were. A quote is of no answer that quotes itself: there is one round. */
  private async followed(scrubbed: readonly Scrubbed[]): Promise<void> {
    if (scrubbed.length === 0) return;
    const all = [...scrubbed, ...(await this.store.ofQuotes(scrubbed))];
    for (const { userId, id } of await this.store.putRight(all)) {
      if (id !== null) await this.store.entitle(userId, id, titleOf(await this.messages.firstAsked(userId, id)));
    }
    for (const listener of this.listeners) await listener(all);
  }
}
