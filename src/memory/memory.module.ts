import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { PersonasModule } from '../personas/personas.module.js';
import { ContextController } from './context/context.controller.js';
import { ContextService } from './context/context.service.js';

/** What a turn may see of everything that its user ever said here. */
@Module({
  imports: [PersonasModule, DatasetsModule, ConversationsModule],
  controllers: [ContextController],
  providers: [ContextService],
  exports: [ContextService],
})
export class MemoryModule {}
