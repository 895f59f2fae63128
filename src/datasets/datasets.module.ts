import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { Dataset, InstalledSample, SharedDataset } from './dataset.entity.js';
import { DatasetQueries } from './dataset-queries.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsService } from './datasets.service.js';
import { DatasetsStore } from './datasets.store.js';
import { KnownDatasets } from './known-datasets.service.js';
import { Samples } from './samples.js';
import { Uploads } from './upload/uploads.js';
import { DatasetVersion, SharedDatasetVersion } from './versions/dataset-version.entity.js';
import { Refreshes } from './versions/refreshes.service.js';
import { VersionsController } from './versions/versions.controller.js';
import { VersionsStore } from './versions/versions.store.js';

@Module({
  imports: [
    AuthModule,
    TypeOrmModule.forFeature([Dataset, SharedDataset, InstalledSample, DatasetVersion, SharedDatasetVersion]),
  ],
  controllers: [DatasetsController, VersionsController],
  providers: [
    DatasetsStore,
    VersionsStore,
    DatasetQueries,
    KnownDatasets,
    DatasetsService,
    Refreshes,
    Uploads,
    Samples,
  ],
  exports: [DatasetsService],
})
export class DatasetsModule {}
