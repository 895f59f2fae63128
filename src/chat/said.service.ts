import { Injectable } from '@nestjs/common';
import type { MessageRow } from '../conversations/message.entity.js';
import { MessagesService } from '../conversations/messages.service.js';
import { type Hit, RecallService } from '../memory/recall/recall.service.js';
import type { FoundMessage } from './pipeline/passages/messages.js';
import { saidOf } from './pipeline/understand/past/said.js';

/** What was said in the conversations of whoever asks, as the pipeline wants it. */
@Injectable()
export class SaidService {
  constructor(
    private readonly recall: RecallService,
    private readonly messages: MessagesService,
  ) {}

  /** Messages from before the question, best first: no other questions of this kind, and none of the answers to them. */
  async about(question: MessageRow, query: string, limit: number): Promise<FoundMessage[]> {
    const { userId, conversationId, seq, createdAt: askedAt } = question;
    const except = { conversationId, afterSeq: seq - 1 };
    const { hits } = await this.recall.search(userId, { query, limit, askedAt, before: askedAt, except });
    const isOwn = await Promise.all(hits.map((hit) => this.isOwnWords(userId, hit)));
    return hits.flatMap((hit, at) => {
      if (isOwn[at] !== true) return [];
      const { messageId, role, createdAt, content, score } = hit;
      const isHere = hit.conversationId === conversationId;
      return [
        { messageId, conversationId: hit.conversationId, isHere, role, at: createdAt.toISOString(), content, score },
      ];
    });
  }

  private async isOwnWords(
    userId: string,
    { messageId, conversationId, role, content, createdAt }: Hit,
  ): Promise<boolean> {
    if (role === 'system') return false;
    if (role === 'user') return saidOf(content, createdAt) === null;
    const message = await this.messages.find(userId, conversationId, messageId);
    return message !== null && message.metadata['said'] === undefined;
  }
}
