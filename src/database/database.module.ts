import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { Db } from './db.js';
import { migrate } from './migrate.js';
import { connectionOptions } from './options.js';

/** The connection and `Db`, for every module. Pending migrations have run when it is ready. */
@Global()
@Module({})
export class DatabaseModule {
  static at(url: string): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [Config],
          useFactory: (config: Config) => ({
            ...connectionOptions(url, config.database),
            autoLoadEntities: true,
            retryAttempts: 5,
            retryDelay: 500,
          }),
          dataSourceFactory: async (options) => {
            if (options === undefined) throw new Error('no connection options');
            const source = await new DataSource(options).initialize();
            await migrate(source);
            return source;
          },
        }),
      ],
      providers: [Db],
      exports: [Db],
    };
  }
}
