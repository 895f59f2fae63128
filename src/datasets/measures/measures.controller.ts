import { Body, Controller, Delete, Param, Patch, Post } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { AcceptedVersions, ChangesVersion } from '../../common/etag.js';
import { uuidParam } from '../../common/uuid-param.js';
import { DatasetView } from '../dataset.dto.js';
import { ChangeMeasure, CreateMeasure } from './measures.dto.js';
import { MeasuresService } from './measures.service.js';

@Controller('api/v1/datasets')
export class MeasuresController {
  constructor(private readonly measures: MeasuresService) {}

  /**
   * Defines a measure: a number that is worked out of a data set's columns by a formula. It stands among the columns, and questions
   * and analytical queries may ask for it as for any other. A division by zero has no value.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `dataset_not_found`
   * @throws {409} `measure_exists`: a column has this name.
   * @throws {412} `version_mismatch`
   * @throws {422} `formula_invalid`: `position` (from 1) says where; `synonym_taken`, `too_many_measures`, `query_invalid`,
   * `query_too_slow`
   */
  @Post(':id/measures')
  @ChangesVersion()
  async create(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() { name, ...measure }: CreateMeasure,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<DatasetView> {
    return DatasetView.of(await this.measures.create(actor, id, name, measure, accepted));
  }

  /**
   * Changes a measure.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `dataset_not_found`, `measure_not_found`
   * @throws {412} `version_mismatch`
   * @throws {422} `formula_invalid`: `position` (from 1) says where; `synonym_taken`, `query_invalid`, `query_too_slow`
   */
  @Patch(':id/measures/:name')
  @ChangesVersion()
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('name') name: string,
    @Body() change: ChangeMeasure,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<DatasetView> {
    return DatasetView.of(await this.measures.change(actor, id, name, change, accepted));
  }

  /**
   * Deletes a measure; the data set as it is then.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `dataset_not_found`, `measure_not_found`
   * @throws {412} `version_mismatch`
   */
  @Delete(':id/measures/:name')
  @ChangesVersion()
  async remove(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Param('name') name: string,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<DatasetView> {
    return DatasetView.of(await this.measures.remove(actor, id, name, accepted));
  }
}
