import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { Collection } from './collections/collection.entity.js';
import { CollectionsController } from './collections/collections.controller.js';
import { CollectionsService } from './collections/collections.service.js';
import { CollectionsStore } from './collections/collections.store.js';
import { Document, DocumentSource, DocumentText, DocumentWord, Passage, PassageVector } from './document.entity.js';
import { DocumentUploads } from './document-uploads.js';
import { DocumentsController } from './documents.controller.js';
import { DocumentsService } from './documents.service.js';
import { DocumentsStore } from './documents.store.js';
import { IngestService } from './ingestion/ingest.service.js';
import { IngestionKeeper } from './ingestion/ingestion-keeper.js';
import { IngestionStore } from './ingestion/ingestion.store.js';
import { ParserService } from './parsing/parser.service.js';
import { RemovalsService } from './removals.service.js';
import { PassageEmbeddings } from './search/passage-embeddings.js';
import { PassageEmbeddingsStore } from './search/passage-embeddings.store.js';
import { SearchService } from './search/search.service.js';
import { SearchStore } from './search/search.store.js';

/** Texts that users may ask about. */
@Module({
  imports: [
    AuthModule,
    TypeOrmModule.forFeature([Collection, Document, DocumentSource, DocumentText, DocumentWord]),
    TypeOrmModule.forFeature([Passage, PassageVector]),
  ],
  controllers: [CollectionsController, DocumentsController],
  providers: [
    RemovalsService,
    CollectionsStore,
    CollectionsService,
    DocumentsStore,
    DocumentsService,
    DocumentUploads,
    ParserService,
    IngestionStore,
    IngestService,
    IngestionKeeper,
    PassageEmbeddingsStore,
    PassageEmbeddings,
    SearchStore,
    SearchService,
  ],
  exports: [CollectionsService, DocumentsService, RemovalsService, SearchService],
})
export class DocumentsModule {}
