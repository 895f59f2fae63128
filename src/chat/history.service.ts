import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { MessageRow } from '../conversations/message.entity.js';
import { MessagesService } from '../conversations/messages.service.js';
import type { PastTurn } from './pipeline/turn.js';
import { ANALYSIS, pastTurn } from './turn-record.js';

/** Follow-ups reach back a few turns; "it" after that has lost its meaning for people, too. */
const TURNS = 6;
/** Conversations that are kept at hand; most questions follow the one before within minutes. */
const KEPT = 500;

interface Numbered {
  /** Of the answer. */
  readonly seq: number;
  readonly turn: PastTurn;
}

/** Turns as they were when `tailId` was the conversation's last message: no longer true when another one is. */
interface Known {
  readonly tailId: string | null;
  readonly turns: readonly Numbered[];
}

/** What a follow-up may refer to: the last answered turns before the question. */
@Injectable()
export class HistoryService {
  private readonly known = new LRUCache<string, Known>({ max: KEPT });

  constructor(private readonly messages: MessagesService) {}

  async before({ userId, conversationId, parentId, seq }: MessageRow): Promise<PastTurn[]> {
    if (parentId === null) return [];
    const known = this.known.get(keyOf(userId, conversationId));
    if (known !== undefined && known.tailId === parentId) return known.turns.map(({ turn }) => turn);
    const recent = await this.messages.recent(userId, conversationId, 2 * TURNS, { before: seq });
    const turns = recent.flatMap((message, place) => {
      const question = recent[place - 1];
      return message.type === ANALYSIS && question?.role === 'user' ? [numbered(question, message)] : [];
    });
    this.known.set(keyOf(userId, conversationId), { tailId: parentId, turns });
    return turns.map(({ turn }) => turn);
  }

  /** A turn that was stored just now; the next one of its conversation then needs no reading. */
  add(question: MessageRow, answer: MessageRow): void {
    const key = keyOf(answer.userId, answer.conversationId);
    const known = question.parentId === null ? { tailId: null, turns: [] } : this.known.get(key);
    if (known?.tailId !== question.parentId || answer.parentId !== question.id) {
      this.known.delete(key);
      return;
    }
    const turns = [...known.turns, numbered(question, answer)].filter(({ seq }) => seq > answer.seq - 2 * TURNS + 1);
    this.known.set(key, { tailId: answer.id, turns });
  }
}

const keyOf = (userId: string, conversationId: string): string => `${userId} ${conversationId}`;

const numbered = (question: MessageRow, answer: MessageRow): Numbered => ({
  seq: answer.seq,
  turn: pastTurn(answer.id, question.content, answer.metadata),
});
