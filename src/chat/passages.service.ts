import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { CollectionsService } from '../documents/collections/collections.service.js';
import { type Hit, SearchService } from '../documents/search/search.service.js';
import type { Persona } from '../personas/persona.entity.js';
import type { FoundPassage, FoundPassages } from './pipeline/passages/quote.js';

/** What documents say, as the pipeline wants it. */
@Injectable()
export class PassagesService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly collections: CollectionsService,
    private readonly documents: SearchService,
  ) {}

  /**
   * Of the collections that the persona or the conversation is bound to, as far as the actor may read them; where neither is
   * bound, of all that the actor may read. null: there are none.
   */
  async about(
    actor: Actor,
    persona: Persona,
    conversationId: string,
    query: string,
    limit: number,
  ): Promise<FoundPassages | null> {
    if (!/[\p{L}\p{N}]/u.test(query)) return null;
    const { collectionIds } = await this.conversations.owned(actor, conversationId);
    const bound = [...new Set([...persona.collectionIds, ...collectionIds])];
    const readable = await this.collections.readable(actor, bound);
    if (bound.length > 0 && readable.length === 0) return null;
    const asked = { query, collectionIds: bound.length === 0 ? undefined : readable, limit };
    const { hits, terms, absent, corrected, passages } = await this.documents.search(actor, asked);
    return passages === 0 ? null : { passages: hits.map(foundPassage), terms, absent, corrected };
  }
}

/** A hit as answers are picked from. */
export const foundPassage = (hit: Hit): FoundPassage => {
  const { documentId, title, n, heading, page, content: quote, starts, ends, score, coverage } = hit;
  return { documentId, title, n, heading, page, quote, starts, ends, score, coverage };
};
