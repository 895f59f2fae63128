import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { PersonasModule } from '../personas/personas.module.js';
import { BranchesController } from './branches/branches.controller.js';
import { BranchesService } from './branches/branches.service.js';
import { BranchesStore } from './branches/branches.store.js';
import { Conversation } from './conversation.entity.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsService } from './conversations.service.js';
import { ConversationsStore } from './conversations.store.js';
import { ErasureService } from './erasure/erasure.service.js';
import { ErasureStore } from './erasure/erasure.store.js';
import { ScrubsService } from './erasure/scrubs.service.js';
import { ScrubsStore } from './erasure/scrubs.store.js';
import { Message } from './message.entity.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { MessagesStore } from './messages.store.js';

@Module({
  imports: [TypeOrmModule.forFeature([Conversation, Message]), AuthModule, PersonasModule, DocumentsModule],
  controllers: [ConversationsController, MessagesController, BranchesController],
  providers: [
    ConversationsStore,
    MessagesStore,
    BranchesStore,
    ErasureStore,
    ScrubsStore,
    ScrubsService,
    ConversationsService,
    MessagesService,
    BranchesService,
    ErasureService,
  ],
  exports: [ConversationsService, MessagesService, BranchesService, ErasureService, ScrubsService],
})
export class ConversationsModule {}
