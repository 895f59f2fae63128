import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import type { Found, Hit } from './search.service.js';

/** What is looked for, and where. */
export class SearchDocuments {
  /** A question or words, in plain language.
   * @example "When was the crane repaired?" */
  @IsString()
  @Length(1, 2_000)
  @Matches(/[\p{L}\p{N}]/u, { message: 'q must hold a letter or a digit' })
  q: string;

  /** Only this collection; all that you can read when left out. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @IsUUID()
  collectionId?: string;

  /** How many to give at most. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number = 10;
}

/** What a score is made of: (words + vector + context) × time. */
export class PassageScoreParts {
  /** Its own words, by BM25 over the passages that were searched.
   * @example 0.6 */
  words: number;
  /** Its likeness to the question by the vector side.
   * @example 0.4 */
  vector: number;
  /** What the passages beside it add.
   * @example 0.05 */
  context: number;
  /** Above 1: it tells a time or a number, and the question asks for one.
   * @example 1 */
  time: number;
}

/** A passage that was found. */
export class PassageHitView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  documentId: string;
  /** @example "Annual report 2021" */
  documentTitle: string;
  /** @example "report-2021.pdf" */
  documentName: string;
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  collectionId: string;
  /** The passage's number in the document, from 1.
   * @example 17 */
  n: number;
  /** The headings that it stands under, the outermost first.
   * @example ["Annual report 2021", "Crane repairs"] */
  heading: string[];
  /** null: its format knows none.
   * @example 12 */
  page: number | null;
  /** `quote` is the document's text from here…
   * @example 1220 */
  starts: number;
  /** …up to here, in UTF-16 units.
   * @example 1297 */
  ends: number;
  /** The whole passage, literally.
   * @example "The harbour's crane broke in March 2021 and was repaired in May." */
  quote: string;
  /** The part of it with most of the question's words, on one line.
   * @example "The harbour's crane broke in March 2021 and was repaired in May." */
  excerpt: string;
  /** The question's words in the excerpt, as they are written there.
   * @example ["crane", "repaired"] */
  matches: string[];
  /** 1 for the best hit.
   * @example 1 */
  score: number;
  /** Share of the question's words that it holds, each by how rare it is among the passages.
   * @example 1 */
  coverage: number;
  parts: PassageScoreParts;

  static of(this: void, hit: Hit): PassageHitView {
    const { documentId, title, name, collectionId, n, heading, page, starts, ends, content, excerpt, matches } = hit;
    const { words, vector, context, time } = hit.parts;
    return {
      documentId,
      documentTitle: title,
      documentName: name,
      collectionId,
      n,
      heading,
      page,
      starts,
      ends,
      quote: content,
      excerpt,
      matches: [...matches],
      score: short(hit.score),
      coverage: short(hit.coverage),
      parts: { words: short(words), vector: short(vector), context: short(context), time },
    };
  }
}

/** A word that occurs nowhere. */
export class CorrectedView {
  /** @example "crnae" */
  word: string;
  /** What was looked for in its place.
   * @example ["crane"] */
  as: string[];
}

/** What was found, best first. */
export class DocumentSearchView {
  data: PassageHitView[];
  /** What the vector side was: embeddings of the model that is set up, or runs of characters, which need none.
   * @example "ngrams" */
  vectors: 'ngrams' | 'embeddings';
  /** Why the embeddings that are set up were not used; null: they were, or none are.
   * @example null */
  degraded: string | null;
  /** Documents that are still to be read, and are not found yet, or not as they will be.
   * @example 0 */
  pending: number;
  /** Words of the question that were taken for misspelled. */
  corrected: CorrectedView[];

  static of(this: void, { hits, vectors, degraded, pending, corrected }: Found): DocumentSearchView {
    return {
      data: hits.map(PassageHitView.of),
      vectors,
      degraded,
      pending,
      corrected: corrected.map(({ word, as }) => ({ word, as: [...as] })),
    };
  }
}

const short = (value: number): number => Math.round(value * 10_000) / 10_000;
