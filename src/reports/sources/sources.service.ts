import { Injectable } from '@nestjs/common';
import type { Actor } from '../../common/actor.js';
import { Problem } from '../../common/problem.js';
import { ConversationsService } from '../../conversations/conversations.service.js';
import type { ConversationRow } from '../../conversations/conversation.entity.js';
import type { MessageRow } from '../../conversations/message.entity.js';
import { MessagesService } from '../../conversations/messages.service.js';
import { DatasetsService } from '../../datasets/datasets.service.js';
import { CollectionsService } from '../../documents/collections/collections.service.js';
import { DocumentsService } from '../../documents/documents.service.js';
import type { Persona } from '../../personas/persona.entity.js';
import type { SourceKind } from '../report.js';
import { type Claimed, ReportsStore } from '../reports.store.js';
import { collectionReport, type ReadDocument } from './collection-report.js';
import { answeredTurns, conversationReport, datasetsOf } from './conversation-report.js';
import { datasetReport } from './dataset-report.js';
import type { Material, OnProgress } from './material.js';

/** Messages of one read, and of a conversation in all: the latest. */
const PAGE = 100;
const MOST_MESSAGES = 2_000;
const MOST_DOCUMENTS = 50;
/** Of all documents together, in equal shares. */
const MOST_PASSAGES = 600;

export interface Found {
  readonly material: Material;
  /** Of the conversation when it was read; null: it is made of no messages. */
  readonly erasures: number | null;
  /** Ids of the messages that it is made of. */
  readonly madeOf: readonly string[];
}

/** What a report may be about, and what is in it. */
@Injectable()
export class SourcesService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly datasets: DatasetsService,
    private readonly collections: CollectionsService,
    private readonly documents: DocumentsService,
    private readonly store: ReportsStore,
  ) {}

  /** @throws {404} conversation_not_found · dataset_not_found · collection_not_found */
  async require(actor: Actor, kind: SourceKind, id: string): Promise<void> {
    if (kind === 'conversation') await this.conversations.owned(actor, id);
    else if (kind === 'dataset') await this.datasets.get(actor, id);
    else await this.collections.get(actor, id);
  }

  /**
   * What has nothing in it yet is refused before any work is done.
   * @throws {404} conversation_not_found · dataset_not_found · collection_not_found
   * @throws {422} nothing_to_report
   */
  async requireContent(actor: Actor, kind: SourceKind, id: string): Promise<void> {
    if (kind === 'conversation') {
      const { data } = await this.messages.page(actor, id, { order: 'desc', limit: 1 });
      if (data.length === 0) throw nothing('This conversation has no messages yet; ask it something first.');
    } else if (kind === 'dataset') {
      if ((await this.datasets.get(actor, id)).rowCount === 0) throw nothing('This data set has no rows.');
    } else if ((await this.documents.list(actor, id, 1, null)).length === 0) {
      throw nothing('This collection has no documents yet; upload one first.');
    }
  }

  /**
   * @throws {404} its source is gone
   * @throws {422} nothing_to_report
   */
  async material(
    actor: Actor,
    claimed: Pick<Claimed, 'sourceKind' | 'sourceId' | 'options'>,
    persona: Persona,
    onProgress: OnProgress,
  ): Promise<Found> {
    switch (claimed.sourceKind) {
      case 'conversation':
        return this.ofConversation(actor, claimed, onProgress);
      case 'dataset':
        return { material: await this.ofDataset(actor, claimed, persona, onProgress), erasures: null, madeOf: [] };
      case 'collection':
        return { material: await this.ofCollection(actor, claimed, onProgress), erasures: null, madeOf: [] };
    }
  }

  private async ofConversation(
    actor: Actor,
    { sourceId, options }: Pick<Claimed, 'sourceId' | 'options'>,
    onProgress: OnProgress,
  ): Promise<Found> {
    const conversation = await this.conversations.owned(actor, sourceId);
    const messages: MessageRow[] = [];
    let cursor: string | undefined;
    do {
      await onProgress(messages.length / MOST_MESSAGES, 'Reading the conversation');
      const page = await this.messages.page(actor, sourceId, { order: 'desc', limit: PAGE, cursor });
      messages.push(...page.data);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && messages.length < MOST_MESSAGES);
    const turns = answeredTurns(messages.reverse());
    if (turns.length === 0) throw nothing('No question of this conversation was answered from data or documents yet.');
    const profiles = await this.datasets.profilesAmong(actor, datasetsOf(turns));
    return {
      material: conversationReport(conversation.title ?? 'Conversation', turns, profiles, options),
      erasures: conversation.erasures,
      madeOf: [
        ...new Set([
          ...turns.slice(-options.sections).flatMap(({ question, answer }) => [question.id, answer.id]),
          ...titleMadeOf(conversation, messages).map(({ id }) => id),
        ]),
      ],
    };
  }

  private async ofDataset(
    actor: Actor,
    { sourceId, options }: Pick<Claimed, 'sourceId' | 'options'>,
    { name, displayName, color }: Persona,
    onProgress: OnProgress,
  ): Promise<Material> {
    const [profile] = await this.datasets.profilesFor(actor, [sourceId]);
    if (profile === undefined || profile.rowCount === 0) throw nothing('This data set has no rows.');
    const port = { run: (query: Parameters<DatasetsService['run']>[1]) => this.datasets.run(actor, query) };
    const persona = { name, displayName, color, starterQuestions: [] };
    return datasetReport(profile, persona, port, options, onProgress);
  }

  private async ofCollection(
    actor: Actor,
    { sourceId, options }: Pick<Claimed, 'sourceId' | 'options'>,
    onProgress: OnProgress,
  ): Promise<Material> {
    const collection = await this.collections.get(actor, sourceId);
    const rows = (await this.documents.list(actor, sourceId, MOST_DOCUMENTS, null)).slice(0, MOST_DOCUMENTS);
    const documents: ReadDocument[] = [];
    const share = Math.ceil(MOST_PASSAGES / Math.max(1, rows.length));
    for (const { id, title, format, pages, passages, readyAt } of rows) {
      await onProgress(0.3 * (documents.length / rows.length), `Reading ${title}`);
      if (readyAt === null || passages === 0) continue;
      const read = (await this.documents.passages(actor, id, 0, share)).slice(0, share);
      documents.push({ id, title, format, pages, passages, read });
    }
    if (documents.length === 0) throw nothing('No document of this collection could be read yet.');
    return collectionReport(
      collection,
      documents,
      collection.documents,
      (language, words) => this.store.stems(language, words),
      options,
      onProgress,
    );
  }
}

/** An automatic title is in the words of the first messages. */
function titleMadeOf(
  { titleBy, titleSeq }: Pick<ConversationRow, 'titleBy' | 'titleSeq'>,
  messages: readonly MessageRow[],
): MessageRow[] {
  if (titleBy !== 'auto') return [];
  const upto = titleSeq ?? messages.find(({ role }) => role === 'user')?.seq ?? 0;
  return messages.filter(({ seq }) => seq <= upto);
}

const nothing = (detail: string): Problem => new Problem(422, 'nothing_to_report', detail);
