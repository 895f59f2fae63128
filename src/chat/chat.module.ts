import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { UsersModule } from '../users/users.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { PersonasModule } from '../personas/personas.module.js';
import { ChartsController } from './charts/charts.controller.js';
import { ChartsService } from './charts/charts.service.js';
import { ChatController } from './chat.controller.js';
import { ChatService } from './chat.service.js';
import { ErasureController } from './erasure/erasure.controller.js';
import { MessageErasure } from './erasure/message-erasure.service.js';
import { HistoryService } from './history.service.js';
import { InstanceRecord, Run, RunEventRecord } from './runs/run.entity.js';
import { InstancesStore } from './runs/instances.store.js';
import { RunKeeper } from './runs/run-keeper.js';
import { RunSignals } from './runs/run-signals.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsService } from './runs/runs.service.js';
import { RunEventsStore } from './runs/run-events.store.js';
import { RunsStore } from './runs/runs.store.js';
import { PassagesService } from './passages.service.js';
import { PastService } from './past.service.js';
import { SaidService } from './said.service.js';
import { IntakeService } from './intake.service.js';
import { RepeatsService } from './repeats.service.js';
import { SpeakersService } from './speakers.service.js';
import { TurnsService } from './turns.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Run, RunEventRecord, InstanceRecord]),
    AuthModule,
    UsersModule,
    PersonasModule,
    DatasetsModule,
    DocumentsModule,
    ConversationsModule,
    MemoryModule,
  ],
  controllers: [ChatController, RunsController, ChartsController, ErasureController],
  providers: [
    ChatService,
    IntakeService,
    RepeatsService,
    TurnsService,
    HistoryService,
    PassagesService,
    PastService,
    SaidService,
    SpeakersService,
    RunsService,
    RunEventsStore,
    RunsStore,
    RunSignals,
    RunKeeper,
    InstancesStore,
    ChartsService,
    MessageErasure,
  ],
  exports: [ChatService, RunsService, MessageErasure],
})
export class ChatModule {}
