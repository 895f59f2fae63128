import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { AcceptedVersions, ChangesVersion } from '../../common/etag.js';
import { decodeCursor, toPage } from '../../common/page.js';
import { uuidParam } from '../../common/uuid-param.js';
import { REFRESH_SCHEMA } from '../upload/upload-docs.js';
import { Uploads } from '../upload/uploads.js';
import { Refreshes } from './refreshes.service.js';
import { ListVersions, RefreshedDatasetView, VersionPage, VersionView } from './versions.dto.js';

@Controller('api/v1/datasets')
export class VersionsController {
  constructor(
    private readonly refreshes: Refreshes,
    private readonly uploads: Uploads,
  ) {}

  /**
   * Gives a data set other rows; it keeps its id and name, and its version moves on. `replace` takes any table (what the owner said
   * of columns stays with those of the same name and type); `append` adds the file's rows; `upsert` puts each in the place of the
   * row with the same `key`, or adds it. The last two need the same columns, in any order. Old rows answer until the new ones are
   * there, all at once; when anything fails nothing has changed.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `dataset_not_found`
   * @throws {409} `dataset_changed`: by someone else, meanwhile; `dataset_external`: its rows are in an external source.
   * @throws {412} `version_mismatch`
   * @throws {413} `too_large`
   * @throws {415} `unsupported_media_type`: not a form.
   * @throws {422} `columns_differ`: `errors` names them; `key_unknown`, `key_missing`, `key_not_unique`; and what an upload says of
   * a file.
   */
  @Post(':id/refresh')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: REFRESH_SCHEMA })
  @ChangesVersion()
  refresh(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Req() request: FastifyRequest,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<RefreshedDatasetView> {
    return this.uploads.refresh(actor, id, request, accepted);
  }

  /**
   * The versions of a data set, newest first: when and how each came about. The rows of the last ones are kept, and a query may
   * name such a version.
   * @throws {404} `dataset_not_found`
   */
  @Get(':id/versions')
  async versions(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Query() query: ListVersions,
  ): Promise<VersionPage> {
    const { limit = 20, cursor } = query;
    const [before] = cursor === undefined ? [] : decodeCursor(cursor, ['number']);
    const rows = await this.refreshes.list(actor, id, limit, before === undefined ? null : Number(before));
    return toPage(rows, limit, (row) => [row.version], VersionView.of);
  }
}
