import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { IdempotencyKey, TakesIdempotencyKey } from '../common/idempotency-key.js';
import { decodeCursor, toPage } from '../common/page.js';
import { Problem } from '../common/problem.js';
import { uuidParam } from '../common/uuid-param.js';
import {
  AddText,
  CitedView,
  DocumentPage,
  DocumentTextView,
  DocumentView,
  GetPassage,
  ListDocuments,
  ListPassages,
  PassagePage,
  PassageView,
  UPLOAD_SCHEMA,
  UpdateDocument,
} from './document.dto.js';
import { DocumentUploads } from './document-uploads.js';
import { DocumentsService } from './documents.service.js';
import { DocumentSearchView, SearchDocuments } from './search/search.dto.js';
import { SearchService } from './search/search.service.js';

@Controller('api/v1/documents')
export class DocumentsController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly uploads: DocumentUploads,
    private readonly search: SearchService,
  ) {}

  /**
   * Uploads a document: PDF, Word (.docx), HTML, Markdown or plain text, told by its content. It is read in the background
   * (`status`, `progress`). One of the same name in the collection is replaced, and answers until the new one is ready.
   * @throws {403} `admin_only`: into a shared collection.
   * @throws {404} `collection_not_found`
   * @throws {409} `documents_full`: you keep as many, or as much, as one may; `upload_under_way`: the same, by its key.
   * @throws {413} `too_large`
   * @throws {415} `unsupported_media_type`: not a form; `unsupported_type`, `old_word`: not such a document.
   * @throws {422} `file_empty`, `encrypted`, `damaged`, as far as a glance tells; `idempotency_mismatch`: the key was used for
   * another upload.
   */
  @Post()
  @HttpCode(202)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: UPLOAD_SCHEMA })
  @TakesIdempotencyKey()
  async upload(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @IdempotencyKey() key: string | undefined,
  ): Promise<DocumentView> {
    return DocumentView.of(await this.uploads.receive(actor, request, key));
  }

  /**
   * Adds a text as it is: plain, Markdown or HTML. The rest is as with a file.
   * @throws {403} `admin_only`: into a shared collection.
   * @throws {404} `collection_not_found`
   * @throws {409} `documents_full`: you keep as many, or as much, as one may.
   */
  @Post('text')
  @HttpCode(202)
  async addText(@CurrentActor() actor: Actor, @Body() { text, ...about }: AddText): Promise<DocumentView> {
    return DocumentView.of(await this.documents.add(actor, { ...about, content: Buffer.from(text), isText: true }));
  }

  /**
   * The documents one can read, newest first.
   * @throws {404} `collection_not_found`
   */
  @Get()
  async list(
    @CurrentActor() actor: Actor,
    @Query() { collectionId, limit = 20, cursor }: ListDocuments,
  ): Promise<DocumentPage> {
    const [before = null] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
    const rows = await this.documents.list(actor, collectionId, limit, before === null ? null : String(before));
    return toPage(rows, limit, ({ id }) => [id], DocumentView.of);
  }

  /**
   * Finds the passages that a question is about: by words in any of their forms, by spelling, and by embeddings where they
   * are set up. Quotes are literally in the document's text.
   * @throws {404} `collection_not_found`
   */
  @Get('search')
  async find(
    @CurrentActor() actor: Actor,
    @Query() { q, collectionId, limit = 10 }: SearchDocuments,
  ): Promise<DocumentSearchView> {
    const collectionIds = collectionId === undefined ? undefined : [collectionId];
    return DocumentSearchView.of(await this.search.search(actor, { query: q, collectionIds, limit }));
  }

  /**
   * One document.
   * @throws {404} `document_not_found`
   */
  @Get(':id')
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<DocumentView> {
    return DocumentView.of(await this.documents.get(actor, id));
  }

  /**
   * Gives it another title.
   * @throws {403} `admin_only`: in a shared collection.
   * @throws {404} `document_not_found`
   */
  @Patch(':id')
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() { title }: UpdateDocument,
  ): Promise<DocumentView> {
    return DocumentView.of(await this.documents.entitle(actor, id, title));
  }

  /**
   * Deletes a document with all that was made of it. Answers that quote it stay, in whoever's conversations they are, and say
   * in place of the quotes that a document was removed; summaries and what memory finds them by are made anew; reports that
   * were made of it, or of such answers, are deleted. A document that is replaced by another upload keeps its quotes.
   * @throws {403} `admin_only`: in a shared collection.
   * @throws {404} `document_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.documents.remove(actor, id);
  }

  /**
   * The text of a document, with its headings.
   * @throws {404} `document_not_found`
   * @throws {409} `not_ready`: it could not be read yet.
   */
  @Get(':id/text')
  async text(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<DocumentTextView> {
    const text = await this.documents.text(actor, id);
    if (text === null) throw new Problem(409, 'not_ready', 'This document could not be read yet; see its status.');
    return { documentId: id, content: text.content, outline: text.outline };
  }

  /**
   * The passages of a document, in their order.
   * @throws {404} `document_not_found`
   */
  @Get(':id/passages')
  async passages(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() { limit = 20, cursor }: ListPassages,
  ): Promise<PassagePage> {
    const [after = 0] = cursor === undefined ? [] : decodeCursor(cursor, ['number']);
    const rows = await this.documents.passages(actor, id, Number(after), limit);
    return toPage(rows, limit, ({ n }) => [n], PassageView.of);
  }

  /**
   * Opens a citation: one passage, with those around it.
   * @throws {404} `document_not_found`, `passage_not_found`
   */
  @Get(':id/passages/:n')
  @ApiParam({ name: 'n', type: 'integer', description: 'Its number in the document, from 1.', example: 17 })
  async passage(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('n') n: string,
    @Query() { around = 1 }: GetPassage,
  ): Promise<CitedView> {
    return CitedView.of(await this.documents.passage(actor, id, Number(n), around));
  }
}
