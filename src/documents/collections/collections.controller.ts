import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { CurrentActor } from '../../common/access.js';
import type { Actor } from '../../common/actor.js';
import { AcceptedVersions, ChangesVersion, VersionTag } from '../../common/etag.js';
import { ListQuery } from '../../common/page.dto.js';
import { decodeCursor, toPage } from '../../common/page.js';
import { uuidParam } from '../../common/uuid-param.js';
import { CollectionPage, CollectionView, CreateCollection, UpdateCollection } from './collection.dto.js';
import { CollectionsService } from './collections.service.js';

@Controller('api/v1/collections')
export class CollectionsController {
  constructor(private readonly collections: CollectionsService) {}

  /**
   * Makes a collection for documents.
   * @throws {403} `admin_only`: a shared one.
   * @throws {409} `name_taken`
   */
  @Post()
  @UseInterceptors(VersionTag)
  async create(@CurrentActor() actor: Actor, @Body() body: CreateCollection): Promise<CollectionView> {
    return CollectionView.of(await this.collections.create(actor, body));
  }

  /** The collections one can read: one's own, newest first, then the shared ones. */
  @Get()
  async list(@CurrentActor() actor: Actor, @Query() { limit = 20, cursor }: ListQuery): Promise<CollectionPage> {
    const [part, id] = cursor === undefined ? [] : decodeCursor(cursor, ['number', 'uuid']);
    const rows = await this.collections.list(actor, limit, part === undefined ? null : [Number(part), String(id)]);
    return toPage(rows, limit, (row) => [row.shared ? 1 : 0, row.id], CollectionView.of);
  }

  /**
   * One collection.
   * @throws {404} `collection_not_found`
   */
  @Get(':id')
  @UseInterceptors(VersionTag)
  async get(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<CollectionView> {
    return CollectionView.of(await this.collections.get(actor, id));
  }

  /**
   * Changes its name or description.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `collection_not_found`
   * @throws {409} `name_taken`
   * @throws {412} `version_mismatch`: it was changed since the `If-Match` was read.
   */
  @Patch(':id')
  @ChangesVersion()
  async edit(
    @CurrentActor() actor: Actor,
    @Param('id', uuidParam) id: string,
    @Body() change: UpdateCollection,
    @AcceptedVersions() accepted: number[] | null,
  ): Promise<CollectionView> {
    return CollectionView.of(await this.collections.edit(actor, id, change, accepted));
  }

  /**
   * Deletes a collection with its documents, and with what was made of these as for each document, and all reports of it
   * with their schedules.
   * @throws {403} `admin_only`: a shared one.
   * @throws {404} `collection_not_found`
   */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @Param('id', uuidParam) id: string): Promise<void> {
    return this.collections.remove(actor, id);
  }
}
