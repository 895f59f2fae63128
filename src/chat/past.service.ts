import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { Companion } from '../conversations/companion.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { MessagesService } from '../conversations/messages.service.js';
import type { DatasetProfile } from '../datasets/profile.js';
import { entitiesOf, signatureOf } from '../memory/results/result-keys.js';
import { type PastResult as Found, ResultsService } from '../memory/results/results.service.js';
import type { Asked, Composed, PastResult, PastTurn, Understanding } from './pipeline/turn.js';
import { inEnglish } from './pipeline/understand/languages/in-english.js';
import { pointsElsewhere } from './pipeline/understand/past/point-back.js';
import { pointerOf } from './pipeline/understand/past/pointer.js';
import { queryWords } from './pipeline/words/queries.js';
import { pastTurn } from './turn-record.js';

const MOST = 5;
/** What an earlier answer's list is kept to. */
const MOST_VALUES = 20;
/** An answer does not wait longer for earlier results that would only add to it; for those that it is about, it does. */
const WAIT_MS = 250;
const WAIT_ASKED_MS = 3_000;
/** The answers before in the same conversation are no "last time" while people still talk about them. */
const SITTING_MS = 3 * 3_600_000;

/** Earlier results of whoever asks, as the pipeline wants them. Whatever goes wrong with them, the question is answered. */
@Injectable()
export class PastService {
  private readonly log = new Logger('chat');

  constructor(
    private readonly results: ResultsService,
    private readonly messages: MessagesService,
  ) {}

  /** What is stored with an answer so that it is found; null: it is no result. */
  async companionOf({ userId, content }: MessageRow, { understanding, evidence }: Composed): Promise<Companion | null> {
    const { query, refusal, entities } = understanding;
    if (query === null || refusal !== null || (evidence.primary?.rows.length ?? 0) === 0) return null;
    return this.results.companionOf(userId, { question: content, query, entities }).catch((error: unknown) => {
      this.log.warn(`an answer will not be found as a past result: ${(error as Error).message}`);
      return null;
    });
  }

  /** Earlier results about what was understood, best first; null: not in time. */
  async about(question: MessageRow, understanding: Understanding): Promise<readonly PastResult[] | null> {
    const { query, entities, earlier } = understanding;
    if (query === null) return [];
    const found = await this.inTime(
      this.results.relevant(question.userId, {
        ...placeOf(question),
        question: question.content,
        entities: entitiesOf(query, entities),
        signature: signatureOf(query),
        ...(earlier !== undefined && meant(earlier, question)),
        limit: MOST,
      }),
      earlier === undefined ? WAIT_MS : WAIT_ASKED_MS,
    );
    return found === 'unknown' ? null : pastResults(found);
  }

  /** The result of another time or conversation that the question points at outright; undefined: it points at none. */
  async pointed(
    question: MessageRow,
    history: readonly PastTurn[],
    datasets: readonly DatasetProfile[],
  ): Promise<Asked['pointed']> {
    const { turn } = inEnglish({ question: question.content, history, datasets });
    const pointer = pointerOf(turn.question, question.createdAt);
    if (pointer === null || !pointsElsewhere(pointer, history)) return undefined;
    const sought = {
      ...placeOf(question),
      period: pointer.period,
      datasetIds: datasets.map(({ id }) => id),
      limit: 1,
    };
    return this.inTime(
      (pointer.about === ''
        ? this.results.latest(question.userId, sought)
        : this.results.relevant(question.userId, { ...sought, question: pointer.about })
      ).then(([first]) => (first === undefined ? null : this.turnOf(question.userId, first, datasets))),
      WAIT_ASKED_MS,
    );
  }

  /** As a turn to go on from; instead of what was asked, which stays in its message, what its query means. */
  private async turnOf(userId: string, found: Found, datasets: readonly DatasetProfile[]): Promise<Asked['pointed']> {
    const profile = datasets.find(({ id }) => id === found.query.datasetId);
    const message = await this.messages.find(userId, found.conversationId, found.messageId);
    if (profile === undefined || message === null) return null;
    const turn = pastTurn(message.id, queryWords(found.query, profile), message.metadata);
    return turn.understanding?.query ? { turn, answeredAt: found.answeredAt } : null;
  }

  private async inTime<T>(work: Promise<T>, ms: number): Promise<T | 'unknown'> {
    const late = new AbortController();
    const failed = work.catch((error: unknown) => {
      this.log.warn(`earlier results could not be looked up: ${(error as Error).message}`);
      return 'unknown' as const;
    });
    try {
      return await Promise.race([failed, delay(ms, 'unknown' as const, { signal: late.signal })]);
    } finally {
      late.abort();
    }
  }
}

const placeOf = ({ conversationId, seq, createdAt }: MessageRow) => ({
  conversationId,
  before: seq,
  askedAt: createdAt,
});

type Earlier = NonNullable<Understanding['earlier']>;

/** Of the time that the question says; and no answer of the talk that it is part of, where it is about the last one. */
const meant = ({ period, isOfTalk }: Earlier, { createdAt }: MessageRow) => ({
  period: period === null ? null : { from: new Date(period.from), to: new Date(period.to) },
  until: isOfTalk ? new Date(createdAt.getTime() - SITTING_MS) : null,
});

function pastResults(found: readonly Found[]): PastResult[] {
  const same = found.filter(({ parts, rows }) => parts.same === 1 && rows !== null);
  const latest = same.toSorted((a, b) => b.answeredAt.getTime() - a.answeredAt.getTime())[0];
  return found.map((one) => ({
    messageId: one.messageId,
    conversationId: one.conversationId,
    at: one.answeredAt.toISOString(),
    shared: one.shared,
    score: one.score,
    answer: Array.isArray(one.answer) ? one.answer.slice(0, MOST_VALUES) : one.answer,
    ...(one === latest && one.rows !== null && { was: one.rows }),
  }));
}
