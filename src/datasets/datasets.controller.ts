import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { AcceptedVersions, ChangesVersion, VersionTag } from '../common/etag.js';
import { IdempotencyKey, TakesIdempotencyKey } from '../common/idempotency-key.js';
import { decodeCursor, toPage } from '../common/page.js';
import { uuidParam } from '../common/uuid-param.js';
import { DatasetPage, DatasetSummaryView, DatasetView, RowPage, RowView, UploadedDatasetView } from './dataset.dto.js';
import { ListDatasets, ListRows, UpdateDataset } from './dataset-inputs.dto.js';
import { ResultSetView } from './result.dto.js';
import { DatasetsService } from './datasets.service.js';
import { parseQuery } from './query/query-body.js';
import { QUERY_EXAMPLES, QUERY_SCHEMA } from './query/query-docs.js';
import { UPLOAD_SCHEMA } from './upload/upload-docs.js';
import { Uploads } from './upload/uploads.js';

@Controller('api/v1/datasets')
export class DatasetsController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly uploads: Uploads,
  ) {}

  /**
   * Uploads a table (CSV, JSON, JSON Lines, .xlsx or Parquet, told by the file's content) and makes a data set of it. Encoding,
   * delimiter, header, types, dates, thousands separators, percent and currency signs are detected; `report` says how the file was
   * understood, with the lines that did not fit, and `preview` shows the first rows. All of it is kept, or nothing.
   * @throws {403} `admin_only`: a shared one.
   * @throws {409} `upload_under_way`: the same, by its key.
   * @throws {413} `too_large`
   * @throws {415} `unsupported_media_type`: not a form.
   * @throws {422} The file is no table: `file_empty`, `format_unsupported`, `not_text`, `no_columns`, `too_many_columns`,
   * `rows_too_wide`, `csv_malformed`, `json_malformed`, `json_no_table`, `json_too_deep`, `xlsx_malformed`, `sheet_unknown`,
   * `parquet_malformed`, `file_too_large_inside`, `file_too_complex`; or `idempotency_mismatch`: the key was used for another upload.
   */
  @Post()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: UPLOAD_SCHEMA })
  @UseInterceptors(VersionTag)
  @TakesIdempotencyKey()
  upload(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @IdempotencyKey() key: string | undefined,
  ): Promise<UploadedDatasetView> {
    return this.uploads.receive(actor, request, key);
  }

  /** The data sets one can ask about: one's own, newest first, then the shared ones. */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: ListDatasets): Promise<DatasetPage> {
    const { limit = 20, cursor } = query;
    const [part, id] = cursor === undefined ? [] : decodeCursor(cursor, ['number', 'uuid']);
    const rows = await this.datasets.list(actor, limit, part === undefined ? null : [Number(part), String(id)]);
    return toPage(rows, limit, (row) => [row.shared ? 1 : 0, row.id], DatasetSummaryView.of);
  }

  /**
   * One data set, with its columns and how its file was understood.
   * @throws {404} `dataset_not_found`
   */
  @Get(':id')
  @UseInterceptors(VersionTag)
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<DatasetView> {
    return DatasetView.of(await this.datasets.get(actor, id));
  }

  /**
   * Corrects what a data set and its columns mean; every change is a version.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `dataset_not_found`
   * @throws {412} `version_mismatch`: it was changed since the `If-Match` was read.
   * @throws {422} `column_unknown`, `column_twice`, `column_role_unfit`, `column_parent_unfit`
   */
  @Patch(':id')
  @ChangesVersion()
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() change: UpdateDataset,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<DatasetView> {
    return DatasetView.of(await this.datasets.edit(actor, id, change, accepted));
  }

  /**
   * Deletes a data set with its rows.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `dataset_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.datasets.remove(actor, id);
  }

  /**
   * The rows of a data set, in the order of the file.
   * @throws {404} `dataset_not_found`, `dataset_version_not_found`
   */
  @Get(':id/rows')
  async rows(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() query: ListRows,
  ): Promise<RowPage> {
    const { limit = 100, cursor, version } = query;
    const [after = 0] = cursor === undefined ? [] : decodeCursor(cursor, ['number']);
    const { columns, rows } = await this.datasets.rows(actor, id, limit, Number(after), version);
    return toPage(
      rows,
      limit,
      ({ rowNumber }) => [rowNumber],
      ({ rowNumber, values }) => RowView.of(columns, rowNumber, values),
    );
  }

  /**
   * Runs an analytical query: columns, aggregates, filters, groups, order. It is checked against the columns and becomes one
   * read-only statement with a time and a row limit. `version` asks the rows as an earlier answer saw them (its `datasetVersion`).
   * @throws {404} `dataset_not_found`, `dataset_version_not_found`: not there, or its rows are kept no more.
   * @throws {422} `query_invalid`: `errors` names the part; `query_too_slow`, `dataset_mismatch`
   */
  @Post(':id/query')
  @HttpCode(200)
  @ApiBody({ schema: QUERY_SCHEMA, examples: QUERY_EXAMPLES })
  async query(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() body: unknown,
  ): Promise<ResultSetView> {
    const { query, version } = parseQuery(id, body);
    return ResultSetView.of(await this.datasets.run(actor, query, version));
  }
}
