import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import { DatasetsService } from '../../datasets/datasets.service.js';
import { type ListResults, PastResultsView, PastResultView } from './results.dto.js';
import { ResultsService } from './results.service.js';

/** Past results for people to look at. */
@Injectable()
export class ResultListsService {
  constructor(
    private readonly results: ResultsService,
    private readonly conversations: ConversationsService,
    private readonly datasets: DatasetsService,
  ) {}

  /** @throws {404} conversation_not_found */
  async list(actor: Actor, { q, conversationId, limit = 10 }: ListResults): Promise<PastResultsView> {
    const within = conversationId?.toLowerCase();
    if (within !== undefined) await this.conversations.owned(actor, within);
    const sought = { within, limit, rows: true };
    const found = await (q === undefined
      ? this.results.latest(actor.id, sought)
      : this.results.relevant(actor.id, { ...sought, question: q }));
    const ids = [...new Set(found.map(({ query }) => query.datasetId))];
    const profiles = await this.datasets.profilesAmong(actor, ids);
    const titles = new Map(profiles.map(({ id, title }) => [id, title]));
    return { data: found.map((result) => PastResultView.of(result, titles)) };
  }
}
