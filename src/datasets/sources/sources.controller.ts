import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { AdminOnly, CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { VersionTag } from '../../common/etag.js';
import { decodeCursor, toPage } from '../../common/page.js';
import { uuidParam } from '../../common/uuid-param.js';
import { DatasetView } from '../dataset.dto.js';
import { ExternalDatasets } from './external-datasets.service.js';
import {
  ChangeSource,
  CreateExternalDataset,
  ListSources,
  ListTables,
  RefreshedSourceView,
  RegisterSource,
  SourcePage,
  SourceTablePage,
  SourceTableView,
  SourceView,
} from './sources.dto.js';
import { SourcesService } from './sources.service.js';

@Controller('api/v1/sources')
@AdminOnly()
export class SourcesController {
  constructor(
    private readonly sources: SourcesService,
    private readonly external: ExternalDatasets,
  ) {}

  /**
   * Registers a PostgreSQL database (13 or newer) as a source of data that is read and never written: its tables become data sets
   * whose rows stay there. Only servers that the setting `EXTERNAL_SOURCES_HOSTS` names can be. The role must be no superuser;
   * `warnings` tells what else than reading it could do. Administrators only.
   * @throws {409} `source_name_taken`
   * @throws {422} `sources_off`: the setting names no server; `source_not_allowed`, `source_url_invalid`, `source_role_unfit`,
   * `source_too_old`, `source_schema_unknown`, `source_refused`, `source_unavailable`, `source_too_slow`
   */
  @Post()
  async register(@CurrentActor() actor: Actor, @Body() source: RegisterSource): Promise<SourceView> {
    return SourceView.of(await this.sources.register(actor, source));
  }

  /** The sources, by name. Administrators only. */
  @Get()
  async list(@Query() { limit = 20, cursor }: ListSources): Promise<SourcePage> {
    const [after = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['string']);
    return toPage(await this.sources.list(limit, String(after)), limit, ({ name }) => [name], SourceView.of);
  }

  /**
   * One source. Administrators only.
   * @throws {404} `source_not_found`
   */
  @Get(':id')
  async get(@Param('id', uuidParam) id: string): Promise<SourceView> {
    return SourceView.of(await this.sources.get(id));
  }

  /**
   * Changes how a source is reached, or its limits; it is checked as a new one is. Its data sets stay. Administrators only.
   * @throws {404} `source_not_found`
   * @throws {422} what registering one may answer; `source_secret_unreadable`: give its `url` again.
   */
  @Patch(':id')
  async change(@Param('id', uuidParam) id: string, @Body() change: ChangeSource): Promise<SourceView> {
    return SourceView.of(await this.sources.change(id, change));
  }

  /**
   * Deletes a source with the data sets that are its tables, whoever they belong to. Nothing changes there. Administrators only.
   * @throws {404} `source_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', uuidParam) id: string): Promise<void> {
    return this.sources.remove(id);
  }

  /**
   * The tables and views of a source's schemas that its role may read, by schema and name. Administrators only.
   * @throws {404} `source_not_found`
   * @throws {422} `source_unavailable`, `source_refused`, `source_too_slow`, `source_not_allowed`
   */
  @Get(':id/tables')
  async tables(
    @Param('id', uuidParam) id: string,
    @Query() { limit = 20, cursor }: ListTables,
  ): Promise<SourceTablePage> {
    const [schema = '', table = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['string', 'string']);
    const found = await this.sources.tables(id, limit, [String(schema), String(table)]);
    return toPage(found, limit, (one) => [one.schema, one.table], SourceTableView.of);
  }

  /**
   * Makes a data set of a table or view of a source. Its rows stay there: each query runs there, read-only, in the source's time
   * and row limits. Columns of other types than numbers, texts, dates and booleans are left out (`report.notes`). Administrators
   * only.
   * @throws {404} `source_not_found`, `source_table_not_found`
   * @throws {422} `source_table_unfit`, `source_unavailable`, `source_refused`, `source_too_slow`, `source_not_allowed`
   */
  @Post(':id/datasets')
  @UseInterceptors(VersionTag)
  async createDataset(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() { shared = false, ...about }: CreateExternalDataset,
  ): Promise<DatasetView> {
    return DatasetView.of(await this.external.create(shared ? null : actor.id, actor.id, id, about));
  }

  /**
   * Looks again at the tables of a source that data sets were made of: their columns and the values that questions may name. What
   * owners said of columns stays. This is done by itself from time to time, too (`EXTERNAL_SOURCES_REFRESH_MINUTES`).
   * Administrators only.
   * @throws {404} `source_not_found`
   * @throws {422} `source_not_allowed`
   */
  @Post(':id/refresh')
  @HttpCode(200)
  async refresh(@Param('id', uuidParam) id: string): Promise<RefreshedSourceView> {
    return RefreshedSourceView.of(await this.external.refresh(id));
  }
}
