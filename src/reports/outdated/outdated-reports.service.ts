import { Injectable } from '@nestjs/common';
import { ScrubsService } from '../../conversations/erasure/scrubs.service.js';
import { type Removed, RemovalsService } from '../../documents/removals.service.js';
import { type Gone, OutdatedReportsStore } from './outdated-reports.store.js';

const REMOVED = 'This report was removed, because something that it was made of was removed. It can be made anew.';
/** What the message of a report has in its metadata because it is one. */
const MEMBERS = ['report', 'grounded'];

/** Deletes reports that tell of what was removed; the messages that told of them say so. */
@Injectable()
export class OutdatedReports {
  constructor(
    removals: RemovalsService,
    private readonly scrubs: ScrubsService,
    private readonly store: OutdatedReportsStore,
  ) {
    removals.onRemove((removed) => this.ofDocuments(removed));
    scrubs.onScrub(async (messages) => this.told(await this.store.ofMessages(messages)));
  }

  private async ofDocuments(removed: Removed): Promise<void> {
    const { collectionId, isWhole } = removed;
    if (isWhole) await this.store.unschedule(collectionId);
    else await this.store.beginAnew(collectionId);
    await this.told(await this.store.ofCollection(removed));
  }

  private told(reports: readonly Gone[]): Promise<void> {
    const messages = reports.flatMap(({ userId, messageId: id }) => (id === null ? [] : [{ userId, id }]));
    return this.scrubs.replace(messages, REMOVED, MEMBERS);
  }
}
