import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Dataset, InstalledSample, SharedDataset } from './dataset.entity.js';
import { DatasetQueries } from './dataset-queries.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsService } from './datasets.service.js';
import { DatasetsStore } from './datasets.store.js';
import { Samples } from './samples.js';
import { Uploads } from './upload/uploads.js';

@Module({
  imports: [TypeOrmModule.forFeature([Dataset, SharedDataset, InstalledSample])],
  controllers: [DatasetsController],
  providers: [DatasetsStore, DatasetQueries, DatasetsService, Uploads, Samples],
  exports: [DatasetsService],
})
export class DatasetsModule {}
