import { Injectable } from '@nestjs/common';
import { RecallService } from '../recall/recall.service.js';
import { ShortTermService } from '../short-term/short-term.service.js';
import type { Piece } from './build-context.js';
import { RecalledStore, type Told } from './recalled.store.js';
import { toldLine } from './told-line.js';

/** Messages that recall is asked for; many of them may be in the window already. */
const MOST_RECALLED = 40;
/** What was said lately in other conversations that may come in. */
const MOST_LATELY = 5;
/** Of the best found, so many come before what was said lately. */
const FIRST = 4;

/** Where a question stands. */
export interface Moment {
  readonly userId: string;
  readonly conversationId: string;
  readonly question: string;
  /** Only messages of its conversation with a lower number count. */
  readonly before: number;
  readonly askedAt: Date;
}

/** What a model is reminded of: messages of whatever time that the question is about, and what was said lately. */
@Injectable()
export class RecalledService {
  constructor(
    private readonly recall: RecallService,
    private readonly shortTerm: ShortTermService,
    private readonly store: RecalledStore,
  ) {}

  /** The best first. */
  async pieces(moment: Moment): Promise<Piece[]> {
    const [found, lately] = await Promise.all([this.found(moment), this.lately(moment)]);
    return this.told(moment, [...found.slice(0, FIRST), ...lately, ...found.slice(FIRST)]);
  }

  /**
   * The messages as a prompt tells them, one piece a turn, in the order of its first half; those that are gone by now are
   * left out. The sources of such pieces, one after the other, give the same pieces again.
   */
  async told(moment: Moment, ids: readonly string[]): Promise<Piece[]> {
    const { userId, conversationId, question, askedAt } = moment;
    const stems = await this.recall.stemsOf(question);
    const seen = new Set<string>();
    const pieces: Piece[] = [];
    for (const told of await this.store.told(userId, [...new Set(ids)], askedAt)) {
      const sources = sourcesOf(told);
      if (sources.some((id) => seen.has(id))) continue;
      for (const id of sources) seen.add(id);
      pieces.push({ text: toldLine(told, conversationId, stems), sources });
    }
    return pieces;
  }

  private async found({ userId, conversationId, question, before, askedAt }: Moment): Promise<string[]> {
    if (!/[\p{L}\p{N}]/u.test(question)) return [];
    const { hits } = await this.recall.search(userId, {
      query: question,
      limit: MOST_RECALLED,
      askedAt,
      before: askedAt,
      except: { conversationId, afterSeq: before - 1 },
    });
    return hits.map(({ messageId }) => messageId);
  }

  /** What the user said lately in other conversations, the latest first. */
  private async lately({ userId, conversationId, askedAt }: Moment): Promise<string[]> {
    const asked = { exceptConversationId: conversationId, limit: MOST_LATELY, at: askedAt };
    return (await this.shortTerm.recent(userId, asked)).map(({ messageId }) => messageId);
  }
}

/** The message that was found first. */
const sourcesOf = ({ id, questionId, answerId }: Told): string[] =>
  [id, questionId, answerId].filter((source) => source !== null);
