import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID, Length, Matches } from 'class-validator';
import { Limit } from '../../common/limit.js';
import { excerpt } from '../../common/excerpt.js';
import { Optional } from '../../common/optional.js';
import type { Scalar } from '../../common/scalar.js';
import { entitiesOf } from './result-keys.js';
import { shortAnswer } from './render-results.js';
import type { PastResult } from './results.service.js';

const LONGEST_QUESTION = 500;
const SHOWN_ROWS = 10;

/** Which past results. */
export class ListResults {
  /** A question or words, in plain language; the latest results when left out.
   * @example "education" */
  @Optional()
  @IsString()
  @Length(1, 2_000)
  @Matches(/[\p{L}\p{N}]/u, { message: 'q must hold a letter or a digit' })
  q?: string;

  /** Only those of this conversation; of all of yours when left out. */
  @Optional()
  @IsUUID()
  conversationId?: string;

  /** How many to give at most. */
  @Limit()
  limit?: number = 10;
}

/** What a score is made of: 2 × same + entities + words / 10 + recency / 100. */
export class ResultScoreParts {
  /** 1 where it is the same question in meaning.
   * @example 0 */
  same: number;
  /** How much it shares of the columns and values that are asked about; what few of your results are about counts more.
   * @example 0 */
  entities: number;
  /** How much it shares of the words.
   * @example 1 */
  words: number;
  /** 1 for now, halved every 30 days.
   * @example 0.93 */
  recency: number;
}

/** The data set that a result came from. */
export class ResultDatasetView {
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  id: string;
  /** null: you do not have it any more.
   * @example "Sector health" */
  title: string | null;
}

/** The first rows of a result. */
export class ResultValuesView {
  /** @example ["avg_score"] */
  columns: string[];
  @ApiProperty({ type: 'array', items: { type: 'array', items: {} }, example: [[51.9]] })
  rows: Scalar[][];
}

/** An earlier analytical answer. */
export class PastResultView {
  /** The answer's message.
   * @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  messageId: string;
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  conversationId: string;
  /** @example "Education in 2024" */
  conversationTitle: string | null;
  /** @example "2026-03-03T09:30:00.000Z" */
  answeredAt: Date;
  /** What was asked, the beginning of it.
   * @example "Show me education sector health in 2024" */
  question: string | null;
  /** The beginning of the answer, as plain text.
   * @example "The average score for Education in 2024 is 51.9 points." */
  answer: string;
  values: ResultValuesView;
  dataset: ResultDatasetView;
  /** The columns and values that it is about.
   * @example ["score", "sector", "sector=education", "year", "year=2024"] */
  entities: string[];
  /** @example 0.11 */
  score: number;
  parts: ResultScoreParts;

  static of(this: void, result: PastResult, titles: ReadonlyMap<string, string>): PastResultView {
    const { messageId, conversationId, conversationTitle, answeredAt, question, content, query } = result;
    return {
      messageId,
      conversationId,
      conversationTitle,
      answeredAt,
      question: question === null ? null : excerpt(question, LONGEST_QUESTION),
      answer: shortAnswer(content),
      values: {
        columns: (result.columns ?? []).map(({ name }) => name),
        rows: (result.rows ?? []).slice(0, SHOWN_ROWS).map((row) => [...row]),
      },
      dataset: { id: query.datasetId, title: titles.get(query.datasetId) ?? null },
      entities: entitiesOf(query, result.entities ?? []),
      score: short(result.score),
      parts: {
        same: result.parts.same,
        entities: short(result.parts.entities),
        words: short(result.parts.words),
        recency: short(result.parts.recency),
      },
    };
  }
}

/** Past results, best (or latest) first. */
export class PastResultsView {
  data: PastResultView[];
}

const short = (value: number): number => Math.round(value * 10_000) / 10_000;
