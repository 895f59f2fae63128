import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { foundPassage } from '../src/chat/passages.service.js';
import { quoted } from '../src/chat/pipeline/passages/quote.js';
import type { Actor } from '../src/common/actor.js';
import { CollectionsService } from '../src/documents/collections/collections.service.js';
import { DocumentsService } from '../src/documents/documents.service.js';
import { SearchService } from '../src/documents/search/search.service.js';
import { readWith, type Spoken } from './documents-score.js';
import type { MemoryConversation } from './memory-score.js';

/** Passages that are asked for: more than twenty messages' worth of text. */
const PASSAGES = 60;
/** Those that an answer is picked from. */
const QUOTABLE = 10;

interface Loaded {
  readonly collectionId: string;
  readonly messages: readonly Spoken[];
  /** UTF-16 units of a message on average: what one message's worth of text is. */
  readonly worth: number;
}

/**
 * Conversations of a data file as documents: one a conversation, in a collection of its own, a paragraph a message, under a
 * heading for each day as far as days are known.
 */
export class DocumentsBackend {
  private readonly loaded = new Map<string, Loaded>();

  constructor(
    private readonly app: NestFastifyApplication,
    private readonly actor: Actor,
    private readonly dated: boolean,
  ) {}

  async load({ id, messages }: MemoryConversation): Promise<void> {
    const paragraphs = messages.map(paragraph);
    const days = messages.map(({ createdAt }) => (this.dated ? dayOf(createdAt) : null));
    const documents = this.app.get(DocumentsService);
    const collection = await this.app.get(CollectionsService).create(this.actor, { name: id });
    const content = Buffer.from(transcript(paragraphs, days));
    const upload = { collectionId: collection.id, name: 'transcript.html', content, format: 'html' } as const;
    const { id: documentId } = await documents.add(this.actor, upload);
    for (;;) {
      const { status, errorMessage } = await documents.get(this.actor, documentId);
      if (status === 'ready') break;
      if (status === 'failed') throw new Error(`${id}: ${errorMessage}`);
      await delay(100);
    }
    const stored = await documents.text(this.actor, documentId);
    const spoken = placed(id, paragraphs, stored?.content ?? '', messages);
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

  /** The messages that an answer would quote passages of; null: it would say that it is not in the documents. */
  async quotes(query: string, conversationId: string): Promise<string[] | null> {
    const { collectionId, messages } = this.loaded.get(conversationId) ?? { collectionId: '', messages: [] };
    const asked = { query, collectionIds: [collectionId], limit: QUOTABLE };
    const { hits, ...found } = await this.app.get(SearchService).search(this.actor, asked);
    const cited = quoted(query, { ...found, passages: hits.map(foundPassage) });
    if (cited.length === 0) return null;
    const isQuoted = ({ starts, ends }: Spoken): boolean =>
      cited.some((passage) => passage.starts < ends && passage.ends > starts);
    return messages.filter(isQuoted).map(({ id }) => id);
  }
}

type Message = MemoryConversation['messages'][number];

/** The author in front, as transcripts have it. */
function paragraph({ author, role, content }: Message): string {
  const said = content
    .toWellFormed()
    .replaceAll(/[\p{Cc}\ufffe\uffff]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${author ?? role}: ${said}`.trim();
}

/** `8 May 2023`; null where it is not known. */
function dayOf(createdAt: string | null | undefined): string | null {
  const time = Date.parse(createdAt ?? '');
  return Number.isNaN(time)
    ? null
    : new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}

function transcript(paragraphs: readonly string[], days: readonly (string | null)[]): string {
  let day: string | null = null;
  const parts = paragraphs.map((text, at) => {
    const next = days[at] ?? day;
    const heading = next === null || next === day ? '' : `<h2>${next}</h2>\n`;
    day = next;
    return `${heading}<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`;
  });
  return `<!doctype html><meta charset="utf-8">\n${parts.join('\n')}`;
}

/** Where each message stands in the text that was stored. */
function placed(id: string, paragraphs: readonly string[], text: string, messages: readonly Message[]): Spoken[] {
  let from = 0;
  return paragraphs.map((said, at) => {
    const starts = text.indexOf(said, from);
    if (starts === -1) throw new Error(`${id} was not stored as it is: ${said.slice(0, 80)}`);
    from = starts + said.length;
    return { id: messages[at]?.id ?? '', starts, ends: from };
  });
}
