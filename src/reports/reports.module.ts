import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChatModule } from '../chat/chat.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DatasetsModule } from '../datasets/datasets.module.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { PersonasModule } from '../personas/personas.module.js';
import { UsersModule } from '../users/users.module.js';
import { MakerService } from './making/maker.service.js';
import { ReportKeeper } from './making/report-keeper.js';
import { OutdatedReports } from './outdated/outdated-reports.service.js';
import { OutdatedReportsStore } from './outdated/outdated-reports.store.js';
import { ReportFile, ReportRecord } from './report.entity.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';
import { ReportsStore } from './reports.store.js';
import { ReportSchedule } from './schedules/schedule.entity.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { SchedulesService } from './schedules/schedules.service.js';
import { SchedulesStore } from './schedules/schedules.store.js';
import { SourcesService } from './sources/sources.service.js';
import { ReportWriter } from './writing/writer.service.js';

/** What was found out, as something to hand on. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ReportRecord, ReportFile, ReportSchedule]),
    UsersModule,
    PersonasModule,
    DatasetsModule,
    DocumentsModule,
    ConversationsModule,
    MemoryModule,
    ChatModule,
  ],
  controllers: [ReportsController, SchedulesController],
  providers: [
    ReportsStore,
    SourcesService,
    ReportWriter,
    MakerService,
    ReportKeeper,
    ReportsService,
    OutdatedReportsStore,
    OutdatedReports,
    SchedulesStore,
    SchedulesService,
  ],
})
export class ReportsModule {}
