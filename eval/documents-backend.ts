import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Actor } from '../src/common/actor.js';
import { CollectionsService } from '../src/documents/collections/collections.service.js';
import { DocumentsService } from '../src/documents/documents.service.js';
import { SearchService } from '../src/documents/search/search.service.js';
import { readWith, type Spoken } from './documents-score.js';
import type { MemoryConversation } from './memory-score.js';

/** Passages that are asked for: more than twenty messages' worth of text. */
const PASSAGES = 60;

interface Loaded {
  readonly collectionId: string;
  readonly messages: readonly Spoken[];
  /** UTF-16 units of a message on average: what one message's worth of text is. */
  readonly worth: number;
}

/** Conversations of a data file as documents: one a conversation, in a collection of its own, a paragraph a message. */
export class DocumentsBackend {
  private readonly loaded = new Map<string, Loaded>();

  constructor(
    private readonly app: NestFastifyApplication,
    private readonly actor: Actor,
  ) {}

  async load({ id, messages }: MemoryConversation): Promise<void> {
    const { text, spoken } = transcript(messages);
    const documents = this.app.get(DocumentsService);
    const collection = await this.app.get(CollectionsService).create(this.actor, { name: id });
    const upload = { collectionId: collection.id, name: 'transcript.txt', content: Buffer.from(text) };
    const { id: documentId } = await documents.add(this.actor, { ...upload, format: 'text' });
    for (;;) {
      const { status, errorMessage } = await documents.get(this.actor, documentId);
      if (status === 'ready') break;
      if (status === 'failed') throw new Error(`${id}: ${errorMessage}`);
      await delay(100);
    }
    const stored = await documents.text(this.actor, documentId);
    if (stored?.content !== text) throw new Error(`${id} was not stored as it is`);
    const worth = spoken.reduce((sum, { starts, ends }) => sum + ends - starts, 0) / spoken.length;
    this.loaded.set(id, { collectionId: collection.id, messages: spoken, worth });
  }

  async ask(query: string, conversationId: string): Promise<{ places: string[][]; ms: number }> {
    const conversation = this.loaded.get(conversationId);
    if (conversation === undefined)
      throw new Error(`a question names the conversation ${conversationId}, which is not there`);
    const { collectionId, messages, worth } = conversation;
    const started = performance.now();
    const asked = { query, collectionIds: [collectionId], limit: PASSAGES };
    const { hits } = await this.app.get(SearchService).search(this.actor, asked);
    const ms = performance.now() - started;
    return { places: readWith(hits, messages, worth), ms };
  }
}

/** As plain text that is stored exactly as it is; the author in front, as transcripts have it. */
function transcript(messages: MemoryConversation['messages']): { text: string; spoken: Spoken[] } {
  let text = '';
  const spoken = messages.map(({ id, author, role, content }) => {
    if (text !== '') text += '\n\n';
    const starts = text.length;
    const said = content
      .toWellFormed()
      .replaceAll(/\p{Cc}+/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    text += `${author ?? role}: ${said}`.trim();
    return { id, starts, ends: text.length };
  });
  return { text, spoken };
}
