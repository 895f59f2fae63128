import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { Limit } from '../../common/limit.js';
import { ROLES, type Role } from '../../conversations/message.entity.js';
import type { Hit, Recalled } from './recall.service.js';

/** What is looked for, and where. */
export class SearchMemory {
  /** A question or words, in plain language.
   * @example "When did I say the first sprint ends?" */
  @IsString()
  @Length(1, 2_000)
  @Matches(/[\p{L}\p{N}]/u, { message: 'q must hold a letter or a digit' })
  q: string;

  /** Only this conversation; all of yours when left out. */
  @IsOptional()
  @IsUUID()
  conversationId?: string;

  /** How many to give at most. */
  @Limit()
  limit?: number = 10;

  /** Whether messages that left the active path (edited questions, answers given anew) are found too. */
  @ApiPropertyOptional({ type: 'boolean' })
  @IsOptional()
  @Transform(({ obj }: { obj: Record<string, unknown> }) =>
    obj['allBranches'] === 'true' ? true : obj['allBranches'] === 'false' ? false : obj['allBranches'],
  )
  @IsBoolean()
  allBranches?: boolean = false;
}

/** What a score is made of: (words + vector + context) × speaker × time × recency. */
export class ScoreParts {
  /** Its own words, by BM25 over your messages.
   * @example 0.5 */
  words: number;
  /** Its likeness to the question by the vector side.
   * @example 0.41 */
  vector: number;
  /** What the messages around it add.
   * @example 0.12 */
  context: number;
  /** Above 1: by someone whom the question names, or else by you.
   * @example 1.7 */
  speaker: number;
  /** Above 1: of the time that the question means, or it tells a time that the question asks for.
   * @example 1.25 */
  time: number;
  /** A little above 1 for what is new.
   * @example 1.01 */
  recency: number;
}

/** A message that was found. */
export class HitView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  messageId: string;
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  conversationId: string;
  /** @example "Budget tracker" */
  conversationTitle: string | null;
  /** Its place in the conversation, from 1.
   * @example 28 */
  seq: number;
  /** @example "user" */
  role: (typeof ROLES)[number];
  /** The name it was written under: `author` of its metadata.
   * @example null */
  author: string | null;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;
  /** The part of it with most of the question's words, on one line.
   * @example "…my first sprint ends on March 29, and I want to plan the next one…" */
  excerpt: string;
  /** The question's words in the excerpt, as they are written there.
   * @example ["first", "sprint", "ends"] */
  matches: string[];
  /** 1 for the best hit.
   * @example 1 */
  score: number;
  parts: ScoreParts;

  static of(this: void, hit: Hit): HitView {
    const { messageId, conversationId, conversationTitle, seq, role, author, createdAt, excerpt, matches } = hit;
    const parts = Object.fromEntries(Object.entries(hit.parts).map(([name, value]) => [name, short(value)]));
    return {
      messageId,
      conversationId,
      conversationTitle,
      seq,
      role: role satisfies Role,
      author,
      createdAt,
      excerpt,
      matches: [...matches],
      score: short(hit.score),
      parts: parts as unknown as ScoreParts,
    };
  }
}

/** A period of time. */
export class PeriodView {
  /** @example "2026-03-01T00:00:00.000Z" */
  from: Date;
  /** The first moment after it.
   * @example "2026-04-01T00:00:00.000Z" */
  to: Date;
}

/** What was found, best first. */
export class MemorySearchView {
  data: HitView[];
  /** What the vector side was: embeddings of the model that is set up, or runs of characters, which need none.
   * @example "ngrams" */
  vectors: 'ngrams' | 'embeddings';
  /** Why the embeddings that are set up were not used; null: they were, or none are.
   * @example null */
  degraded: string | null;
  /** Messages that could not be found yet: answers being written, and, after a large import, what is not indexed yet.
   * @example 0 */
  pending: number;
  /** The time that the question was understood to mean.
   * @example null */
  period: PeriodView | null;

  static of(this: void, { hits, vectors, degraded, pending, period }: Recalled): MemorySearchView {
    return { data: hits.map(HitView.of), vectors, degraded, pending, period };
  }
}

const short = (value: number): number => Math.round(value * 10_000) / 10_000;
