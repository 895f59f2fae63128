import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import type { Config } from './config/config.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { DatabaseModule } from './database/database.module.js';
import { CacheModule } from './cache/cache.module.js';
import { LlmModule } from './llm/llm.module.js';
import { UsersModule } from './users/users.module.js';
import { AuthModule } from './auth/auth.module.js';
import { PersonasModule } from './personas/personas.module.js';
import { DocumentsModule } from './documents/documents.module.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { MemoryModule } from './memory/memory.module.js';
import { ChatModule } from './chat/chat.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { CompatModule } from './compat/compat.module.js';
import { HealthModule } from './health/health.module.js';

/** The map: a module may use only those above it. */
@Module({})
export class AppModule {
  static with(config: Config, databaseUrl: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        MetricsModule,
        DatabaseModule.at(databaseUrl),
        CacheModule,
        LlmModule,
        UsersModule,
        AuthModule,
        PersonasModule,
        DocumentsModule,
        DatasetsModule,
        ConversationsModule,
        MemoryModule,
        ChatModule,
        ReportsModule,
        CompatModule,
        HealthModule,
      ],
    };
  }
}
