import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { MessageRow } from '../conversations/message.entity.js';
import { MessagesService } from '../conversations/messages.service.js';
import type { PastTurn } from './pipeline/turn.js';
import { ANALYSIS, pastTurn } from './turn-record.js';

/** Follow-ups reach back a few turns; "it" after that has lost its meaning for people, too. */
const TURNS = 6;
/** Among these is the fifth question about data, the last that is pointed at by its number, in all but idle talk. */
const OPENING_TURNS = 12;
/** Conversations that are kept at hand; most questions follow the one before within minutes. */
const KEPT = 500;

interface Placed {
  /** Of the answer: its place on the path, counted from anywhere. */
  readonly place: number;
  readonly turn: PastTurn;
}

/**
 * Turns as they were when `tailId` was the conversation's last message, and so many messages had been erased: no longer true
 * when another one is, or more were.
 */
interface Known {
  readonly tailId: string | null;
  readonly erasures: number;
  /** Place of the tail. */
  readonly last: number;
  readonly turns: readonly Placed[];
  /** Nothing was answered before these. */
  readonly isWhole: boolean;
}

/** The last answered turns, oldest first. */
export interface History {
  readonly turns: readonly PastTurn[];
  /** Whether they are all that there are. */
  readonly isWhole: boolean;
}

/** What a follow-up may refer to: the last answered turns before the question. */
@Injectable()
export class HistoryService {
  private readonly known = new LRUCache<string, Known>({ max: KEPT });

  constructor(private readonly messages: MessagesService) {}

  /** @param erasures those of the conversation, as the question is worked on: none comes in between */
  async before({ userId, conversationId, parentId, seq }: MessageRow, erasures: number): Promise<History> {
    if (parentId === null) return { turns: [], isWhole: true };
    const known = this.known.get(keyOf(userId, conversationId));
    if (known !== undefined && known.tailId === parentId && known.erasures === erasures)
      return { turns: known.turns.map(({ turn }) => turn), isWhole: known.isWhole };
    const recent = await this.messages.recent(userId, conversationId, 2 * TURNS, { before: seq });
    const turns = placedIn(recent);
    const isWhole = recent.length < 2 * TURNS;
    this.known.set(keyOf(userId, conversationId), {
      tailId: parentId,
      erasures,
      last: recent.length - 1,
      turns,
      isWhole,
    });
    return { turns: turns.map(({ turn }) => turn), isWhole };
  }

  /** The first answered turns of the conversation, however far back: what "the first chart" points at. */
  async opening({ userId, conversationId, seq }: MessageRow): Promise<readonly PastTurn[]> {
    const messages = await this.messages.opening(userId, conversationId, 2 * OPENING_TURNS);
    return placedIn(messages.filter((message) => message.seq < seq)).map(({ turn }) => turn);
  }

  /** A turn that was stored just now; the next one of its conversation then needs no reading. */
  add(question: MessageRow, answer: MessageRow, erasures: number): void {
    const key = keyOf(answer.userId, answer.conversationId);
    const known =
      question.parentId === null ? { tailId: null, erasures, last: -1, turns: [], isWhole: true } : this.known.get(key);
    if (known?.tailId !== question.parentId || known.erasures !== erasures || answer.parentId !== question.id) {
      this.known.delete(key);
      return;
    }
    const last = known.last + 2;
    const all = [...known.turns, placed(last, question, answer)];
    const turns = all.filter(({ place }) => place > last - 2 * TURNS + 1);
    const isWhole = known.isWhole && turns.length === all.length;
    this.known.set(key, { tailId: answer.id, erasures, last, turns, isWhole });
  }
}

const keyOf = (userId: string, conversationId: string): string => `${userId} ${conversationId}`;

const placed = (place: number, question: MessageRow, answer: MessageRow): Placed => ({
  place,
  turn: pastTurn(answer.id, question.content, answer.metadata),
});

/** The answered turns among messages that follow each other. */
const placedIn = (messages: readonly MessageRow[]): Placed[] =>
  messages.flatMap((message, place) => {
    const question = messages[place - 1];
    return message.type === ANALYSIS && question?.role === 'user' ? [placed(place, question, message)] : [];
  });
