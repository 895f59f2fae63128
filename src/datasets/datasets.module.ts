import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { Dataset, InstalledSample, SharedDataset } from './dataset.entity.js';
import { DatasetQueries } from './dataset-queries.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsService } from './datasets.service.js';
import { DatasetsStore } from './datasets.store.js';
import { LevelsController } from './hierarchies/levels.controller.js';
import { Levels } from './hierarchies/levels.service.js';
import { KnownDatasets } from './known-datasets.service.js';
import { RelatedDatasets } from './relations/related-datasets.service.js';
import { RelationChecks } from './relations/relation-checks.service.js';
import { DatasetRelation, SharedDatasetRelation } from './relations/relation.entity.js';
import { RelationFinder } from './relations/relation-finder.service.js';
import { RelationMeasures } from './relations/relation-measures.service.js';
import { RelationsController } from './relations/relations.controller.js';
import { RelationsService } from './relations/relations.service.js';
import { RelationsStore } from './relations/relations.store.js';
import { Samples } from './samples.js';
import { ExternalDatasets } from './sources/external-datasets.service.js';
import { SecretBox } from './sources/secret-box.js';
import { ExternalSource } from './sources/source.entity.js';
import { SourcePools } from './sources/source-pools.js';
import { SourcesController } from './sources/sources.controller.js';
import { SourcesService } from './sources/sources.service.js';
import { SourcesStore } from './sources/sources.store.js';
import { Uploads } from './upload/uploads.js';
import { MeasuresController } from './measures/measures.controller.js';
import { MeasuresService } from './measures/measures.service.js';
import { DatasetVersion, SharedDatasetVersion } from './versions/dataset-version.entity.js';
import { Refreshes } from './versions/refreshes.service.js';
import { VersionsController } from './versions/versions.controller.js';
import { VersionsStore } from './versions/versions.store.js';

@Module({
  imports: [
    AuthModule,
    TypeOrmModule.forFeature([
      Dataset,
      SharedDataset,
      InstalledSample,
      DatasetVersion,
      SharedDatasetVersion,
      DatasetRelation,
      SharedDatasetRelation,
      ExternalSource,
    ]),
  ],
  controllers: [
    DatasetsController,
    VersionsController,
    RelationsController,
    LevelsController,
    MeasuresController,
    SourcesController,
  ],
  providers: [
    DatasetsStore,
    VersionsStore,
    DatasetQueries,
    KnownDatasets,
    RelationsStore,
    RelationMeasures,
    RelationChecks,
    RelationFinder,
    RelatedDatasets,
    Levels,
    RelationsService,
    DatasetsService,
    Refreshes,
    MeasuresService,
    SourcesStore,
    SourcePools,
    SourcesService,
    ExternalDatasets,
    SecretBox,
    Uploads,
    Samples,
  ],
  exports: [DatasetsService],
})
export class DatasetsModule {}
