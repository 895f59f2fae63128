import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { PersonasModule } from '../personas/personas.module.js';
import { ChartsController } from './charts/charts.controller.js';
import { ChartsService } from './charts/charts.service.js';
import { ChatController } from './chat.controller.js';
import { ChatService } from './chat.service.js';
import { HistoryService } from './history.service.js';
import { Run } from './runs/run.entity.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsService } from './runs/runs.service.js';
import { RunsStore } from './runs/runs.store.js';

@Module({
  imports: [TypeOrmModule.forFeature([Run]), AuthModule, PersonasModule, DatasetsModule, ConversationsModule],
  controllers: [ChatController, RunsController, ChartsController],
  providers: [ChatService, HistoryService, RunsService, RunsStore, ChartsService],
  exports: [ChatService],
})
export class ChatModule {}
