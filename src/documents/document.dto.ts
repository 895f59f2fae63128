import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { Optional } from '../common/optional.js';
import { ListQuery, PageOf } from '../common/page.dto.js';
import { DOCUMENT_STATUSES, type DocumentStatus } from './document.entity.js';
import type { DocumentRow, PassageRow } from './documents.store.js';
import type { Cited } from './documents.service.js';
import { FORMATS, type Format } from './parsing/detect.js';

const VISIBLE = /[^\s\p{C}]/u;

/** A form has text only; empty is left out. */
const Blank = () => Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));
const Lower = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value));

/** The form's fields beside `file`. */
export class UploadDocument {
  /** The collection to put it in.
   * @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  @Lower()
  @IsUUID()
  collectionId: string;

  /** For people; the document's own when left out.
   * @example "Annual report 2021" */
  @Blank()
  @Optional()
  @IsString()
  @Length(1, 300)
  @Matches(VISIBLE, { message: 'title must hold something visible' })
  title?: string;
}

/** A text as it is, without a file. */
export class AddText {
  /** The collection to put it in.
   * @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  @Lower()
  @IsUUID()
  collectionId: string;

  /** Unique in its collection: the document that has it already becomes this one.
   * @example "minutes-2021-03-04.md" */
  @IsString()
  @Length(1, 300)
  @Matches(VISIBLE, { message: 'name must hold something visible' })
  name: string;

  /** For people; the document's own when left out.
   * @example "Minutes of 4 March 2021" */
  @Optional()
  @IsString()
  @Length(1, 300)
  @Matches(VISIBLE, { message: 'title must hold something visible' })
  title?: string;

  /** @example "# Minutes\n\nThe harbour's crane broke in March 2021 and was repaired in May." */
  @IsString()
  @Length(1, 5_000_000)
  @Matches(VISIBLE, { message: 'text must hold something visible' })
  text: string;

  /** How it is written; found out when left out.
   * @example "markdown" */
  @Optional()
  @IsIn(['text', 'markdown', 'html'])
  format?: 'text' | 'markdown' | 'html';
}

export class UpdateDocument {
  /** For people; null: the document's own.
   * @example "Annual report 2021" */
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @Length(1, 300)
  @Matches(VISIBLE, { message: 'title must hold something visible' })
  title: string | null;
}

export class ListDocuments extends ListQuery {
  /** Only this collection's; all that you can read when left out. */
  @IsOptional()
  @Lower()
  @IsUUID()
  collectionId?: string;
}

export class ListPassages {
  /** How many to give at most. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number = 20;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string;
}

export class GetPassage {
  /** How many passages before and after it to give. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10)
  around?: number = 1;
}

/** Why the last upload could not be read. */
export class DocumentErrorView {
  /** @example "encrypted" */
  code: string;
  /** What to do about it.
   * @example "The file is protected by a password; save it without one and upload it again." */
  message: string;
}

/** How far the last upload is. */
export class ProgressView {
  /** Passages that are indexed.
   * @example 120 */
  done: number;
  /** Of how many; null: that is not known yet.
   * @example 120 */
  total: number | null;
}

@ApiExtraModels(DocumentErrorView)
export class DocumentView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  id: string;
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  collectionId: string;
  /** The file's; unique in its collection.
   * @example "report-2021.pdf" */
  name: string;
  /** @example "Annual report 2021" */
  title: string;
  /** Whether everybody may read it.
   * @example false */
  shared: boolean;
  /** Of the last upload.
   * @example "ready" */
  @ApiProperty({ enum: DOCUMENT_STATUSES })
  status: DocumentStatus;
  /** Why the last upload could not be read; null: it could, or that is not known yet. */
  @ApiProperty({
    type: 'object',
    allOf: [{ $ref: getSchemaPath(DocumentErrorView) }],
    nullable: true,
    additionalProperties: true,
  })
  error: DocumentErrorView | null;
  progress: ProgressView;
  /** Since when it can be found; null: not yet. While another upload of it is read, the one before is found.
   * @example "2026-11-21T09:30:04.000Z" */
  readyAt: Date | null;
  /** Of what is found; null: nothing yet.
   * @example "pdf" */
  @ApiProperty({ enum: FORMATS, nullable: true })
  format: Format | null;
  /** The language that its words are looked for in.
   * @example "english" */
  language: string | null;
  /** Of the file.
   * @example 482133 */
  bytes: number;
  /** null: its format knows none.
   * @example 48 */
  pages: number | null;
  /** Of its text, in UTF-16 units.
   * @example 96120 */
  characters: number;
  /** @example 21450 */
  tokens: number;
  /** Passages that can be found.
   * @example 240 */
  passageCount: number;
  /** @example "2026-11-21T09:30:00.000Z" */
  createdAt: Date;
  /** @example "2026-11-21T09:30:04.000Z" */
  updatedAt: Date;

  static of(this: void, row: DocumentRow): DocumentView {
    const { id, collectionId, name, title, shared, status, done, total, readyAt, format, language, bytes } = row;
    const { pages, characters, tokens, passages, createdAt, updatedAt, errorCode, errorMessage } = row;
    return {
      id,
      collectionId,
      name,
      title,
      shared,
      status,
      error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
      progress: { done, total },
      readyAt,
      format,
      language,
      bytes,
      pages,
      characters,
      tokens,
      passageCount: passages,
      createdAt,
      updatedAt,
    };
  }
}

export class DocumentPage extends PageOf(DocumentView) {}

export class OutlineView {
  /** 1 to 6.
   * @example 2 */
  level: number;
  /** @example "Crane repairs" */
  title: string;
  /** Where it is in the text, in UTF-16 units.
   * @example 1204 */
  starts: number;
  /** @example 12 */
  page: number | null;
}

export class DocumentTextView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  documentId: string;
  /** The whole text: paragraphs with an empty line between.
   * @example "Annual report 2021\n\nThe harbour's crane broke in March 2021." */
  content: string;
  /** Its headings. */
  outline: OutlineView[];
}

export class PassageView {
  /** Its number in the document, from 1.
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
  /** @example "The harbour's crane broke in March 2021 and was repaired in May." */
  quote: string;

  static of(this: void, { n, heading, page, starts, ends, content }: PassageRow): PassageView {
    return { n, heading: [...heading], page, starts, ends, quote: content };
  }
}

export class PassagePage extends PageOf(PassageView) {}

/** A passage in its place. */
export class CitedView {
  document: DocumentView;
  passage: PassageView;
  /** Those just before it, in their order. */
  before: PassageView[];
  /** Those just after it. */
  after: PassageView[];

  static of(this: void, { document, passage, before, after }: Cited): CitedView {
    return {
      document: DocumentView.of(document),
      passage: PassageView.of(passage),
      before: before.map(PassageView.of),
      after: after.map(PassageView.of),
    };
  }
}

/** Schema of the upload form. */
export const UPLOAD_SCHEMA = {
  type: 'object',
  required: ['collectionId', 'file'],
  properties: {
    collectionId: { type: 'string', format: 'uuid', example: '019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51' },
    title: {
      type: 'string',
      maxLength: 300,
      description: "For people; the document's own when left out.",
      example: 'Annual report 2021',
    },
    file: { type: 'string', format: 'binary', description: 'PDF, Word (.docx), HTML, Markdown or plain text.' },
  },
};
