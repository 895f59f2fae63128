import { Injectable } from '@nestjs/common';
import { MessagesService } from '../conversations/messages.service.js';
import type { PastTurn } from './pipeline/turn.js';
import { ANALYSIS, pastTurn } from './turn-record.js';

/** Follow-ups reach back a few turns; "it" after that has lost its meaning for people, too. */
const TURNS = 6;

/** What a follow-up may refer to: the last answered turns of the conversation. */
@Injectable()
export class HistoryService {
  constructor(private readonly messages: MessagesService) {}

  async of(userId: string, conversationId: string): Promise<PastTurn[]> {
    const recent = await this.messages.recent(userId, conversationId, 2 * TURNS);
    return recent.flatMap((message, place) => {
      const question = recent[place - 1];
      return message.type === ANALYSIS && question?.role === 'user'
        ? [pastTurn(message.id, question.content, message.metadata)]
        : [];
    });
  }
}
